// kill -9 while cards are charged and refunded: no charge is lost or made twice, and what the books say is what the
// processor's own book says.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { isConnectionLost, ok, type Client } from "../harness/client.ts";
import { clockOf, jobsSettled, setClock } from "../harness/jobs.ts";
import { idText } from "../harness/rows.ts";
import { addSubaccount, walletOf } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const KILLS = 15;
const BUYERS = 4;
const SECONDS = 600;
const HOUR_MS = 3_600_000;

const folder = await mkdtemp(join(tmpdir(), "cards-"));
after(() => rm(folder, { recursive: true }));
const book = join(folder, "book");
const app = await startApp({ args: ["--test-clock", "--test-cards", book] });
const dice = chance("kill -9 while charging");
const owner = await app.ownerClient();
const account = (await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } })).id;

const NUMBERS = [
  "4242424242424242",
  "4242424242424242",
  "4000000000000002",
  "4000000000000101",
  "4000000000000077",
  "4000000000000341",
  "4000000000005126",
] as const;
const cards: string[] = [];
for (const number of NUMBERS) {
  const card = { number, exp_month: 12, exp_year: 2090 };
  cards.push(ok(await owner.post<{ id: string }>(`/v1/subaccounts/${account}/payment_methods`, card)).id);
}

interface Purchase {
  id: string;
  state: string;
  seconds: number;
}

/** Buys, and gives some of it back, until the server dies. */
async function buyUntilDeath(client: Client): Promise<void> {
  try {
    for (;;) {
      const order = { tier: "premium", seconds: SECONDS, payment_method: cards[dice.int(0, cards.length - 1)] };
      const { id } = ok(await client.post<Purchase>(`/v1/subaccounts/${account}/purchases`, order));
      const { state } = ok(await client.get<Purchase>(`/v1/purchases/${id}?wait=1`));
      if (state === "succeeded" && dice.oneIn(2)) {
        // Another refund may have taken the minutes, or this one be on its way.
        const reply = await client.post(`/v1/purchases/${id}/refund`, dice.oneIn(2) ? {} : { seconds: 100 });
        assert.ok([201, 409].includes(reply.status), reply.bytes.toString());
      }
    }
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
  }
}

interface Line {
  what: string;
  key: string;
  micros: number;
  outcome: string;
}

async function linesOf(): Promise<Line[]> {
  const lines = (await readFile(book, "utf8")).split("\n").filter(Boolean);
  return lines.map((line) => {
    const [what = "", key = "", micros = "", outcome = ""] = line.split(" ");
    return { what, key: key.replace("minutebank-", ""), micros: Number(micros), outcome };
  });
}

for (let round = 1; round <= KILLS; round += 1) {
  test(`kill ${round} of ${KILLS}: the store is sound`, async () => {
    const client = app.client().carrying(owner);
    const buyers = Array.from({ length: BUYERS }, () => buyUntilDeath(client));
    await sleep(dice.int(50, 700));
    await app.crash();
    await Promise.all(buyers);
  });
}

test("all of it ends as the processor's book says, once each", async () => {
  const client = app.client().carrying(owner);
  // Leases of the dead run out, and tries that found nobody come again.
  for (let hour = 0; hour < 12; hour++) {
    await setClock(app, new Date((await clockOf(app)).getTime() + HOUR_MS));
    await jobsSettled(app);
  }

  const lines = await linesOf();
  const charged = lines.filter(({ what, outcome }) => what === "charge" && outcome === "charged");
  const refunded = lines.filter(({ what, outcome }) => what === "refund" && outcome === "refunded");
  const once = (some: Line[]): string[] => {
    const keys = some.map(({ key }) => key).sort();
    assert.deepEqual(keys, [...new Set(keys)], "one line of each key");
    return keys;
  };
  const rows = await app.store.query("SELECT id, state, refunded_seconds FROM purchases");
  const left = rows.filter(({ state }) => !["succeeded", "refunded", "failed"].includes(state as string));
  assert.deepEqual(left, [], "every purchase has ended");
  const paid = rows.filter(({ state }) => state === "succeeded" || state === "refunded");
  assert.deepEqual(once(charged), paid.map(({ id }) => idText("pur", id as bigint)).sort());

  const refunds = await app.store.query("SELECT id, state, amount_micros FROM refunds");
  assert.deepEqual(
    once(refunded),
    refunds
      .filter(({ state }) => state === "succeeded")
      .map(({ id }) => idText("ref", id as bigint))
      .sort(),
  );
  assert.ok(refunds.every(({ state }) => state !== "pending"));

  const sum = (some: Line[]): number => some.reduce((total, { micros }) => total + micros, 0);
  const [cash] = await app.store.query("SELECT balance FROM ledger_accounts WHERE account = 18");
  assert.equal(Number(cash?.["balance"] ?? 0), sum(refunded) - sum(charged));
  const given = rows.reduce((total, { refunded_seconds }) => total + Number(refunded_seconds), 0);
  assert.equal((await walletOf(client, account)).premium_seconds, paid.length * SECONDS - given);
  assert.ok(paid.length > KILLS && refunds.length > 0, `${paid.length} paid, ${refunds.length} refunds`);
});
