// Holds while everything else happens to them, on every node at once: no second is held, charged or given back twice.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { App } from "../harness/app.ts";
import { Client, ok, type Reply } from "../harness/client.ts";
import { Server } from "../harness/minutebank.ts";
import { addSubaccount, call, sell, walletOf, type Reservation, type Subaccount } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";
import { storeKind } from "../harness/store.ts";

const NODES = storeKind() === "postgres" ? 2 : 1;
const ROUNDS = 60;
const AT_ONCE = 6;
const MINUTES = 1000;
const TALK = 61;

const app = await App.start();
const others = await Promise.all(
  Array.from({ length: NODES - 1 }, (_, i) => Server.start(app.store, { args: ["--node", String(i + 1)] })),
);
const owner = await app.ownerClient();
const scopes = ["reservations:write", "calls:write", "read"];
const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: "engine", scopes }));
const urls = [app.url, ...others.map(({ url }) => url)];
/** The same engine and the same owner, on each node. */
const engines = urls.map((url) => new Client(url, { key: secret }));
const owners = urls.map((url) => new Client(url).carrying(owner));
const dice = chance("holds on all nodes");

const anEngine = (): Client => engines[dice.int(0, NODES - 1)] as Client;
const anOwner = (): Client => owners[dice.int(0, NODES - 1)] as Client;

after(async () => {
  for (const client of [...engines, ...owners]) client.close();
  for (const node of others) await node.stop();
  await app.finish();
});

const primary = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";
const shelf = (await addSubaccount(owner, "Shelf")).id;
let accounts = 0;

async function account(seconds: number): Promise<string> {
  const { id } = await addSubaccount(owner, `Client ${++accounts}`);
  await sell(owner, id, "premium", seconds);
  return id;
}

const ask = (subaccount: string, seconds: number): Promise<Reply<Reservation>> =>
  anEngine().post<Reservation>("/v1/reservations", { subaccount, tier: "premium", direction: "outbound", seconds });

async function secondsOf(id: string): Promise<number> {
  const { premium_seconds, held_premium_seconds } = await walletOf(owner, id);
  return premium_seconds + held_premium_seconds;
}

test("questions at once on every node never hold more than there is", async () => {
  const id = await account(10_000);
  const replies = await Promise.all(Array.from({ length: 80 }, () => ask(id, 300)));
  const granted = replies.filter(({ status }) => status === 201).map(({ body }) => body.granted_seconds);
  assert.equal(
    granted.reduce((sum, seconds) => sum + seconds, 0),
    10_000,
  );
  const { premium_seconds, held_premium_seconds } = await walletOf(owner, id);
  assert.deepEqual([premium_seconds, held_premium_seconds], [0, 10_000]);
});

test("a limit of calls at once holds over all nodes, in both tiers", async () => {
  const id = await account(100_000);
  await sell(owner, id, "basic", 100_000);
  ok(await owner.patch(`/v1/subaccounts/${id}`, { concurrency_limit: 7 }));
  const order = (tier: string) => ({ subaccount: id, tier, direction: "inbound", seconds: 10 });
  const replies = await Promise.all(
    Array.from({ length: 60 }, () => anEngine().post("/v1/reservations", order(dice.pick(["basic", "premium"])))),
  );
  assert.equal(replies.filter(({ status }) => status === 201).length, 7);
});

test("the same question on every node holds once", async () => {
  const id = await account(MINUTES);
  const order = { subaccount: id, tier: "premium", direction: "inbound" };
  const headers = { "Idempotency-Key": "everywhere" };
  const replies = await Promise.all(
    Array.from({ length: 16 }, () => anEngine().post<Reservation>("/v1/reservations", order, { headers })),
  );
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
  assert.equal(new Set(replies.map(({ body }) => body.id)).size, 1);
  assert.equal((await walletOf(owner, id)).held_premium_seconds, 300);
});

type Act = (id: string, held: string) => Promise<Reply>;

const end: Act = (subaccount, reservation) =>
  anEngine().post("/v1/calls", [call({ id: `of-${reservation}`, subaccount, duration_seconds: TALK, reservation })]);
const cancel: Act = (_, held) => anEngine().delete(`/v1/reservations/${held}`);
const extend: Act = (_, held) => anEngine().post(`/v1/reservations/${held}/extend`, { seconds: 200 });
const suspend: Act = (id) => anOwner().post(`/v1/subaccounts/${id}/suspend`, {});
const move: Act = (id) =>
  anOwner().post("/v1/minute_moves", {
    ...{ from: id, to: shelf, tier: "premium", seconds: 100, received_seconds: 100 },
  });
const remove: Act = async (id) => {
  const client = anOwner();
  const quoted = await client.get<{ moves?: { received_seconds: number }[] }>(`/v1/subaccounts/${id}/removal`);
  const received = { premium_seconds: quoted.body.moves?.[0]?.received_seconds ?? 0 };
  return client.post(`/v1/subaccounts/${id}/remove`, { minutes_to: primary, received, force: true });
};

const total = async (): Promise<number> => (await secondsOf(primary)) + (await secondsOf(shelf));

/** All that may happen to a hold, at once: the call ends for sure, the rest by chance. */
async function race(round: number): Promise<string> {
  const id = await account(MINUTES);
  const { id: held } = ok(await ask(id, round % 3 === 0 ? 30 : 300));
  const acts = [end, ...[end, cancel, extend, suspend, move, remove].filter(() => dice.int(0, 1) === 0)];
  const shuffled = acts.map((act) => ({ act, at: dice.int(0, 1000) })).toSorted((a, b) => a.at - b.at);
  const replies = await Promise.all(shuffled.map(({ act }) => act(id, held)));
  for (const { status, bytes } of replies) assert.ok([200, 201, 409].includes(status), bytes.toString());
  const { state, call: told } = ok(await owner.get<Reservation>(`/v1/reservations/${held}`));
  assert.notEqual(state, "open");
  assert.ok(told === null || state !== "open");
  return id;
}

test("ended, canceled, extended, moved from, suspended and removed at once: each second counts once", async () => {
  const before = await total();
  let left = 0;
  for (let round = 0; round < ROUNDS; round += AT_ONCE) {
    const ids = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => race(round + i)));
    for (const id of ids) left += await secondsOf(id);
  }
  // Prices are all base: what was sold and not talked is in some wallet.
  assert.equal((await total()) - before + left, ROUNDS * (MINUTES - TALK));
});

test("what runs out while it is ended, extended and canceled is given back or charged, once", async () => {
  ok(await owner.patch("/v1/agency", { reservations: { grace_seconds: 0 } }));
  const ids: string[] = [];
  let talked = 0;
  const one = async (): Promise<void> => {
    const id = await account(MINUTES);
    ids.push(id);
    const { id: held, expires_at } = ok(await ask(id, 1));
    // Around the moment at which it is swept up.
    await new Promise((done) => setTimeout(done, Date.parse(expires_at) - Date.now() + dice.int(-100, 400)));
    const acts = [cancel, extend, end].filter(() => dice.int(0, 2) > 0);
    const replies = await Promise.all(acts.map((act) => act(id, held)));
    for (const { status, bytes } of replies) assert.ok([200, 409].includes(status), bytes.toString());
    if (acts.includes(end)) talked += TALK;
  };
  await Promise.all(Array.from({ length: 30 }, one));
  const began = performance.now();
  for (const id of ids) {
    while ((await walletOf(owner, id)).held_premium_seconds > 0 && performance.now() - began < 30_000) {
      // An extension put one of them off: it is given back now.
      const { data } = ok(await owner.get<{ data: Reservation[] }>(`/v1/subaccounts/${id}/reservations`));
      for (const { id: held } of data) await engines[0]?.delete(`/v1/reservations/${held}`);
    }
  }
  const seconds = await Promise.all(ids.map(secondsOf));
  assert.equal(
    seconds.reduce((sum, s) => sum + s, 0),
    ids.length * MINUTES - talked,
  );
});
