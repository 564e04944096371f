// kill -9 at any moment loses nothing that was acknowledged and counts nothing twice.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { isConnectionLost, ok, type Client, type Reply } from "../harness/client.ts";
import { addSubaccount, call, record, walletOf, type CallRecord, type Purchase } from "../harness/scene.ts";
import { chance, steps } from "../harness/seed.ts";

const KILLS = steps(20);
const SENDERS = 8;
const BATCH_MAX = 40;
const BOUGHT_SECONDS = 600;

const app = await startApp();
const dice = chance("kill -9 under load");
const owner = await app.ownerClient();
const account = (await addSubaccount(owner, "Harbor Dental")).id;
const secret = ok(
  await owner.post<{ secret: string }>("/v1/api_keys", { name: "engine", scopes: ["calls:write"] }),
).secret;

/** What the ledger must say: seconds of calls and of purchases that are surely recorded. */
let used_seconds = 0;
let bought_seconds = 0;
let ids = 0;

function batch(): CallRecord[] {
  return Array.from({ length: dice.int(1, BATCH_MAX) }, () =>
    call({ id: `k-${++ids}`, subaccount: account, duration_seconds: dice.int(0, 900) }),
  );
}

const seconds = (calls: CallRecord[]): number => calls.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0);

/** Sends batches until the server dies; the one whose answer never came. */
async function sendUntilDeath(engine: Client): Promise<CallRecord[]> {
  for (;;) {
    const calls = batch();
    let reply: Reply;
    try {
      reply = await engine.post("/v1/calls", calls);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      return calls;
    }
    assert.equal((ok(reply) as { accepted: number }).accepted, calls.length);
    used_seconds += seconds(calls);
  }
}

interface Intent {
  key: string;
  purchase?: string;
}

/** Buys minutes again and again until the server dies; what it was about to do then. */
async function buyUntilDeath(client: Client): Promise<Intent> {
  for (;;) {
    const intent: Intent = { key: randomUUID() };
    try {
      await buy(client, intent);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      return intent;
    }
  }
}

/** One purchase, paid; a repeat with the same intent must end where the first one would have. */
async function buy(client: Client, intent: Intent): Promise<void> {
  const post = async (path: string, body: unknown, step: string): Promise<Purchase> =>
    ok(await client.post<Purchase>(path, body, { headers: { "Idempotency-Key": `${intent.key}-${step}` } }));
  const body = { tier: "premium", seconds: BOUGHT_SECONDS };
  intent.purchase ??= (await post(`/v1/subaccounts/${account}/purchases`, body, "create")).id;
  const paid = await post(`/v1/purchases/${intent.purchase}/mark_paid`, undefined, "pay");
  assert.equal(paid.state, "succeeded");
  bought_seconds += BOUGHT_SECONDS;
}

async function settle(engine: Client, client: Client, unanswered: CallRecord[][], intent: Intent): Promise<void> {
  for (const calls of unanswered) {
    const { accepted, duplicates } = await record(engine, calls);
    assert.equal(accepted + duplicates, calls.length);
    assert.ok(accepted === 0 || duplicates === 0, "a batch is recorded whole or not at all");
    used_seconds += seconds(calls);
  }
  await buy(client, intent);
}

for (let round = 1; round <= KILLS; round += 1) {
  test(`kill ${round} of ${KILLS}: each acknowledged record and purchase is counted once`, async () => {
    const engine = app.client({ key: secret });
    const client = app.client().carrying(owner);
    const senders = Array.from({ length: SENDERS }, () => sendUntilDeath(engine));
    const buyer = buyUntilDeath(client);
    await sleep(dice.int(2, 120));
    await app.crash();

    const again = app.client().carrying(owner);
    await settle(app.client({ key: secret }), again, await Promise.all(senders), await buyer);
    const { premium_seconds } = await walletOf(again, account);
    assert.equal(premium_seconds, bought_seconds - used_seconds);
  });
}

test("the load reached the server between the kills", () => {
  assert.ok(ids > KILLS * SENDERS);
  assert.ok(bought_seconds >= KILLS * BOUGHT_SECONDS);
});
