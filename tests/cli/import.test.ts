// minutebank import calls: each format, straight into a store and through a running server; what is refused is told,
// and nothing is ever charged twice.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { Books, NOTHING, told, type Used } from "../harness/books.ts";
import { cdrCsv, type Cdr } from "../harness/cdr.ts";
import { ok } from "../harness/client.ts";
import { minutebank } from "../harness/minutebank.ts";
import { binaryUnderTest } from "../harness/paths.ts";
import { runOk, type Finished } from "../harness/process.ts";
import { addSubaccount, call, type Subaccount } from "../harness/scene.ts";

const scratch = await mkdtemp(join(tmpdir(), "minutebank-import-"));
after(() => rm(scratch, { recursive: true }));

let files = 0;

/** A file of these lines. */
async function file(lines: string | Buffer | readonly string[]): Promise<string> {
  const path = join(scratch, `${++files}.csv`);
  await writeFile(path, typeof lines === "string" || Buffer.isBuffer(lines) ? lines : `${lines.join("\n")}\n`);
  return path;
}

const books = await Books.open();
after(() => books.close());

const run = (path: string, ...args: string[]): Promise<Finished> => books.import(path, args);

interface Refused {
  line: number;
  code: string;
  why: string;
  text: string;
}

/** What stands in FILE.rejected. */
async function refusals(path: string): Promise<Refused[]> {
  const rows = (await readFile(`${path}.rejected`, "latin1")).split("\n").slice(0, -1);
  return rows.map((row) => {
    const [line = "", code = "", why = "", ...text] = row.split("\t");
    return { line: Number(line), code, why, text: text.join("\t") };
  });
}

const ASTERISK = ["--format", "asterisk-csv", "--map", "accountcode=subaccount"];

let ids = 0;
const fresh = (facts: Partial<Cdr> = {}): string => cdrCsv({ uniqueid: `1773130360.${++ids}`, ...facts });

/** What a step adds to the seconds that a client has used. */
async function added(reference: string, step: () => Promise<unknown>): Promise<Used> {
  const before = (await books.used())[reference] ?? { basic: 0, premium: 0 };
  await step();
  const now = (await books.used())[reference] ?? { basic: 0, premium: 0 };
  return { basic: now.basic - before.basic, premium: now.premium - before.premium };
}

test("a file of Asterisk's is charged once, however often it is imported", async () => {
  const path = await file([fresh({ billsec: 60 }), fresh({ billsec: 31 }), fresh({ disposition: "BUSY", billsec: 0 })]);
  const harbor = await added("harbor", async () => {
    const first = await run(path, ...ASTERISK);
    assert.equal(first.code, 0, first.stdout + first.stderr);
    assert.deepEqual(told(first), { ...NOTHING, lines: 3, charged: 3 });
    assert.match(first.stdout, /^Harbor Dental +harbor +sub_\w{13} +3 +0 +91$/m);
    assert.match(first.stdout, /^all +3 +0 +91$/m);

    const again = await run(path, ...ASTERISK);
    assert.equal(again.code, 0);
    assert.deepEqual(told(again), { ...NOTHING, lines: 3, duplicates: 3 });
  });
  assert.deepEqual(harbor, { basic: 0, premium: 91 });
  assert.ok(!existsSync(`${path}.rejected`) && !existsSync(`${path}.rejected.part`));
});

test("what the lines say is what the calls say", async () => {
  const facts = { start: "2025-10-26 02:59:30", answer: "2025-10-26 02:59:40", end: "2025-10-26 02:00:30" };
  const path = await file([
    fresh({ ...facts, duration: 60, billsec: 50, dcontext: "from-trunk-1", uniqueid: "pbx-1761440370.9" }),
  ]);
  const done = await run(path, ...ASTERISK, "--timezone", "Europe/Berlin", "--tier", "basic");
  assert.deepEqual(told(done), { ...NOTHING, lines: 1, charged: 1 });

  const seen = await books.visit(async (owner) => {
    const { data } = ok(await owner.get<{ data: Record<string, unknown>[] }>("/v1/calls?q=pbx-1761440370.9"));
    return data[0];
  });
  const { external_id, source, subaccount_name, tier, direction, status, started_at, answered_at, ended_at } =
    seen ?? {};
  assert.deepEqual(
    { external_id, source, subaccount_name, tier, direction, status, started_at, answered_at, ended_at },
    {
      external_id: "pbx-1761440370.9",
      source: "asterisk",
      subaccount_name: "Harbor Dental",
      tier: "basic",
      direction: "inbound",
      status: "completed",
      started_at: "2025-10-26T00:59:30Z",
      answered_at: "2025-10-26T00:59:40Z",
      ended_at: "2025-10-26T01:00:30Z",
    },
  );
  assert.deepEqual(
    [seen?.["duration_seconds"], seen?.["billed_seconds"], seen?.["from"], seen?.["to"]],
    [50, 50, "1001", "+15550100"],
  );
});

test("a column is matched to a sub-account's id, then its reference", async () => {
  const { data } = await books.visit(async (owner) =>
    ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?q=acme")),
  );
  const id = data.find(({ reference }) => reference === "acme")?.id ?? "";
  const path = await file([fresh({ accountcode: id, billsec: 7 }), fresh({ accountcode: "acme", billsec: 9 })]);
  const acme = await added("acme", async () => {
    assert.equal((await run(path, ...ASTERISK)).code, 0);
  });
  assert.equal(acme.premium, 16);
});

test("Twilio's log", async () => {
  const path = await file([
    "Call Sid,Start Time,End Time,Duration,Status,From,To,Direction,Price",
    "CA01,2026-03-10 08:12:45 UTC,2026-03-10 08:13:50 UTC,65,completed,harbor,+1666,outbound-api,-0.02",
    'CA02,"Tue, 10 Mar 2026 08:12:45 +0000",,,no-answer,harbor,+1666,outbound-dial,',
    "CA03,2026-03-10T08:12:45Z,,,in-progress,harbor,+1666,inbound,",
  ]);
  const harbor = await added("harbor", async () => {
    const done = await run(path, "--format", "twilio-csv", "--map", "From=subaccount");
    assert.equal(done.code, 1);
    assert.deepEqual(told(done), { ...NOTHING, lines: 3, charged: 2, rejected: 1 });
  });
  assert.equal(harbor.premium, 65);
  const [header, unfinished] = await refusals(path);
  assert.deepEqual([header?.code, unfinished?.line], ["header", 4]);
  assert.match(unfinished?.why ?? "", /^status: .*not ended/);
});

test("the API's own records", async () => {
  const records = [
    call({ id: "nd-1", subaccount: "harbor", tier: "basic", duration_seconds: 12 }),
    call({ id: "nd-2", subaccount: "harbor", duration_seconds: 30 }),
    { ...call({ id: "nd-3", subaccount: "harbor" }), colour: "red" },
  ];
  const path = await file(records.map((record) => JSON.stringify(record)));
  const harbor = await added("harbor", async () => {
    const done = await run(path, "--format", "minutebank-ndjson");
    assert.deepEqual(told(done), { ...NOTHING, lines: 3, charged: 2, rejected: 1 });
  });
  assert.deepEqual(harbor, { basic: 12, premium: 30 });
  assert.match((await refusals(path))[0]?.why ?? "", /colour/);
});

test("a refused line is told with its number and reason, and stops nothing", async () => {
  const good = fresh({ billsec: 5 });
  const twice = fresh({ billsec: 6 });
  const path = await file([
    good,
    "",
    fresh({ accountcode: "nobody" }),
    "out of disk space",
    fresh({ start: "1970-01-01" }),
    twice,
    twice.replace("+15550100", "+15550199"),
    fresh({ billsec: -1 }),
    good.replace("harbor", "acme"),
    `${fresh().slice(0, -1)}never closed`,
    fresh({ billsec: 7 }),
  ]);
  const harbor = await added("harbor", async () => {
    const done = await run(path, ...ASTERISK);
    assert.equal(done.code, 1);
    assert.deepEqual(told(done), { ...NOTHING, lines: 10, charged: 3, conflicts: 2, rejected: 5 });
    assert.match(done.stdout, /refused lines.*\.rejected$/m);
  });
  assert.equal(harbor.premium, 18);

  const found = await refusals(path);
  assert.deepEqual(
    found.map(({ line, code }) => [line, code]),
    [
      [3, "unknown_subaccount"],
      [4, "invalid"],
      [5, "bad_time"],
      [7, "conflict"],
      [8, "too_small"],
      [9, "conflict"],
      [10, "invalid"],
    ],
  );
  assert.equal(found[1]?.text, "out of disk space");
  for (const { why } of found) assert.match(why, /\.$/);
  assert.equal(found[0]?.why, 'subaccount: There is no sub-account "nobody" here.');
});

test("a corrected line is charged when FILE.rejected is imported in turn", async () => {
  const path = await file([fresh({ billsec: 20 }), fresh({ accountcode: "hrabor", billsec: 40 })]);
  assert.deepEqual(told(await run(path, ...ASTERISK)), { ...NOTHING, lines: 2, charged: 1, rejected: 1 });
  const [row] = await refusals(path);
  const corrected = await file([row?.text.replace("hrabor", "harbor") ?? ""]);
  const harbor = await added("harbor", async () => {
    assert.deepEqual(told(await run(corrected, ...ASTERISK)), { ...NOTHING, lines: 1, charged: 1 });
  });
  assert.equal(harbor.premium, 40);
});

test("FILE.rejected tells of the last run only", async () => {
  const [bad, good] = [fresh({ accountcode: "later" }), fresh()];
  const path = await file([bad, good]);
  for (let round = 0; round < 2; round += 1) {
    await run(path, ...ASTERISK);
    assert.equal((await refusals(path)).length, 1);
  }
  await books.visit((owner) => addSubaccount(owner, "Later", { reference: "later" }));
  assert.deepEqual(told(await run(path, ...ASTERISK)), { ...NOTHING, lines: 2, charged: 1, duplicates: 1 });
  assert.ok(!existsSync(`${path}.rejected`));
});

test("refused lines go where --rejected says, and never over the file itself", async () => {
  const path = await file([fresh({ accountcode: "nobody" })]);
  const elsewhere = join(scratch, "elsewhere");
  assert.equal((await run(path, ...ASTERISK, "--rejected", elsewhere)).code, 1);
  assert.ok(existsSync(elsewhere) && !existsSync(`${path}.rejected`));

  const before = await readFile(path, "utf8");
  const over = await run(path, ...ASTERISK, "--rejected", path);
  assert.equal(over.code, 2);
  assert.equal(await readFile(path, "utf8"), before);
  const nowhere = await run(path, ...ASTERISK, "--rejected", "/nowhere/rejected");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /\/nowhere\/rejected.*--rejected/);
});

test("a dry run tells what would happen, and changes nothing", async () => {
  const twice = fresh({ billsec: 6 });
  const path = await file([
    fresh({ billsec: 5 }),
    twice,
    fresh({ accountcode: "nobody" }),
    twice,
    twice.replace("+15550100", "+15550199"),
    fresh({ accountcode: "acme", billsec: 9 }),
  ]);
  const [calls, used] = [await books.calls(), await books.used()];
  // One line a batch: what comes again in a later one is told too.
  const dry = await run(path, ...ASTERISK, "--dry-run", "--batch", "1");
  assert.deepEqual([await books.calls(), await books.used()], [calls, used]);
  assert.match(dry.stdout, /^dry run: nothing was changed$/m);
  assert.equal(dry.code, 1);
  const expected = await refusals(path);

  const real = await run(path, ...ASTERISK);
  assert.deepEqual(told(dry), told(real));
  assert.deepEqual(await refusals(path), expected);
  assert.deepEqual(told(real), { ...NOTHING, lines: 6, charged: 3, duplicates: 1, conflicts: 1, rejected: 1 });
  const tableOf = (text: string): string => text.slice(text.indexOf("sub-account"));
  assert.equal(tableOf(dry.stdout), tableOf(real.stdout));
});

test("settings come from a file and variables too, in one file with those of other commands", async () => {
  const config = join(scratch, "import.ini");
  await writeFile(
    config,
    `store = ${books.store.url}\nlisten = 127.0.0.1:0\nformat = asterisk-csv\nmap = userfield=subaccount\n`,
  );
  const path = await file([fresh({ accountcode: "", userfield: "harbor", billsec: 8 })]);
  const harbor = await added("harbor", async () => {
    const done = await minutebank(["import", "calls", path, "--config", config], {
      env: { ...process.env, MINUTEBANK_TIER: "basic" },
    });
    assert.deepEqual(told(done), { ...NOTHING, lines: 1, charged: 1 }, done.stderr);
  });
  assert.deepEqual(harbor, { basic: 8, premium: 0 });
  assert.equal((await minutebank(["migrate", "--config", config])).code, 0);
});

test("standard input, with refused lines beside where it runs", async () => {
  const done = await minutebank(["import", "calls", "-", "--store", books.store.url, ...ASTERISK], {
    input: `${fresh({ billsec: 3 })}\n${fresh({ accountcode: "nobody" })}\n`,
    cwd: scratch,
  });
  assert.deepEqual(told(done), { ...NOTHING, lines: 2, charged: 1, rejected: 1 });
  assert.ok(existsSync(join(scratch, "stdin.rejected")));
});

test("lines end in any way, and begin with a byte order mark or not", async () => {
  const [crlf, bom, last] = [fresh({ billsec: 1 }), fresh({ billsec: 2 }), fresh({ billsec: 4 })];
  const latin1 = Buffer.from(fresh({ billsec: 8, clid: '"Jos\u00e9" <1>', dst: "Jos\u00e9" }), "latin1");
  const paths = [await file(`${crlf}\r\n\r\n\r\n`), await file(`\ufeff${bom}\n`), await file(last), await file(latin1)];
  const harbor = await added("harbor", async () => {
    for (const path of paths)
      assert.deepEqual(told(await run(path, ...ASTERISK)), { ...NOTHING, lines: 1, charged: 1 });
  });
  assert.equal(harbor.premium, 15);
});

test("an empty file is nothing to do", async () => {
  const done = await run(await file(""), ...ASTERISK);
  assert.equal(done.code, 0);
  assert.deepEqual(told(done), NOTHING);
});

test("settings that mean nothing are refused before anything is done", async () => {
  const path = await file([fresh()]);
  const calls = await books.calls();
  const refusedBy: [string[], RegExp][] = [
    [[], /--format/],
    [["--format", "csv"], /asterisk-csv, twilio-csv, minutebank-ndjson/],
    [["--format", "asterisk-csv", "--map", "accountcode"], /--map.*accountcode/],
    [["--format", "asterisk-csv", "--map", "accountcode=client"], /--map.*client/],
    [["--format", "asterisk-csv", "--tier", "gold"], /--tier is basic or premium/],
    [["--format", "asterisk-csv", "--direction", "up"], /--direction/],
    [["--format", "asterisk-csv", "--timezone", "Mars/Olympus"], /--timezone/],
    [["--format", "asterisk-csv", "--batch", "0"], /--batch/],
    [["--format", "asterisk-csv", "--url", "http://127.0.0.1:1", "--agency", "agy_x"], /--agency is for --store/],
    [["--format", "minutebank-ndjson", "--map", "id=id"], /--map is for formats with columns/],
    [["--format", "minutebank-ndjson", "--tier", "basic"], /--tier is for formats with columns/],
  ];
  for (const [args, why] of refusedBy) {
    const done = await run(path, ...args);
    assert.equal(done.code, 2, done.stdout + done.stderr);
    assert.match(done.stderr, why);
  }
  const column = await run(path, "--format", "asterisk-csv", "--map", "client=subaccount");
  assert.equal(column.code, 1);
  assert.match(column.stderr, /no column "client"/);
  for (const name of ["agents", "call"]) {
    const done = await minutebank(["import", name, path, "--format", "asterisk-csv"]);
    assert.equal(done.code, 2);
    assert.match(done.stderr, /calls FILE/);
  }
  assert.equal((await minutebank(["import", "calls", ...ASTERISK])).code, 2);
  const missing = await run(join(scratch, "nowhere.csv"), ...ASTERISK);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /nowhere\.csv.*No such file/);
  assert.equal(await books.calls(), calls);
});

/** As the API writes it: 13 digits of Crockford's base 32. */
function agencyId(id: bigint): string {
  const digits = Array.from({ length: 13 }, (_, i) => {
    const digit = Number((id >> BigInt(5 * (12 - i))) & 31n);
    return "0123456789abcdefghjkmnpqrstvwxyz".charAt(digit);
  });
  return `agy_${digits.join("")}`;
}

test("on a terminal a bar shows how far it is, and is gone at the end", async () => {
  const path = await file([fresh(), fresh()]);
  const command = [binaryUnderTest(), ...books.arguments(path, ...ASTERISK, "--batch", "1")].join(" ");
  // What stands on a terminal of its own.
  const screen = await runOk("script", ["-qec", command, "/dev/null"], { cwd: scratch });
  assert.match(screen, /\r\u001b\[K\[#+\.+\] +50 % {2}1 lines, \d+ a second/);
  assert.match(screen, /\r\u001b\[Klines +2\r\n/);
  assert.doesNotMatch((await run(path, ...ASTERISK)).stderr, /\u001b/);
});

test("two imports of one file at once charge each line once", async () => {
  const path = await file(Array.from({ length: 3000 }, () => fresh({ billsec: 1 })));
  const args = [...ASTERISK, "--batch", "50"];
  const harbor = await added("harbor", async () => {
    const both = await Promise.all(["a", "b"].map((name) => run(path, ...args, "--rejected", join(scratch, name))));
    const done = both.filter(({ code }) => code === 0).map(told);
    const busy = both.filter(({ code }) => code !== 0);
    // SQLite has one writer; who came second is told.
    for (const { stderr } of busy) assert.match(stderr, /holds the store/);
    if (books.store.kind === "postgres") assert.deepEqual(busy, []);
    assert.equal(
      done.reduce((sum, { charged }) => sum + charged, 0),
      3000,
    );
  });
  assert.equal(harbor.premium, 3000);
});

test("one agency of several is named", async () => {
  const { store } = books;
  const [row] = await store.query("SELECT id FROM agencies");
  const id = row?.["id"] as bigint;
  await store.query(
    "INSERT INTO agencies (id, name, timezone, plan_code, status, subscription_start, payout_threshold_micros," +
      ` primary_id, version, created_at) SELECT ${id}+1, name, timezone, plan_code, status, subscription_start,` +
      " payout_threshold_micros, primary_id, version, created_at FROM agencies",
  );
  try {
    const path = await file([fresh({ billsec: 3 })]);
    const unnamed = await run(path, ...ASTERISK);
    assert.equal(unnamed.code, 1);
    assert.match(unnamed.stderr, /--agency ID/);
    assert.equal((await run(path, ...ASTERISK, "--agency", "agy_nonsense")).code, 1);
    const named = await run(path, ...ASTERISK, "--agency", agencyId(id));
    assert.deepEqual(told(named), { ...NOTHING, lines: 1, charged: 1 });
  } finally {
    await store.query(`DELETE FROM agencies WHERE id = ${id}+1`);
  }
});
