// Auto-recharge at work: what makes it buy, once at a time; what failures do; and what ends it (domain.md §5).

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";

import { Automatic, CARDS, type AutomaticPurchase } from "../harness/automatic.ts";
import { ok } from "../harness/client.ts";
import { MailServer } from "../harness/mail.ts";
import { inSource } from "../harness/paths.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf } from "../harness/scene.ts";

const post = await MailServer.start();
after(() => post.stop());
const automatic = await Automatic.start(post);
const { app } = automatic;
await automatic.at("2027-03-01T09:00:00Z");
const engine = await app.machineClient(["calls:write", "read"]);

interface Recharge {
  enabled: boolean;
  state: string;
  waits_until: string | null;
  failures: number;
  failure: string | null;
}

const path = (account: string): string => `/v1/subaccounts/${account}/auto_recharge`;
const read = async (account: string): Promise<Recharge> => ok(await automatic.owner.get<Recharge>(path(account)));
const put = async (account: string, body: object): Promise<Recharge> =>
  ok(await automatic.owner.put<Recharge>(path(account), body));
const recharges = (account: string): Promise<AutomaticPurchase[]> => automatic.purchases(account, "auto_recharge");

const ON = { enabled: true, threshold_usd: "10.00", amount_usd: "50.00", tier: "premium" };
let names = 0;
let calls = 0;

/** An account at 0.20 with 55 premium minutes, worth 11.00. */
async function account(card?: string, seconds = 3300): Promise<string> {
  const { id } = await addSubaccount(automatic.owner, `Client ${++names}`, {
    prices: { basic: "0.09", premium: "0.20" },
  });
  if (seconds > 0) await sell(automatic.owner, id, "premium", seconds);
  if (card) await automatic.useCard(id, card);
  return id;
}

/** A call that takes so many seconds, now. */
async function use(id: string, seconds: number): Promise<void> {
  const { now } = ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: 1 }));
  await record(engine, [call({ id: `c-${++calls}`, subaccount: id, started_at: now, duration_seconds: seconds })]);
}

test("calls that leave less than the threshold make it buy with the account's card", async () => {
  const id = await account(CARDS.fine);
  assert.equal((await put(id, ON)).state, "on");
  await use(id, 300); // 10.00 are left: not below
  await automatic.settled();
  assert.deepEqual(await recharges(id), []);
  await use(id, 1);
  await automatic.settled();
  const [bought] = await recharges(id);
  assert.deepEqual(
    [bought?.provider, bought?.state, bought?.seconds, bought?.paid_usd, bought?.profit_usd],
    ["test", "succeeded", 15_000, "50.00", "10.00"],
  );
  assert.equal((await recharges(id)).length, 1);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 2999 + 15_000);
  assert.equal((await read(id)).state, "on");
});

test("turned on below the threshold, it buys at once", async () => {
  const id = await account(CARDS.fine, 0);
  await put(id, ON);
  await automatic.settled();
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 15_000);
});

test("moving minutes away and a lower price make it buy, too", async () => {
  const [moved, cheaper] = [await account(CARDS.fine), await account(CARDS.fine)];
  for (const id of [moved, cheaper]) await put(id, ON);
  const order = { from: moved, to: cheaper, tier: "premium", seconds: 600 };
  ok(await automatic.owner.post("/v1/minute_moves", { ...order, received_seconds: 600 }));
  ok(await automatic.owner.put(`/v1/subaccounts/${cheaper}/prices`, { basic: "0.09", premium: "0.16" }));
  await automatic.settled();
  assert.equal((await recharges(moved)).length, 1);
  assert.equal((await recharges(cheaper)).length, 0, "65 minutes at 0.16 are 10.40");
  ok(await automatic.owner.put(path(cheaper), { ...ON, threshold_usd: "10.41" }));
  await automatic.settled();
  assert.equal((await recharges(cheaper)).length, 1);
});

test("minutes taken back make it buy, whoever took them", async () => {
  const agency = ok(await automatic.owner.get<{ id: string }>("/v1/agency")).id;
  const [taken, refunded, disputed, granted] = [
    await account(CARDS.fine),
    await account(CARDS.fine),
    await account(CARDS.fine, 0),
    await account(CARDS.fine),
  ];
  const card = ok(await automatic.owner.get<{ data: { id: string }[] }>(`/v1/subaccounts/${disputed}/payment_methods`))
    .data[0];
  const order = { tier: "premium", seconds: 3300, payment_method: card?.id };
  const sold = ok(await automatic.owner.post<{ id: string }>(`/v1/subaccounts/${disputed}/purchases`, order));
  await automatic.settled();
  for (const id of [taken, refunded, disputed, granted]) await put(id, ON);
  await automatic.settled();
  for (const id of [taken, refunded, disputed, granted]) assert.deepEqual(await recharges(id), []);

  const take = { tier: "premium", seconds: -600, reason: "Given twice" };
  ok(await automatic.owner.post(`/v1/subaccounts/${taken}/adjustments`, take));
  const [bought] = await automatic.purchases(refunded, "direct");
  ok(await automatic.owner.post(`/v1/purchases/${bought?.id}/refund`, { seconds: 600 }));
  const staff = await app.client().login(STAFF);
  ok(await staff.post(`/v1/platform/agencies/${agency}/purchases/${sold.id}/dispute_lost`));
  ok(await staff.post(`/v1/platform/agencies/${agency}/grants`, { ...take, subaccount: granted }));
  await automatic.settled();
  for (const id of [taken, refunded, disputed, granted]) assert.equal((await recharges(id)).length, 1, id);
});

test("a base price that falls makes accounts at base price buy, when it counts and not before", async () => {
  const { id } = await addSubaccount(automatic.owner, `Client ${++names}`, { prices: { apply_base_price: true } });
  await sell(automatic.owner, id, "premium", 4500); // 12.00 at 0.16
  await automatic.useCard(id, CARDS.fine);
  await put(id, ON);
  const staff = await app.client().login(STAFF);
  const { now } = ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: 1 }));
  const at = new Date(Date.parse(now) + 3_600_000).toISOString();
  const plan = ok(await automatic.owner.get<{ plan: { code: string } }>("/v1/agency/plan")).plan.code;
  ok(await staff.post("/v1/platform/prices", { plan, basic: "0.09", premium: "0.12", effective_at: at }));
  await automatic.settled();
  assert.deepEqual(await recharges(id), []);
  await automatic.at(new Date(Date.parse(at) + 1000).toISOString());
  assert.equal((await recharges(id)).length, 1, "75 minutes at 0.12 are 9.00");
  const back = { plan, basic: "0.09", premium: "0.16" };
  ok(await (await app.client().login(STAFF)).post("/v1/platform/prices", back));
  await automatic.settled();
});

test("without a card it waits to be marked paid, tells owner and admins once, and makes no second one", async () => {
  const admin = await addPerson(app.store, app.owner, "agency_admin");
  await addPerson(app.store, app.owner, "agency_member", { reachesAll: true });
  const before = post.mails.length;
  const id = await account();
  await put(id, ON);
  for (let i = 0; i < 3; i += 1) await use(id, 600);
  await automatic.settled();
  const [waiting, ...more] = await recharges(id);
  assert.deepEqual([waiting?.provider, waiting?.state, more.length], ["manual", "pending", 0]);
  assert.equal((await read(id)).state, "waiting_for_payment");
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 1500, "nothing is granted unpaid");
  for (const address of [app.owner.email, admin.email]) {
    const subjects = await automatic.mailsTo(address, 1);
    assert.equal(subjects.filter((subject) => subject.includes(`Client ${names}`)).length, 1);
  }
  assert.equal(post.mails.length - before, 2, "nobody else is told");
  ok(await automatic.owner.post(`/v1/purchases/${waiting?.id}/mark_paid`));
  await automatic.settled();
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 16_500);
  assert.equal((await read(id)).state, "on");
});

test("a failure waits 1, 6 and 24 hours, then it is off and the admins are told", async () => {
  await automatic.at("2027-04-01T00:00:00Z");
  const id = await account(CARDS.declined);
  await put(id, ON);
  await use(id, 600);
  await automatic.settled();
  for (const [failures, hours] of [
    [1, 1],
    [2, 6],
    [3, 24],
  ] as const) {
    const { state, waits_until, ...rest } = await read(id);
    assert.deepEqual([state, rest.failures, rest.failure], ["waits", failures, "card_declined"]);
    const failedAt = Date.parse((await recharges(id)).at(-1)?.created_at ?? "");
    const due = Date.parse(waits_until ?? "");
    assert.equal(Math.round((due - failedAt) / 60_000), hours * 60);
    await use(id, 60);
    await automatic.settled();
    assert.equal((await recharges(id)).length, failures, "no try before its time");
    await automatic.at(new Date(due + 1000).toISOString());
  }
  const { state, enabled, failures } = await read(id);
  assert.deepEqual([state, enabled, failures], ["turned_off", false, 4]);
  assert.deepEqual(
    (await recharges(id)).map((one) => one.failure),
    Array(4).fill("card_declined"),
  );
  assert.deepEqual(await automatic.actions(id, "auto_recharge"), [
    ...Array<string>(3).fill("auto_recharge.failed"),
    "auto_recharge.turned_off",
  ]);
  const subject = `Northwind Voice: auto-recharge of Client ${names} is off`;
  const subjects = await automatic.mailsTo(app.owner.email, 2);
  assert.equal(subjects.filter((one) => one === subject).length, 1);

  await automatic.useCard(id, CARDS.fine);
  await put(id, ON);
  await automatic.settled();
  assert.equal((await read(id)).state, "on");
  assert.equal((await recharges(id)).at(-1)?.state, "succeeded");
});

test("a card that wants a confirmation fails: nobody is there to give it", async () => {
  const id = await account(CARDS.asks, 0);
  await put(id, ON);
  await automatic.settled();
  assert.deepEqual([(await read(id)).state, (await read(id)).failure], ["waits", "action_required"]);
});

test("at most ten a day of the agency's zone, then it goes on the next day", async () => {
  ok(await automatic.owner.patch("/v1/agency", { timezone: "America/New_York" }));
  await automatic.at("2027-05-03T12:00:00Z");
  const id = await account(CARDS.fine, 0);
  await put(id, { ...ON, amount_usd: "0.10" });
  await automatic.settled();
  assert.equal((await recharges(id)).length, 10);
  const { state, waits_until, failure } = await read(id);
  assert.deepEqual([state, waits_until, failure], ["waits", "2027-05-04T04:00:00Z", null]);
  await use(id, 1);
  await put(id, { ...ON, amount_usd: "0.10" });
  await automatic.settled();
  assert.equal((await recharges(id)).length, 10, "new settings make no new day");
  await automatic.at("2027-05-04T03:59:50Z");
  assert.equal((await recharges(id)).length, 10);
  await automatic.at("2027-05-04T04:00:01Z");
  assert.equal((await recharges(id)).length, 20);
  await put(id, { enabled: false });
});

test("while it is suspended it buys nothing, and goes on when access is restored", async () => {
  const id = await account(CARDS.fine);
  await put(id, ON);
  ok(await automatic.owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  await use(id, 600);
  await automatic.settled();
  assert.deepEqual([(await read(id)).state, await recharges(id)], ["suspended", []]);
  ok(await automatic.owner.post(`/v1/subaccounts/${id}/restore`));
  await automatic.settled();
  assert.equal((await recharges(id)).length, 1);
});

test("turning it off calls off what waits to be paid by hand, and removing the account as well", async () => {
  const [off, gone] = [await account(), await account()];
  for (const id of [off, gone]) {
    await put(id, ON);
    await use(id, 600);
  }
  await automatic.settled();
  await put(off, { enabled: false });
  const { data } = ok(await automatic.owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary"));
  const wallet = await walletOf(automatic.owner, gone);
  const order = { from: gone, to: data[0]?.id, tier: "premium", seconds: wallet.premium_seconds };
  const quoted = ok(await automatic.owner.post<{ received_seconds: number }>("/v1/minute_moves/quote", order));
  const received = { premium_seconds: quoted.received_seconds };
  ok(await automatic.owner.post(`/v1/subaccounts/${gone}/remove`, { minutes_to: order.to, received }));
  await automatic.settled();
  for (const id of [off, gone]) {
    assert.deepEqual(
      (await recharges(id)).map(({ state }) => state),
      ["canceled"],
    );
    assert.deepEqual([(await read(id)).enabled, (await read(id)).state], [false, "off"]);
  }
});

const known = await readFile(inSource("tests/faults_others_shipped.md"), "utf8");

test("duplicate top-up invoices", async () => {
  assert.ok(known.includes("| duplicate top-up invoices | Flexprice #2155 |"));
  const ids = await Promise.all([account(CARDS.slow), account(CARDS.twice), account()]);
  for (const id of ids) await put(id, ON);
  const { now } = ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: 1 }));
  const batches = Array.from({ length: 60 }, (_, i) =>
    ids.map((id) => call({ id: `d-${i}-${id}`, subaccount: id, started_at: now, duration_seconds: 20 })),
  );
  await Promise.all(batches.map((batch) => record(engine, batch)));
  await automatic.settled();
  for (const id of ids) assert.equal((await recharges(id)).length, 1);
  const states = await Promise.all(ids.map(async (id) => (await recharges(id))[0]?.state));
  assert.deepEqual(states, ["succeeded", "succeeded", "pending"]);
});
