// How a hold ends (domain.md §9): by the record of its call, by running out, or with its account; each second is charged once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { App, startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import {
  addSubaccount,
  call,
  hold,
  record,
  sell,
  walletOf,
  type CallRecord,
  type CallResults,
  type Reservation,
  type Subaccount,
} from "../harness/scene.ts";

const SCOPES = ["reservations:write", "calls:write", "read"];
const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();
const engine = await app.machineClient(SCOPES);
const primary = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";

let accounts = 0;
let calls = 0;

async function account(premium = 1000, more: object = {}): Promise<string> {
  const { id } = await addSubaccount(owner, `Client ${++accounts}`, more);
  if (premium > 0) await sell(owner, id, "premium", premium);
  return id;
}

const look = async (id: string, client = engine): Promise<Reservation> =>
  ok(await client.get<Reservation>(`/v1/reservations/${id}`));
const after = async (id: string, client = owner): Promise<number[]> => {
  const { premium_seconds, held_premium_seconds } = await walletOf(client, id);
  return [premium_seconds, held_premium_seconds];
};
const talk = (subaccount: string, duration_seconds: number, reservation: string, more = {}): CallRecord =>
  call({ id: `call-${++calls}`, subaccount, duration_seconds, reservation, ...more });

async function end(subaccount: string, seconds: number, reservation: string, more = {}): Promise<CallResults> {
  return record(engine, [talk(subaccount, seconds, reservation, more)]);
}

/** Waits until `is` holds; what runs out is swept up within a second. */
async function soon(is: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await is())) {
    assert.ok(performance.now() - began < 20_000, "nothing happened within 20 s");
    await new Promise((done) => setTimeout(done, 20));
  }
  return performance.now() - began;
}

const advance = async (seconds: number, on: App = app): Promise<void> => {
  ok(await on.client().post("/v1/test/clock", { advance_seconds: seconds }));
};

test("what was talked is charged and the rest goes back, in one posting", async () => {
  const id = await account(1000);
  const { id: held } = await hold(engine, id);
  const { results } = await end(id, 61, held);
  assert.deepEqual([results[0]?.billed_seconds, results[0]?.reservation], [61, "ended"]);
  assert.deepEqual(await after(id), [939, 0]);
  const ended = await look(held);
  assert.equal(ended.state, "ended");
  const { data } = ok(await owner.get<{ data: { id: string }[] }>(`/v1/calls?subaccount=${id}`));
  assert.equal(ended.call, data[0]?.id);
  interface Entry {
    id: string;
    kind: string;
    account: string;
    amount_seconds: number;
    description: string;
  }
  const statement = ok(await owner.get<{ data: Entry[] }>(`/v1/subaccounts/${id}/statement?limit=2`)).data;
  assert.deepEqual(statement.map(({ kind, account, amount_seconds }) => [kind, account, amount_seconds]).toSorted(), [
    ["ended_calls", "held.premium", -300],
    ["ended_calls", "wallet.premium", 239],
  ]);
  assert.equal(statement[0]?.id, statement[1]?.id);
});

test("more talk than was held charges the rest, below zero too", async () => {
  const id = await account(300);
  const { id: held } = await hold(engine, id);
  await end(id, 420, held);
  assert.deepEqual(await after(id), [-120, 0]);
  refused(
    await engine.post("/v1/reservations", { subaccount: id, tier: "premium", direction: "inbound" }),
    409,
    "insufficient_minutes",
  );
});

test("a call that nobody answered gives all of it back", async () => {
  const id = await account(500);
  const { id: held } = await hold(engine, id);
  const { results } = await end(id, 0, held, { status: "no_answer" });
  assert.deepEqual([results[0]?.billed_seconds, results[0]?.reservation], [0, "ended"]);
  assert.deepEqual(await after(id), [500, 0]);
});

test("what was extended is let go as a whole", async () => {
  const id = await account(1000);
  const { id: held } = await hold(engine, id);
  ok(await engine.post(`/v1/reservations/${held}/extend`, { seconds: 200 }));
  await end(id, 450, held);
  assert.deepEqual(await after(id), [550, 0]);
});

test("a call of another tier than was held is charged to its own, and what was held goes back", async () => {
  const id = await account(500);
  await sell(owner, id, "basic", 100);
  const { id: held } = await hold(engine, id);
  await end(id, 60, held, { tier: "basic" });
  const wallet = await walletOf(owner, id);
  assert.deepEqual([wallet.basic_seconds, wallet.premium_seconds, wallet.held_premium_seconds], [40, 500, 0]);
});

test("the same record again changes nothing; with another content it is a conflict and changes nothing", async () => {
  const id = await account(1000);
  const first = await hold(engine, id);
  const told = talk(id, 60, first.id);
  await record(engine, [told]);
  const second = await hold(engine, id);
  const again = await record(engine, [told, { ...told, reservation: second.id }]);
  assert.deepEqual(
    again.results.map(({ status, reservation }) => [status, reservation]),
    [
      ["duplicate", undefined],
      ["conflict", undefined],
    ],
  );
  assert.equal((await look(second.id)).state, "open");
  assert.deepEqual(await after(id), [640, 300]);
});

test("a batch ends many, each by the first that names it", async () => {
  const id = await account(10_000);
  const held: string[] = [];
  for (let i = 0; i < 4; i += 1) held.push((await hold(engine, id, { seconds: 100 })).id);
  const [a = "", b = "", c = ""] = held;
  const batch = [talk(id, 10, a), talk(id, 20, b), talk(id, 30, a), talk(id, 40, "PBX 17"), talk(id, 150, c)];
  const { accepted, results } = await record(engine, batch);
  assert.equal(accepted, 5);
  assert.deepEqual(
    results.map(({ reservation }) => reservation),
    ["ended", "ended", "taken", "unknown", "ended"],
  );
  assert.deepEqual(await after(id), [10_000 - 250 - 100, 100]);
});

test("a record is charged whatever has become of its reservation, or whose it is", async () => {
  const [id, other] = [await account(1000), await account(1000)];
  const canceled = await hold(engine, id);
  ok(await engine.delete(`/v1/reservations/${canceled.id}`));
  const foreign = await hold(engine, other);
  const names = [canceled.id, foreign.id, "rsv_0k3v9m2c5x1qy", "nonsense"];
  const { results } = await record(
    engine,
    names.map((name) => talk(id, 10, name)),
  );
  assert.deepEqual(
    results.map(({ reservation }) => reservation),
    ["canceled", "unknown", "unknown", "unknown"],
  );
  assert.deepEqual(await after(id), [960, 0]);
  assert.deepEqual(await after(other), [700, 300]);
  const late = await look(canceled.id);
  assert.deepEqual([late.state, late.call !== null], ["canceled", true]);
  refused(await engine.delete(`/v1/reservations/${(await endOne(other)).id}`), 409, "reservation_ended");
});

async function endOne(id: string): Promise<Reservation> {
  const held = await hold(engine, id, { seconds: 10 });
  await end(id, 5, held.id);
  return held;
}

test("one that runs out is given back within a second, and a late record is still charged", async () => {
  const id = await account(1000);
  const held = await hold(engine, id, { seconds: 60 });
  const kept = await hold(engine, id, { seconds: 600 });
  await advance(181);
  const waited = await soon(async () => (await look(held.id)).state === "expired");
  assert.ok(waited < 2000, `${waited} ms`); // ASan, and a machine that is shared
  assert.deepEqual(await after(id), [400, 600]);
  assert.equal((await look(kept.id)).state, "open");
  refused(await engine.post(`/v1/reservations/${held.id}/extend`, {}), 409, "reservation_expired");
  assert.equal(ok(await engine.delete<Reservation>(`/v1/reservations/${held.id}`)).state, "expired");
  const { results } = await end(id, 50, held.id);
  assert.deepEqual([results[0]?.billed_seconds, results[0]?.reservation], [50, "expired"]);
  assert.deepEqual(await after(id), [350, 600]);
  ok(await engine.delete(`/v1/reservations/${kept.id}`));
});

// "Hold expiry lived in a cache and was lost" (Blnk #336)
test("one that runs out after a crash, or while nothing runs, is given back all the same", async () => {
  const own = await App.start();
  try {
    const client = await own.ownerClient();
    const { id } = await addSubaccount(client, "Crashed");
    await sell(client, id, "premium", 1000);
    const held = await hold(await own.machineClient(SCOPES), id, { seconds: 60 });
    await own.crash();
    const again = await own.ownerClient();
    assert.deepEqual(await after(id, again), [940, 60]);
    // As if it had run out long ago: nothing but the row says when.
    await own.restart();
    const last = await own.ownerClient();
    await own.store.damage("UPDATE reservations SET expires_at = created_at + 1");
    await soon(async () => (await after(id, last))[1] === 0);
    assert.deepEqual(await after(id, last), [1000, 0]);
    assert.equal((await look(held.id, last)).state, "expired");
  } finally {
    await own.finish();
  }
});

test("many that run out at once all go back", async () => {
  const id = await account(6000);
  const held = await Promise.all(Array.from({ length: 1200 }, () => hold(engine, id, { seconds: 5 })));
  assert.equal(new Set(held.map(({ id: one }) => one)).size, 1200);
  assert.deepEqual(await after(id), [0, 6000]);
  await advance(126);
  await soon(async () => (await after(id))[1] === 0);
  assert.deepEqual(await after(id), [6000, 0]);
});

interface Removal {
  calls_in_progress: number;
  held_premium_seconds: number;
  moves: { sent_seconds: number; received_seconds: number }[];
}

test("an account with calls in progress is removed only by force; their records are the primary's", async () => {
  const id = await account(1000);
  const held = await hold(engine, id);
  const quoted = ok(await owner.get<Removal>(`/v1/subaccounts/${id}/removal`));
  assert.deepEqual([quoted.calls_in_progress, quoted.held_premium_seconds], [1, 300]);
  assert.deepEqual([quoted.moves[0]?.sent_seconds, quoted.moves[0]?.received_seconds], [1000, 1000]);
  const remove = (more: object) =>
    owner.post(`/v1/subaccounts/${id}/remove`, { minutes_to: primary, received: { premium_seconds: 1000 }, ...more });
  refused(await remove({}), 409, "calls_in_progress");
  refused(await remove({ force: false }), 409, "calls_in_progress");
  assert.deepEqual(await after(id), [700, 300]);
  const [before = 0] = await after(primary);
  ok(await remove({ force: true }));
  assert.deepEqual(await after(id), [0, 0]);
  assert.deepEqual(await after(primary), [before + 1000, 0]);
  assert.equal((await look(held.id)).state, "canceled");

  const { results } = await end(id, 90, held.id);
  assert.deepEqual([results[0]?.charged, results[0]?.reservation], [primary, "canceled"]);
  assert.deepEqual(await after(primary), [before + 910, 0]);
  const { data } = ok(await owner.get<{ data: { late: boolean }[] }>(`/v1/calls?subaccount=${id}`));
  assert.equal(data[0]?.late, true);
});

test("an account that is overdrawn but for what is held can be removed by force", async () => {
  const id = await account(400);
  await hold(engine, id);
  await record(engine, [call({ id: "unasked", subaccount: id, duration_seconds: 150 })]);
  assert.deepEqual(await after(id), [-50, 300]);
  const { moves } = ok(await owner.get<Removal>(`/v1/subaccounts/${id}/removal`));
  assert.equal(moves[0]?.sent_seconds, 250);
  const input = { minutes_to: primary, received: { premium_seconds: 250 }, force: true };
  ok(await owner.post(`/v1/subaccounts/${id}/remove`, input));
  assert.deepEqual(await after(id), [0, 0]);
});

test("while an account is suspended its calls end, and are charged, as ever", async () => {
  const id = await account(1000);
  const held = await hold(engine, id);
  ok(await owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  assert.equal((await end(id, 100, held.id)).results[0]?.reservation, "ended");
  assert.deepEqual(await after(id), [900, 0]);
});

test("what is over is kept for 30 days", async () => {
  const own = await App.start();
  try {
    const client: Client = await own.ownerClient();
    const { id } = await addSubaccount(client, "Old");
    await sell(client, id, "premium", 1000);
    const machine = await own.machineClient(SCOPES);
    const [old, young, open] = [await hold(machine, id), await hold(machine, id), await hold(machine, id)];
    for (const { id: one } of [old, young]) ok(await machine.delete(`/v1/reservations/${one}`));
    const days = (n: number): string => String(BigInt(n) * 86_400_000_000n);
    await own.store.damage(`UPDATE reservations SET created_at = created_at - ${days(31)} WHERE state <> 0`);
    await own.store.damage(
      `UPDATE reservations SET created_at = created_at + ${days(2)} WHERE id = (SELECT MAX(id) FROM reservations WHERE state <> 0)`,
    );
    await own.restart(); // it is looked for at the start, and every minute
    const last = await own.ownerClient();
    await soon(async () => (await last.get(`/v1/reservations/${old.id}`)).status === 404);
    assert.equal((await look(young.id, last)).state, "canceled");
    assert.equal((await look(open.id, last)).state, "open");
  } finally {
    await own.finish();
  }
});
