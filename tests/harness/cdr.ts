// Asterisk's Master.csv as tests need it: single lines, and whole files with what real ones hold.

import { runOk } from "./process.ts";
import type { Chance } from "./seed.ts";

export interface Cdr {
  accountcode: string;
  src: string;
  dst: string;
  dcontext: string;
  clid: string;
  channel: string;
  dstchannel: string;
  lastapp: string;
  lastdata: string;
  start: string;
  answer: string;
  end: string;
  duration: number;
  billsec: number;
  disposition: string;
  amaflags: string;
  uniqueid: string;
  userfield: string;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** As cdr_csv writes it: texts and times in quotes, an absent time and numbers bare. */
export function cdrCsv(facts: Partial<Cdr> = {}): string {
  const cdr: Cdr = {
    accountcode: "harbor",
    src: "1001",
    dst: "+15550100",
    dcontext: "from-internal",
    clid: '"Ana" <1001>',
    channel: "PJSIP/1001-0000002a",
    dstchannel: "PJSIP/trunk-0000002b",
    lastapp: "Dial",
    lastdata: "PJSIP/+15550100@trunk,60",
    start: "2026-03-10 08:12:40",
    answer: "2026-03-10 08:12:45",
    end: "2026-03-10 08:13:45",
    duration: 65,
    billsec: 60,
    disposition: "ANSWERED",
    amaflags: "DOCUMENTATION",
    uniqueid: "1773130360.42",
    userfield: "",
    ...facts,
  };
  return Object.entries<string | number>({ ...cdr })
    .map(([name, value]) => {
      if (typeof value === "number") return String(value);
      return name === "answer" && value === "" ? "" : quoted(value);
    })
    .join(",");
}

const DAY_S = 86_400;
const FIRST_S = Date.UTC(2026, 0, 1) / 1000;

function wall(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** One call of a random client at a random time: answered in most cases. */
function randomCdr(dice: Chance, accounts: readonly [string, ...string[]], number: number): Partial<Cdr> {
  const start = FIRST_S + dice.int(0, 60 * DAY_S);
  const ringing = dice.int(1, 40);
  const isAnswered = !dice.oneIn(4);
  const billsec = isAnswered ? dice.int(0, 1800) : 0;
  const disposition = isAnswered ? "ANSWERED" : dice.pick(["NO ANSWER", "BUSY", "FAILED", "CONGESTION"]);
  return {
    accountcode: dice.pick(accounts),
    src: String(dice.int(1000, 1999)),
    dst: `+1555${String(dice.int(0, 9_999_999)).padStart(7, "0")}`,
    dcontext: dice.pick(["from-internal", "from-trunk", "from-pstn-1"]),
    start: wall(start),
    answer: isAnswered ? wall(start + ringing) : "",
    end: wall(start + ringing + billsec),
    duration: ringing + billsec,
    billsec,
    disposition,
    uniqueid: `${start}.${number}`,
  };
}

export interface CdrFile {
  bytes: Buffer;
  /** Lines, not empty ones; of them those that make a call, and those that are one again. */
  lines: number;
  good: number;
  repeated: number;
}

/**
 * `count` lines as they are found: quotes within names, bytes of Latin-1, CRLF here and there, empty lines, lines that
 * come twice, and about one in a hundred that is no call at all. Every good line keeps one physical line, begins with
 * its account code, and has 18 columns, of which none holds a comma before the last six.
 */
export function messyCdrFile(dice: Chance, accounts: readonly [string, ...string[]], count: number): CdrFile {
  const chunks: Buffer[] = [];
  let [good, repeated, previous] = [0, 0, ""];
  const put = (line: string): void =>
    void chunks.push(Buffer.from(`${line}${dice.oneIn(20) ? "\r\n" : "\n"}`, "latin1"));

  for (let number = 0; number < count; number += 1) {
    if (dice.oneIn(500)) put(dice.pick(["", "   ", "\r"]));
    if (dice.oneIn(100)) {
      put(brokenLine(dice, accounts, number));
    } else if (previous !== "" && dice.oneIn(200)) {
      put(previous);
      repeated += 1;
    } else {
      previous = cdrCsv({ ...randomCdr(dice, accounts, number), ...oddities(dice) });
      put(previous);
      good += 1;
    }
  }
  return { bytes: Buffer.concat(chunks), lines: count, good, repeated };
}

/** What is strange about a line and harmless. */
function oddities(dice: Chance): Partial<Cdr> {
  return dice.pick<Partial<Cdr>>([
    {},
    {},
    { clid: '"Jos\u00e9 ""El Jefe"" N\u00fa\u00f1ez" <1001>' },
    { clid: '"M\u00fcller; Sohn" <1002>', userfield: "caf\u00e9" },
    { clid: "", src: "" },
    { lastapp: "VoiceMail", lastdata: "1001@default;u" },
    { userfield: 'a "note"; with |odd| \\ signs' },
    { amaflags: "BILLING" },
    { dst: "s" },
  ]);
}

/** A line that must be refused; none of them closes a quote that the next line could open. */
function brokenLine(dice: Chance, accounts: readonly [string, ...string[]], number: number): string {
  const cdr = randomCdr(dice, accounts, number);
  const whole = cdrCsv(cdr);
  return dice.pick([
    () => "Mar 10 08:12:40 pbx asterisk[812]: WARNING cdr.c: out of disk space",
    () => whole.slice(0, dice.int(20, 80)).replaceAll('"', ""),
    () => cdrCsv({ ...cdr, accountcode: "" }),
    () => cdrCsv({ ...cdr, accountcode: "nobody-knows" }),
    () => cdrCsv({ ...cdr, start: "0000-00-00 00:00:00" }),
    () => cdrCsv({ ...cdr, billsec: -5 }),
    () => cdrCsv({ ...cdr, billsec: 4_294_967_295, disposition: "ANSWERED" }),
    () => cdrCsv({ ...cdr, disposition: "UNKNOWN" }),
    () => cdrCsv({ ...cdr, disposition: "NO ANSWER", billsec: 30 }),
    () => `\0\0\0\0\0\0\0\0${whole}`,
    () => `${whole},"one","two","three","four"`,
  ])();
}

/**
 * Seconds of talk by account code, as awk sums them: answered calls of the accounts, once for each uniqueid. It knows
 * nothing of CSV but that the last nine values of a good line hold no comma.
 */
export async function awkSums(path: string, accounts: readonly string[]): Promise<Record<string, number>> {
  const program = `
    BEGIN { FS = ","; count = split(accounts, names, " "); for (i = 1; i <= count; i++) sum["\\"" names[i] "\\""] = 0 }
    !($1 in sum) || NF < 18 { next }
    $(NF - 3) != "\\"ANSWERED\\"" || $(NF - 8) !~ /^"20/ { next }
    { billsec = $(NF - 4); uniqueid = $(NF - 1) }
    billsec !~ /^[0-9]+$/ || billsec > 86400 || uniqueid in seen { next }
    { seen[uniqueid] = 1; sum[$1] += billsec }
    END { for (name in sum) printf "%s %d\\n", name, sum[name] }`;
  const out = await runOk("awk", ["-v", `accounts=${accounts.join(" ")}`, program, path], {
    env: { ...process.env, LC_ALL: "C" },
  });
  return Object.fromEntries(
    out
      .trim()
      .split("\n")
      .map((line) => {
        const [name = "", seconds = ""] = line.split(" ");
        return [name.replaceAll('"', ""), Number(seconds)];
      }),
  );
}
