// kill -9 while calls are asked for, extended, ended and given back: what was granted is held, what was charged is let go, and
// an engine that asks again as it did is told the same.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { isConnectionLost, ok, type Client } from "../harness/client.ts";
import { addSubaccount, call, record, sell, walletOf, type CallRecord, type Reservation } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const KILLS = 12;
const ENGINES = 8;
const BOUGHT = 2_000_000;

const app = await startApp();
const dice = chance("kill -9 while minutes are held");
const owner = await app.ownerClient();
const account = (await addSubaccount(owner, "Harbor Dental")).id;
await sell(owner, account, "premium", BOUGHT);
const input = { name: "engine", scopes: ["reservations:write", "calls:write", "read"] };
const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", input));

/** Seconds of calls that are surely recorded, and of reservations that are surely open. */
let used = 0;
const open = new Map<string, number>();
let ids = 0;

/** A call of an engine, and what it was doing for it when nobody answered any more. */
interface Life {
  n: number;
  held?: Reservation;
  told?: CallRecord;
  isExtended: boolean;
}

async function ask(engine: Client, life: Life): Promise<Reservation> {
  const order = { subaccount: account, tier: "premium", direction: "outbound", seconds: 60 + (life.n % 200) };
  const headers = { "Idempotency-Key": `ask-${life.n}` };
  const held = ok(await engine.post<Reservation>("/v1/reservations", order, { headers }));
  open.set(held.id, held.granted_seconds);
  return held;
}

async function extend(engine: Client, { n, held }: Life): Promise<void> {
  const path = `/v1/reservations/${held?.id ?? ""}/extend`;
  const longer = ok(
    await engine.post<Reservation>(path, { seconds: 30 }, { headers: { "Idempotency-Key": `extend-${n}` } }),
  );
  open.set(longer.id, longer.granted_seconds);
}

async function end(engine: Client, told: CallRecord): Promise<void> {
  const { accepted, duplicates } = await record(engine, [told]);
  assert.equal(accepted + duplicates, 1);
  open.delete(told.reservation ?? "");
  used += told.duration_seconds;
}

/** One call from the question on, or from where it was when the server died. */
async function live(engine: Client, life: Life): Promise<void> {
  life.held ??= await ask(engine, life);
  if (life.n % 3 === 0 && !life.isExtended) {
    await extend(engine, life);
    life.isExtended = true;
  }
  if (life.n % 5 === 0) return; // and forgets about it
  if (life.n % 7 === 0) {
    ok(await engine.delete(`/v1/reservations/${life.held.id}`));
    open.delete(life.held.id);
    return;
  }
  life.told ??= call({
    ...{ id: `call-${life.n}`, subaccount: account, reservation: life.held.id },
    duration_seconds: dice.int(0, 300),
  });
  await end(engine, life.told);
}

async function liveUntilDeath(engine: Client): Promise<Life> {
  for (;;) {
    const life: Life = { n: ++ids, isExtended: false };
    try {
      await live(engine, life);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      return life;
    }
  }
}

for (let round = 1; round <= KILLS; round += 1) {
  test(`kill ${round} of ${KILLS}: what is held is what was granted, and each call is charged once`, async () => {
    const lives = Array.from({ length: ENGINES }, () => liveUntilDeath(app.client({ key: secret })));
    await sleep(dice.int(20, 400));
    await app.crash();

    const engine = app.client({ key: secret });
    for (const life of await Promise.all(lives)) await live(engine, life);
    const { premium_seconds, held_premium_seconds } = await walletOf(app.client().carrying(owner), account);
    const held = [...open.values()].reduce((sum, seconds) => sum + seconds, 0);
    assert.deepEqual(
      { held_premium_seconds, premium_seconds },
      {
        held_premium_seconds: held,
        premium_seconds: BOUGHT - used - held,
      },
    );
  });
}

test("the calls reached the server between the kills", () => {
  assert.ok(ids > KILLS * ENGINES);
  assert.ok(used > 0 && open.size > 0);
});
