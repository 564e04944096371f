// Whether a call may begin (domain.md §9): what is held for it, and every reason why nothing is.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Problem, type Reply } from "../harness/client.ts";
import { addOtherAgency } from "../harness/other_agency.ts";
import {
  addSubaccount,
  call,
  hold,
  record,
  sell,
  walletOf,
  type Reservation,
  type Subaccount,
  type Wallet,
} from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["reservations:write", "calls:write", "read"]);
const UNKNOWN = "rsv_0k3v9m2c5x1qy";

interface Rows {
  data: Reservation[];
  next_cursor: string | null;
}

let accounts = 0;

async function account(premium = 1000, more: object = {}): Promise<string> {
  const { id } = await addSubaccount(owner, `Client ${++accounts}`, more);
  if (premium > 0) await sell(owner, id, "premium", premium);
  return id;
}

const ask = (subaccount: string, more: object = {}, key?: string): Promise<Reply<Reservation>> =>
  engine.post<Reservation>(
    "/v1/reservations",
    { subaccount, tier: "premium", direction: "outbound", ...more },
    key === undefined ? {} : { headers: { "Idempotency-Key": key } },
  );
const extend = (id: string, body: object = {}, client = engine): Promise<Reply<Reservation>> =>
  client.post<Reservation>(`/v1/reservations/${id}/extend`, body);
const cancel = (id: string, client = engine): Promise<Reply<Reservation>> =>
  client.delete<Reservation>(`/v1/reservations/${id}`);
const look = async (id: string): Promise<Reservation> => ok(await engine.get<Reservation>(`/v1/reservations/${id}`));
const premiumOf = ({ premium_seconds, held_premium_seconds }: Wallet): number[] => [
  premium_seconds,
  held_premium_seconds,
];
const after = async (id: string): Promise<number[]> => premiumOf(await walletOf(owner, id));
const setAgency = async (reservations: object): Promise<void> => {
  ok(await owner.patch("/v1/agency", { reservations }));
};

test("what the agency sets is held, for a little longer than it lasts, and the reply says what is left", async () => {
  const id = await account(1000);
  const held = ok(await ask(id, { agent: "Front desk", campaign: "Autumn" }));
  assert.equal(held.granted_seconds, 300);
  assert.equal(Date.parse(held.expires_at) - Date.parse(held.created_at), 420_000);
  assert.deepEqual(premiumOf(held.balances as Wallet), [700, 300]);
  assert.equal(held.balances?.balance_usd, "1.866667"); // 700 s at 0.16
  assert.deepEqual(await after(id), [700, 300]);
  assert.equal((await look(held.id)).state, "open");
});

test("what is wanted is held, or what is left, and then nothing", async () => {
  const id = await account(100);
  assert.equal((await hold(engine, id, { seconds: 60 })).granted_seconds, 60);
  const rest = await hold(engine, id, { seconds: 60, direction: "inbound" });
  assert.deepEqual([rest.granted_seconds, premiumOf(rest.balances as Wallet)], [40, [0, 100]]);
  refused(await ask(id, { seconds: 1 }), 409, "insufficient_minutes");
  refused(await ask(id, { direction: "inbound" }), 409, "insufficient_minutes");
  assert.deepEqual(await after(id), [0, 100]);
});

test("tiers are held apart", async () => {
  const id = await account(100);
  refused(await ask(id, { tier: "basic" }), 409, "insufficient_minutes");
  await sell(owner, id, "basic", 60);
  const { balances } = await hold(engine, id, { tier: "basic" });
  assert.deepEqual([balances?.basic_seconds, balances?.held_basic_seconds], [0, 60]);
  assert.deepEqual(await after(id), [100, 0]);
});

test("an account is named by its id or its reference", async () => {
  const id = await account(600, { reference: "pbx-7" });
  assert.equal((await hold(engine, "pbx-7")).subaccount, id);
  const reply = await ask("pbx-8");
  refused(reply, 422, "unknown_subaccount", "subaccount");
});

test("an empty or overdrawn wallet, a suspended and a removed account are refused by name", async () => {
  const empty = await account(0);
  refused(await ask(empty), 409, "insufficient_minutes");
  await record(engine, [call({ id: "over", subaccount: empty })]);
  refused(await ask(empty), 409, "insufficient_minutes");

  const suspended = await account();
  ok(await owner.post(`/v1/subaccounts/${suspended}/suspend`, {}));
  refused(await ask(suspended), 409, "subaccount_suspended");
  ok(await owner.post(`/v1/subaccounts/${suspended}/restore`));
  ok(await ask(suspended));

  const removed = await account(0);
  ok(await owner.post(`/v1/subaccounts/${removed}/remove`, {}));
  refused(await ask(removed), 409, "subaccount_removed");
});

test("an account has as many calls at once as the agency, or it itself, may have", async () => {
  const [id, other] = [await account(10_000), await account(10_000)];
  await setAgency({ concurrency_limit: 2 });
  const [first] = [await hold(engine, id), await hold(engine, id)];
  refused(await ask(id), 409, "concurrency_limit");
  ok(await ask(other));
  ok(await cancel(first.id));
  ok(await ask(id));
  refused(await ask(id), 409, "concurrency_limit");
  ok(await owner.patch(`/v1/subaccounts/${id}`, { concurrency_limit: 3 }));
  ok(await ask(id));
  refused(await ask(id), 409, "concurrency_limit");
  ok(await owner.patch(`/v1/subaccounts/${id}`, { concurrency_limit: null }));
  await setAgency({ concurrency_limit: null });
  ok(await ask(id));
});

test("of many at once no more than the limit are let in, and no more than the wallet is held", async () => {
  const [limited, poor] = [await account(100_000), await account(1000)];
  ok(await owner.patch(`/v1/subaccounts/${limited}`, { concurrency_limit: 5 }));
  const asked = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i % 2 === 0 ? limited : poor)));
  const granted = asked.filter(({ status }) => status === 201).map(({ body }) => body);
  assert.equal(granted.filter(({ subaccount }) => subaccount === limited).length, 5);
  const ofPoor = granted.filter(({ subaccount }) => subaccount === poor).map(({ granted_seconds }) => granted_seconds);
  assert.deepEqual(
    ofPoor.toSorted((a, b) => b - a),
    [300, 300, 300, 100],
  );
  assert.deepEqual(await after(poor), [0, 1000]);
  const codes = asked.filter(({ status }) => status !== 201).map(({ body }) => (body as unknown as Problem).code);
  assert.deepEqual([...new Set(codes)].toSorted(), ["concurrency_limit", "insufficient_minutes"]);
});

test("the settings are the agency's, within their limits", async () => {
  const { reservations } = ok(await owner.get<{ reservations: object }>("/v1/agency"));
  const usual = { hold_seconds: 300, extension_seconds: 300, grace_seconds: 120, concurrency_limit: null };
  assert.deepEqual(reservations, usual);
  await setAgency({ hold_seconds: 60, extension_seconds: 30, grace_seconds: 0 });
  const id = await account(1000);
  const held = await hold(engine, id);
  assert.equal(held.granted_seconds, 60);
  assert.equal(Date.parse(held.expires_at) - Date.parse(held.created_at), 60_000);
  const longer = ok(await extend(held.id));
  assert.equal(longer.granted_seconds, 90);
  assert.equal(Date.parse(longer.expires_at) - Date.parse(held.created_at), 90_000);
  await setAgency(usual);
  const wrong: [object, string, string][] = [
    [{ hold_seconds: 0 }, "hold_seconds", "too_small"],
    [{ extension_seconds: 86_401 }, "extension_seconds", "too_large"],
    [{ grace_seconds: 3601 }, "grace_seconds", "too_large"],
    [{ concurrency_limit: 0 }, "concurrency_limit", "too_small"],
  ];
  for (const [reservationSettings, field] of wrong)
    refused(
      await owner.patch("/v1/agency", { reservations: reservationSettings }),
      422,
      "invalid",
      `reservations.${field}`,
    );
});

test("bad orders name what is wrong, and hold nothing", async () => {
  const id = await account(500);
  const wrong: [object, string][] = [
    [{ tier: "gold" }, "tier"],
    [{ direction: "sideways" }, "direction"],
    [{ seconds: 0 }, "seconds"],
    [{ seconds: 86_401 }, "seconds"],
    [{ agent: "x".repeat(121) }, "agent"],
  ];
  for (const [more, field] of wrong) refused(await ask(id, more), 422, "invalid", field);
  refused(await ask(id, { wanted: 3 }), 400, "unknown_field", "wanted");
  assert.deepEqual(await after(id), [500, 0]);
});

// "A retry of a hold computed from live state gave another hold" (Formance wallets #109)
test("the same request again gives the same hold, whatever has happened since", async () => {
  const id = await account(1000);
  const first = ok(await ask(id, {}, "hold-1"));
  await hold(engine, id, { seconds: 500 });
  const again = await ask(id, {}, "hold-1");
  assert.equal(again.headers["idempotency-replayed"], "true");
  assert.deepEqual(again.body, first);
  ok(await cancel(first.id));
  ok(await owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  assert.deepEqual((await ask(id, {}, "hold-1")).body, first);
  refused(await ask(id, { seconds: 1 }, "hold-1"), 409, "idempotency_conflict");
  assert.deepEqual(await after(id), [500, 500]);
});

test("the same request many times at once holds once, and all are told the same", async () => {
  const id = await account(1000);
  const replies = await Promise.all(Array.from({ length: 12 }, () => ask(id, {}, "hold-at-once")));
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [201]);
  assert.deepEqual([...new Set(replies.map(({ body }) => body.id))].length, 1);
  assert.deepEqual(await after(id), [700, 300]);
});

test("what was refused is asked anew under the same key", async () => {
  const id = await account(0);
  refused(await ask(id, {}, "hold-later"), 409, "insufficient_minutes");
  await sell(owner, id, "premium", 60);
  assert.equal(ok(await ask(id, {}, "hold-later")).granted_seconds, 60);
});

test("an extension holds more, or what is left, and puts the end off by as much", async () => {
  const id = await account(400);
  const held = await hold(engine, id);
  const longer = ok(await extend(held.id, { seconds: 60 }));
  assert.deepEqual([longer.granted_seconds, premiumOf(longer.balances as Wallet)], [360, [40, 360]]);
  assert.equal(Date.parse(longer.expires_at) - Date.parse(held.expires_at), 60_000);
  assert.equal(ok(await extend(held.id)).granted_seconds, 400);
  refused(await extend(held.id), 409, "insufficient_minutes");
  assert.deepEqual(await after(id), [0, 400]);
});

test("many extensions of one reservation at once add up", async () => {
  const id = await account(10_000);
  const held = await hold(engine, id, { seconds: 100 });
  for (const reply of await Promise.all(Array.from({ length: 10 }, () => extend(held.id, { seconds: 7 })))) ok(reply);
  assert.equal((await look(held.id)).granted_seconds, 170);
  assert.deepEqual(await after(id), [9830, 170]);
});

test("a reservation holds a day at most", async () => {
  const id = await account(200_000);
  const held = await hold(engine, id, { seconds: 86_390 });
  assert.equal(ok(await extend(held.id)).granted_seconds, 86_400);
  refused(await extend(held.id), 409, "call_too_long");
});

test("a suspended account's calls go on, but are not extended, until it is restored", async () => {
  const id = await account();
  const held = await hold(engine, id);
  ok(await owner.post(`/v1/subaccounts/${id}/suspend`, { note: "Unpaid" }));
  refused(await extend(held.id), 409, "subaccount_suspended");
  assert.deepEqual(await after(id), [700, 300], "the call in progress keeps what it has");
  ok(await owner.post(`/v1/subaccounts/${id}/restore`));
  assert.equal(ok(await extend(held.id, { seconds: 10 })).granted_seconds, 310);
});

test("what is canceled goes back, once", async () => {
  const id = await account(500);
  const held = await hold(engine, id);
  const given = ok(await cancel(held.id));
  assert.deepEqual([given.state, premiumOf(given.balances as Wallet)], ["canceled", [500, 0]]);
  assert.equal(ok(await cancel(held.id)).ended_at, given.ended_at);
  refused(await extend(held.id), 409, "reservation_canceled");
  assert.deepEqual(await after(id), [500, 0]);
});

test("what a person cancels is written down, what an engine does is in the statement alone", async () => {
  interface Events {
    data: { action: string; actor: { name: string }; before: { state: string }; after: { state: string } }[];
  }
  const trail = async (): Promise<Events["data"]> =>
    ok(await owner.get<Events>("/v1/audit_events?action=reservation.canceled")).data;
  const id = await account(500);
  ok(await cancel((await hold(engine, id)).id));
  assert.equal((await trail()).length, 0);
  ok(await cancel((await hold(engine, id)).id, owner));
  const [event] = await trail();
  assert.deepEqual([event?.before.state, event?.after.state, event?.actor.name], ["open", "canceled", "owner"]);
  const { data } = ok(
    await owner.get<{ data: { kind: string; amount_seconds: number }[] }>(
      `/v1/subaccounts/${id}/statement?account=wallet.premium`,
    ),
  );
  assert.deepEqual(
    data.slice(0, 4).map(({ kind, amount_seconds }) => [kind, amount_seconds]),
    [
      ["release", 300],
      ["hold", -300],
      ["release", 300],
      ["hold", -300],
    ],
  );
});

test("minutes held for a call can be neither moved nor given twice", async () => {
  // "Minutes moved away during a call" (ASTPP #145)
  const [id, to] = [await account(400), await account(0)];
  const held = await hold(engine, id);
  const order = { from: id, to, tier: "premium", received_seconds: 101 };
  refused(await owner.post("/v1/minute_moves", { ...order, seconds: 101 }), 409, "insufficient_minutes");
  ok(await owner.post("/v1/minute_moves", { ...order, seconds: 100, received_seconds: 100 }));
  ok(await cancel(held.id));
  assert.deepEqual(await after(id), [300, 0]);
});

test("a key without the scope, and one bound to another account, hold nothing", async () => {
  const [id, other] = [await account(), await account()];
  const reader = await app.machineClient(["read", "calls:write"]);
  const order = { subaccount: id, tier: "premium", direction: "inbound" };
  refused(await reader.post("/v1/reservations", order), 403, "scope_missing");
  const made = { name: "theirs", scopes: ["reservations:write", "read"], subaccount: id };
  const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", made));
  const bound = app.client({ key: secret });
  const own = ok(await bound.post<Reservation>("/v1/reservations", order));
  refused(await bound.post("/v1/reservations", { ...order, subaccount: other }), 422, "unknown_subaccount");
  const foreign = await hold(engine, other);
  refused(await extend(foreign.id, {}, bound), 404, "not_found");
  refused(await cancel(foreign.id, bound), 404, "not_found");
  refused(await bound.get(`/v1/reservations/${foreign.id}`), 404, "not_found");
  ok(await extend(own.id, {}, bound));
  ok(await cancel(own.id, bound));
});

test("another agency's reservation is not there", async () => {
  const other = await addOtherAgency(app.store);
  const they = app.client({ key: other.secret });
  const { id: theirs } = await hold(they, other.ids.subaccount);
  for (const id of [theirs, UNKNOWN]) {
    for (const client of [engine, owner]) {
      refused(await extend(id, {}, client), 404, "not_found");
      refused(await cancel(id, client), 404, "not_found");
      refused(await client.get(`/v1/reservations/${id}`), 404, "not_found");
    }
  }
  assert.equal(ok(await they.get<Reservation>(`/v1/reservations/${theirs}`)).state, "open");
  const order = { subaccount: await account(), tier: "premium", direction: "inbound" };
  refused(await they.post("/v1/reservations", order), 422, "unknown_subaccount");
});

test("calls in progress are listed, the newest first, of an account and of the agency", async () => {
  const id = await account(10_000);
  const made: string[] = [];
  for (let i = 0; i < 5; i += 1) made.unshift((await hold(engine, id, { agent: `Agent ${i}` })).id);
  const path = `/v1/subaccounts/${id}/reservations`;
  const page = ok(await owner.get<Rows>(`${path}?limit=3`));
  assert.deepEqual(
    page.data.map(({ id: one }) => one),
    made.slice(0, 3),
  );
  assert.equal(page.data[0]?.subaccount_name, `Client ${accounts}`);
  const rest = ok(await owner.get<Rows>(`${path}?limit=3&cursor=${page.next_cursor ?? ""}`));
  assert.deepEqual(
    rest.data.map(({ id: one }) => one),
    made.slice(3),
  );
  const all = ok(await owner.get<Rows>("/v1/reservations?limit=5")).data;
  assert.deepEqual(
    all.map(({ id: one }) => one),
    made,
  );
  for (const one of made) ok(await cancel(one));
  assert.deepEqual(ok(await owner.get<Rows>(path)).data, []);
  assert.equal(ok(await owner.get<Subaccount>(`/v1/subaccounts/${id}`)).wallet.held_premium_seconds, 0);
});
