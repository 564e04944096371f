// kill -9 in the middle of purchases, moves and removals: what was answered is there once, what was not is there once or not at
// all, and whoever repeats it under the same Idempotency-Key ends where the first time would have.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { isConnectionLost, ok, type Client } from "../harness/client.ts";
import { addSubaccount, sell, walletOf, type Purchase, type Subaccount } from "../harness/scene.ts";
import { chance, steps } from "../harness/seed.ts";

const KILLS = 20;
const WORKERS = 6;

const app = await startApp();
const dice = chance("kill -9 in the middle of the books");
let owner = await app.ownerClient();

/** One thing that somebody means to do, in steps that can each be asked for again. */
interface Intent {
  what: "buy" | "move" | "remove";
  key: string;
  seconds: number;
  /** What the steps before have told. */
  told: Map<string, string>;
}

/** Somebody with two accounts of their own, which nobody else touches. */
interface Worker {
  name: string;
  accounts: [string, string];
  expected: [number, number];
  removed: string[];
  done: Record<Intent["what"], number>;
}

async function newWorker(i: number): Promise<Worker> {
  const made = async (end: string): Promise<string> => (await addSubaccount(owner, `Worker ${i} ${end}`)).id;
  const accounts: [string, string] = [await made("a"), await made("b")];
  for (const account of accounts) await sell(owner, account, "premium", 6000);
  return { name: `Worker ${i}`, accounts, expected: [6000, 6000], removed: [], done: { buy: 0, move: 0, remove: 0 } };
}

const workers: Worker[] = [];
for (let i = 0; i < WORKERS; i += 1) workers.push(await newWorker(i));

const newIntent = (): Intent => ({
  what: dice.pick(["buy", "move", "remove"]),
  key: randomUUID(),
  seconds: dice.int(1, 60),
  told: new Map(),
});

/** Carries it out from where it had come to, or once more: each step is asked for under a key of its own. */
async function carryOut(client: Client, worker: Worker, intent: Intent): Promise<void> {
  const { accounts, expected } = worker;
  const [from, to] = accounts;
  const post = async <Body>(step: string, path: string, body?: object): Promise<Body> =>
    ok(await client.post<Body>(path, body, { headers: { "Idempotency-Key": `${intent.key}-${step}` } }));
  const buy = async (account: string): Promise<void> => {
    const order = { tier: "premium", seconds: intent.seconds };
    const { id } = await post<Purchase>("order", `/v1/subaccounts/${account}/purchases`, order);
    assert.equal(intent.told.get("order") ?? id, id, "one order, whenever it is asked about");
    intent.told.set("order", id);
    assert.equal((await post<Purchase>("pay", `/v1/purchases/${id}/mark_paid`)).state, "succeeded");
  };
  if (intent.what === "buy") {
    await buy(from);
    expected[0] += intent.seconds;
  } else if (intent.what === "move") {
    const { seconds } = intent;
    await post("move", "/v1/minute_moves", { from, to, tier: "premium", seconds, received_seconds: seconds });
    expected[0] -= seconds;
    expected[1] += seconds;
  } else {
    const account = { name: intent.key, email: `${intent.key}@client.example` };
    const { id } = await post<Subaccount>("add", "/v1/subaccounts", account);
    await buy(id);
    const received = { premium_seconds: intent.seconds };
    const gone = await post<Subaccount>("remove", `/v1/subaccounts/${id}/remove`, { minutes_to: to, received });
    assert.equal(gone.status, "removed");
    worker.removed.push(id);
    expected[1] += intent.seconds;
  }
  worker.done[intent.what] += 1;
}

/** Does one thing after the other until the server dies; what it was about then. */
async function workUntilDeath(client: Client, worker: Worker): Promise<Intent> {
  for (;;) {
    const intent = newIntent();
    try {
      await carryOut(client, worker, intent);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      return intent;
    }
  }
}

async function expectBooks(client: Client): Promise<void> {
  for (const { name, accounts, expected } of workers) {
    for (const [i, account] of accounts.entries()) {
      assert.equal((await walletOf(client, account)).premium_seconds, expected[i], `${name}, account ${i}`);
    }
  }
  const named = await app.store.query("SELECT name, COUNT(*) AS n FROM subaccounts GROUP BY name HAVING COUNT(*) <> 1");
  assert.deepEqual(named, [], "no account was added twice");
  const left = "SELECT s.id FROM subaccounts s JOIN ledger_accounts a ON a.owner_id = s.id";
  assert.deepEqual(await app.store.query(`${left} WHERE s.status = 'removed' AND a.balance <> 0`), []);
  const [removed] = await app.store.query("SELECT COUNT(*) AS n FROM subaccounts WHERE status = 'removed'");
  assert.equal(
    Number(removed?.["n"]),
    workers.reduce((sum, worker) => sum + worker.removed.length, 0),
  );
}

const kills = steps(KILLS);

for (let round = 1; round <= kills; round += 1) {
  test(`kill ${round} of ${kills}: every purchase, move and removal is there once, or is once it is repeated`, async () => {
    const working = workers.map((worker) => workUntilDeath(app.client().carrying(owner), worker));
    await sleep(dice.int(30, 500));
    await app.crash();
    const intents = await Promise.all(working);

    owner = app.client().carrying(owner);
    await Promise.all(workers.map((worker, i) => carryOut(owner, worker, intents[i] as Intent)));
    await expectBooks(owner);
  });
}

test("each of them happened between the kills", (t) => {
  const total = { buy: 0, move: 0, remove: 0 };
  for (const { done } of workers) for (const what of ["buy", "move", "remove"] as const) total[what] += done[what];
  t.diagnostic(`covered: ${kills} kills amid ${total.buy} purchases, ${total.move} moves, ${total.remove} removals`);
  for (const [what, n] of Object.entries(total)) assert.ok(n >= kills, `${what}: ${n}`);
});
