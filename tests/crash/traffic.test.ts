// Minutes, or with MB_TEST_STEPS=60 an hour, of a switch's traffic by the test clock: two thousand calls at a time are asked for, extended every minute and ended, by
// engines that repeat themselves, die and come back, on a server that is killed. No wallet is below zero but by talk beyond
// what was held, and every second is accounted for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { isConnectionLost, ok, type Client, type Problem, type Reply } from "../harness/client.ts";
import { setClock } from "../harness/jobs.ts";
import { addSubaccount, call, sell, type CallResults, type Reservation, type Subaccount } from "../harness/scene.ts";
import { chance, steps } from "../harness/seed.ts";

const MINUTES = steps(20);
const TICK_S = 10;
const KILLS = 3;
/** New calls in a tick: as many as end, once the lines are full. */
const NEW_CALLS = 160;
const MEAN_TALK_S = 130;
const ACCOUNTS = 40;
const ENGINES = 8;
const CONNECTIONS = 24;
const ASKED_S = 60;
const EXTENDED_S = 60;
/** An engine asks for more this long before what was granted runs out. */
const AHEAD_S = 20;
const LATE_S = 900;
const NARROW_LINES = 25;
/** The test clock goes on while it is looked. */
const PASSING_MS = 30_000;
/** The rest of the replies are held to the description elsewhere: it takes longer than the requests. */
const DESCRIBED_ONE_IN = 50;

const app = await startApp({ args: ["--test-clock"] });
const dice = chance("an hour of traffic");
let owner = await app.ownerClient();
const scopes = ["reservations:write", "calls:write"];
const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: "switch", scopes }));

interface Account {
  id: string;
  bought: number;
  /** Seconds of calls that are recorded. */
  used: number;
  /** Of them, talk that nothing was held for any more. */
  beyond: number;
}

interface Line {
  n: number;
  account: Account;
  engine: number;
  began: number;
  /** How long they would talk if nobody stopped them. */
  natural_s: number;
  /** Its engine lets them talk on when there is no more. */
  isHeedless: boolean;
  held?: string;
  granted_s: number;
  /** What is held is let go then, also while they talk on. */
  expires: number;
  extensions: number;
  isOutOfMinutes: boolean;
  due: number;
  /** Its engine died and reports it long after the hold has expired. */
  isLate: boolean;
}

const accounts: Account[] = [];
for (let i = 0; i < ACCOUNTS; i += 1) {
  const { id } = await addSubaccount(owner, `Client ${i}`);
  // Every fourth runs dry.
  const bought = i % 4 === 0 ? dice.int(2_000, 40_000) : 500_000;
  await sell(owner, id, "premium", bought);
  if (i % 10 === 9) ok(await owner.patch(`/v1/subaccounts/${id}`, { concurrency_limit: NARROW_LINES }));
  accounts.push({ id, bought, used: 0, beyond: 0 });
}

// Ahead of true time, which a server that was started again begins with.
let now = Date.now() + 86_400_000;
await setClock(app, new Date(now));

const seen = { calls: 0, busiest: 0, refused: new Map<string, number>(), repeated: 0, late: 0, forgotten: 0 };
const lines = new Set<Line>();
let clients: Client[] = [];

function connect(): void {
  clients = Array.from({ length: CONNECTIONS }, () => app.client({ key: secret }));
}

/** As an engine sends it; now and then twice at once, as one that is not sure. */
async function send<Body>(client: Client, path: string, body: object, key?: string): Promise<Reply<Body>> {
  const options = {
    headers: key === undefined ? {} : { "Idempotency-Key": key },
    isDescribed: dice.oneIn(DESCRIBED_ONE_IN),
  };
  const once = (): Promise<Reply<Body>> => client.post<Body>(path, body, options);
  if (!dice.oneIn(20)) return once();
  seen.repeated += 1;
  const [one, other] = await Promise.all([once(), once()]);
  return one.status < 300 ? one : other;
}

/** What was held, or why nothing was. */
function answered(reply: Reply<Reservation>): Reservation | undefined {
  if (reply.status < 300) return reply.body;
  const { code } = reply.body as unknown as Problem;
  assert.equal(reply.status, 409, JSON.stringify(reply.body));
  assert.ok(["insufficient_minutes", "concurrency_limit"].includes(code), code);
  seen.refused.set(code, (seen.refused.get(code) ?? 0) + 1);
  return undefined;
}

const endOf = (line: Line): number => {
  const stops = line.isOutOfMinutes && !line.isHeedless;
  return line.began + 1000 * (stops ? Math.min(line.natural_s, line.granted_s) : line.natural_s);
};

function plan(line: Line): void {
  const extendAt = line.began + 1000 * (line.granted_s - AHEAD_S);
  const mustExtend = !line.isOutOfMinutes && line.natural_s > line.granted_s;
  line.due = mustExtend ? Math.min(extendAt, endOf(line)) : endOf(line);
}

async function ask(client: Client, line: Line): Promise<void> {
  const body = { subaccount: line.account.id, tier: "premium", direction: "inbound", seconds: ASKED_S };
  const held = answered(await send<Reservation>(client, "/v1/reservations", body, `ask-${line.n}`));
  if (held === undefined) {
    lines.delete(line);
    return;
  }
  assert.ok(held.granted_seconds > 0 && held.granted_seconds <= ASKED_S);
  line.held = held.id;
  line.granted_s = held.granted_seconds;
  line.expires = Date.parse(held.expires_at);
  plan(line);
}

async function extend(client: Client, line: Line): Promise<void> {
  const path = `/v1/reservations/${line.held ?? ""}/extend`;
  const longer = answered(
    await send<Reservation>(client, path, { seconds: EXTENDED_S }, `extend-${line.n}-${line.extensions}`),
  );
  line.extensions += 1;
  const before = line.granted_s;
  line.granted_s = longer?.granted_seconds ?? before;
  line.expires = longer ? Date.parse(longer.expires_at) : line.expires;
  line.isOutOfMinutes = line.granted_s < before + EXTENDED_S;
  plan(line);
}

async function end(client: Client, line: Line): Promise<void> {
  const duration_seconds = Math.round((endOf(line) - line.began) / 1000);
  const body = call({
    ...{ id: `call-${line.n}`, subaccount: line.account.id, duration_seconds },
    ...{ reservation: line.held ?? null, started_at: new Date(line.began).toISOString() },
  });
  const { results } = ok(await send<CallResults>(client, "/v1/calls", [body]));
  const [result] = results;
  assert.ok(result && ["accepted", "duplicate"].includes(result.status), JSON.stringify(results));
  lines.delete(line);
  line.account.used += duration_seconds;
  line.account.beyond += line.expires <= now ? duration_seconds : Math.max(0, duration_seconds - line.granted_s);
  seen.late += Number(line.isLate);
}

async function step(client: Client, line: Line): Promise<void> {
  if (line.held === undefined) await ask(client, line);
  else if (line.isLate || endOf(line) <= now) await end(client, line);
  else await extend(client, line);
}

/** All that is due, over all connections; what found nobody to answer it is given back. */
async function work(due: Line[]): Promise<Line[]> {
  const unanswered: Line[] = [];
  await Promise.all(
    clients.map(async (client) => {
      for (let line = due.pop(); line; line = due.pop()) {
        try {
          await step(client, line);
        } catch (error) {
          if (!isConnectionLost(error)) throw error;
          unanswered.push(line);
        }
      }
    }),
  );
  return unanswered;
}

function newLines(): void {
  const mayBegin = Array.from({ length: NEW_CALLS }, (): Line => {
    const account = accounts[dice.int(0, ACCOUNTS - 1)] as Account;
    return {
      ...{ n: ++seen.calls, account, engine: dice.int(0, ENGINES - 1), began: now, due: now, expires: 0 },
      ...{ natural_s: dice.int(0, 2 * MEAN_TALK_S), isHeedless: dice.oneIn(10), granted_s: 0, extensions: 0 },
      ...{ isOutOfMinutes: false, isLate: false },
    };
  });
  for (const line of mayBegin) lines.add(line);
}

/** An engine dies: of its calls it knows half when it is back, long after what was held for them has been let go. */
function engineDies(): void {
  const engine = dice.int(0, ENGINES - 1);
  for (const line of [...lines].filter((each) => each.engine === engine && each.held !== undefined && !each.isLate)) {
    if (dice.oneIn(2)) {
      seen.forgotten += 1;
      lines.delete(line);
    } else {
      line.natural_s = Math.min(line.natural_s, Math.round((now - line.began) / 1000));
      Object.assign(line, { isLate: true, isHeedless: true, due: now + 1000 * LATE_S });
    }
  }
}

const talking = (): Line[] => [...lines].filter((line) => line.held !== undefined && !line.isLate);

async function everySecondIsThere(): Promise<void> {
  const { data } = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?limit=500&kind=secondary"));
  assert.equal(data.length, ACCOUNTS);
  for (const { id, wallet } of data) {
    const account = accounts.find((each) => each.id === id) as Account;
    const { premium_seconds, held_premium_seconds } = wallet;
    assert.equal(premium_seconds + held_premium_seconds, account.bought - account.used, id);
    const granted = talking().filter((line) => line.account === account && line.expires > now + PASSING_MS);
    const held = granted.reduce((sum, line) => sum + line.granted_s, 0);
    assert.ok(held_premium_seconds >= held, `${id}: ${held_premium_seconds} s held, ${held} s granted`);
    assert.ok(premium_seconds >= -account.beyond, `${id}: ${premium_seconds} s left, ${account.beyond} s beyond holds`);
  }
}

async function goOn(seconds: number): Promise<void> {
  const clock = ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: seconds }));
  now = new Date(clock.now).getTime();
}

async function tick(isKilled: boolean): Promise<void> {
  await goOn(TICK_S);
  const due = [...lines].filter((line) => line.due <= now);
  const working = work(due);
  if (isKilled) {
    await sleep(dice.int(5, 60));
    await app.crash();
    owner = app.client().carrying(owner);
    connect();
    await setClock(app, new Date(now));
  }
  const unanswered = await working;
  assert.ok(isKilled || unanswered.length === 0, "a server that lives answers");
  assert.deepEqual(await work(unanswered), []);
}

test(`${MINUTES} minutes of calls: every second is accounted for, and nobody owes but for talk beyond a hold`, async () => {
  const ticks = (MINUTES * 60) / TICK_S;
  const kills = new Set(Array.from({ length: KILLS }, (_, i) => Math.floor((ticks * (i + 1)) / (KILLS + 1))));
  connect();
  for (let i = 0; i < ticks; i += 1) {
    newLines();
    await tick(kills.has(i));
    seen.busiest = Math.max(seen.busiest, talking().length);
    if (i % 60 === 59) engineDies();
    if (i % 30 === 29 || kills.has(i)) await everySecondIsThere();
  }
});

test("when the last call has ended, and what was forgotten has expired, nothing is held and the sums agree", async (t) => {
  while (lines.size > 0) await tick(false);
  await goOn(LATE_S);
  const held = async (): Promise<bigint> => {
    const [row] = await app.store.query(
      "SELECT COALESCE(SUM(balance), 0) AS held FROM ledger_accounts WHERE account IN (2, 3)",
    );
    return BigInt(row?.["held"] as bigint | string);
  };
  while ((await held()) !== 0n) await sleep(50);
  await everySecondIsThere();
  const [row] = await app.store.query("SELECT COUNT(*) AS n, SUM(billed_seconds) AS billed FROM calls");
  assert.equal(
    Number(row?.["billed"]),
    accounts.reduce((sum, { used }) => sum + used, 0),
  );
  const refusals = [...seen.refused.values()].reduce((sum, n) => sum + n, 0);
  t.diagnostic(`covered: ${JSON.stringify({ ...seen, refused: Object.fromEntries(seen.refused) })}`);
  assert.ok(seen.busiest > (10 * NEW_CALLS * Math.min(1, MINUTES / 10)) / 2 && refusals > 0 && seen.late > 0);
});
