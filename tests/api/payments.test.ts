// Paying by card: what the processor answers decides, once, whatever happens in between (domain.md §5).

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Problem, type Reply } from "../harness/client.ts";
import { clockOf, jobsSettled, setClock } from "../harness/jobs.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson, ROLES } from "../harness/rows.ts";
import { addSubaccount, call, record, walletOf, type Purchase } from "../harness/scene.ts";

const folder = await mkdtemp(join(tmpdir(), "cards-"));
after(() => rm(folder, { recursive: true }));
const book = join(folder, "book");
const app = await startApp({ staff: STAFF, args: ["--test-clock", "--test-cards", book] });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const engine = await app.machineClient(["calls:write"]);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;

const CARDS = {
  fine: "4242 4242 4242 4242",
  declined: "4000000000000002",
  insufficient_funds: "4000000000009995",
  expired: "4000000000000069",
  asks: "4000002500003155",
  asks_and_declines: "4000008400001629",
  slow: "4000000000000101",
  twice: "4000000000000077",
  unreachable: "4000000000000341",
  refund_fails: "4000000000005126",
};

interface Card {
  id: string;
  brand: string;
  last4: string;
  default: boolean;
  expired: boolean;
}
interface Paid extends Purchase {
  provider: string;
  failure: string | null;
  payer: string | null;
  payment_method: string | null;
  refunded_usd: string;
}
interface Refund {
  id: string;
  state: string;
  failure: string | null;
  amount_usd: string;
}

let accounts = 0;

async function newAccount(): Promise<string> {
  const prices = { basic: "0.12", premium: "0.20" };
  return (await addSubaccount(owner, `Client ${++accounts}`, { prices })).id;
}

const addCard = (account: string, number: string, who: Client = owner): Promise<Reply<Card>> =>
  who.post<Card>(`/v1/subaccounts/${account}/payment_methods`, { number, exp_month: 12, exp_year: 2040 });

const cardsOf = async (account: string): Promise<Card[]> =>
  ok(await owner.get<{ data: Card[] }>(`/v1/subaccounts/${account}/payment_methods`)).data;

/** 6,000 s at 0.20: 20.00. */
async function buy(account: string, payment_method: string, seconds = 6000): Promise<Paid> {
  const order = { tier: "premium", seconds, payment_method };
  return ok(await owner.post<Paid>(`/v1/subaccounts/${account}/purchases`, order));
}

const settled = async ({ id }: { id: string }): Promise<Paid> =>
  ok(await owner.get<Paid>(`/v1/purchases/${id}?wait=20`));

async function buyWith(number: string): Promise<{ account: string; paid: Paid }> {
  const account = await newAccount();
  return { account, paid: await settled(await buy(account, ok(await addCard(account, number)).id)) };
}

/** What the processor knows of a purchase or refund: a line each time something happened. */
async function bookOf(id: string): Promise<string[]> {
  const lines = (await readFile(book, "utf8")).split("\n");
  return lines.filter((line) => line.includes(id)).map((line) => line.replaceAll(/minutebank-\w+_\w+/g, "key"));
}

const profit = async (): Promise<string> => ok(await owner.get<{ profit_usd: string }>("/v1/agency/credit")).profit_usd;

test("a card is kept by what people tell it by, and by nothing else", async () => {
  const account = await newAccount();
  const card = ok(await addCard(account, CARDS.fine));
  assert.deepEqual([card.brand, card.last4, card.default, card.expired], ["visa", "4242", true, false]);
  assert.equal(ok(await addCard(account, "5555555555554444")).default, false);
  const rows = JSON.stringify(await app.store.query("SELECT * FROM payment_methods"), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  assert.ok(
    !/\d{12}4242|5555\d/.test(rows.replaceAll(/"(agency_id|id|subaccount_id|created_by|created_at)":"\d+"/g, "")),
  );
  assert.ok(!app.server.logs.includes("42424242"), "no number in the log");
});

test("numbers that are none, or no test card's, and cards that ran out are refused by their field", async () => {
  const account = await newAccount();
  const wrong = (reply: Reply, field: string, code: string): void => {
    refused(reply, 422, "invalid", field);
    assert.match(JSON.stringify(reply.body), new RegExp(`"code":"${code}"`));
  };
  wrong(await addCard(account, "4242424242424241"), "number", "bad_card_number");
  wrong(await addCard(account, "four"), "number", "bad_card_number");
  wrong(await addCard(account, "4111111111111111"), "number", "not_a_test_card");
  const path = `/v1/subaccounts/${account}/payment_methods`;
  const card = { number: CARDS.fine, exp_month: 1, exp_year: 2020 };
  wrong(await owner.post(path, card), "exp_year", "card_expired");
  wrong(await owner.post(path, { ...card, exp_month: 13 }), "exp_month", "too_large");
  assert.deepEqual(await cardsOf(account), []);
});

test("ten cards and no more; the default is chosen, and passes on when it goes", async () => {
  const account = await newAccount();
  const path = `/v1/subaccounts/${account}/payment_methods`;
  const ids: string[] = [];
  for (let n = 0; n < 10; n++) ids.push(ok(await addCard(account, CARDS.fine)).id);
  refused(await addCard(account, CARDS.fine), 409, "too_many_cards");
  const defaults = async () => (await cardsOf(account)).filter((card) => card.default).map(({ id }) => id);
  assert.deepEqual(await defaults(), [ids[0]]);
  ok(await owner.post(`${path}/${ids[4] ?? ""}/default`));
  assert.deepEqual(await defaults(), [ids[4]]);
  ok(await owner.delete(`${path}/${ids[4] ?? ""}`));
  assert.deepEqual(await defaults(), [ids[9]]);
  refused(await owner.delete(`${path}/${ids[4] ?? ""}`), 404, "not_found");
  refused(await owner.post(`${path}/${ids[4] ?? ""}/default`), 404, "not_found");
  const other = await newAccount();
  refused(await owner.delete(`/v1/subaccounts/${other}/payment_methods/${ids[0] ?? ""}`), 404, "not_found");
  for (const id of ids.filter((_, n) => n !== 4)) ok(await owner.delete(`${path}/${id}`));
  assert.deepEqual(await cardsOf(account), []);
});

test("a card that is charged: minutes in the wallet, profit to be paid out", async () => {
  const before = await profit();
  const account = await newAccount();
  const card = ok(await addCard(account, CARDS.fine)).id;
  const pending = await buy(account, card);
  assert.deepEqual(
    [pending.provider, pending.payer, pending.payment_method, pending.paid_usd],
    ["test", account, card, "20.00"],
  );
  const paid = await settled(pending);
  assert.deepEqual([paid.state, paid.profit_usd, paid.failure], ["succeeded", "4.00", null]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
  assert.equal(Number(await profit()) - Number(before), 4);
  assert.deepEqual(await bookOf(paid.id), ["charge key 20000000 charged"]);
  const { available_usd, payable_usd } = ok(await owner.get<Record<string, string | null>>("/v1/agency/credit"));
  assert.deepEqual([available_usd, payable_usd], [null, await profit()]);
});

for (const name of ["declined", "insufficient_funds", "expired"] as const) {
  test(`a card that is refused (${name}) grants nothing and says why`, async () => {
    const { account, paid } = await buyWith(CARDS[name]);
    const failure = { declined: "card_declined", insufficient_funds: "insufficient_funds", expired: "expired_card" }[
      name
    ];
    assert.deepEqual([paid.state, paid.failure], ["failed", failure]);
    assert.equal((await walletOf(owner, account)).premium_seconds, 0);
    refused(await owner.post(`/v1/purchases/${paid.id}/mark_paid`), 409, "purchase_not_pending");
  });
}

test("a payment that must be confirmed waits, and goes on when it is", async () => {
  const { account, paid } = await buyWith(CARDS.asks);
  assert.deepEqual([paid.state, paid.failure], ["requires_action", "action_required"]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 0);
  assert.equal(ok(await owner.post<Paid>(`/v1/purchases/${paid.id}/complete_action`)).state, "processing");
  assert.equal((await settled(paid)).state, "succeeded");
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
  refused(await owner.post(`/v1/purchases/${paid.id}/complete_action`), 409, "no_action_required");

  const { paid: other } = await buyWith(CARDS.asks_and_declines);
  ok(await owner.post(`/v1/purchases/${other.id}/complete_action`));
  const { state, failure } = await settled(other);
  assert.deepEqual([state, failure], ["failed", "card_declined"]);
});

test("a payment that nobody confirms within a day fails", async () => {
  const { paid } = await buyWith(CARDS.asks);
  await setClock(app, new Date((await clockOf(app)).getTime() + 86_400_000 + 1000));
  await jobsSettled(app);
  const { state, failure } = await settled(paid);
  assert.deepEqual([state, failure], ["failed", "action_expired"]);
  refused(await owner.post(`/v1/purchases/${paid.id}/complete_action`), 409, "no_action_required");
});

test("a processor that is slow keeps nobody else waiting, and who asks with `wait` hears it", async () => {
  const account = await newAccount();
  const card = ok(await addCard(account, CARDS.slow)).id;
  const { id } = await buy(account, card);
  const before = Date.now();
  const early = ok(await owner.get<Paid>(`/v1/purchases/${id}?wait=1`));
  assert.equal(early.state, "processing");
  assert.ok(Date.now() - before >= 900, "it waited");
  const waiting = Array.from({ length: 20 }, () => owner.get<Paid>(`/v1/purchases/${id}?wait=20`));
  const quick = Date.now();
  ok(await owner.get("/v1/agency"));
  assert.ok(Date.now() - quick < 1000, "others are answered meanwhile");
  for (const reply of await Promise.all(waiting)) assert.equal(ok(reply).state, "succeeded");
  refused(await owner.get(`/v1/purchases/${id}?wait=31`), 422, "invalid", "wait");
});

test("a success that is told twice counts once", async () => {
  const { account, paid } = await buyWith(CARDS.twice);
  assert.equal(paid.state, "succeeded");
  await jobsSettled(app);
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
});

test("a processor that is away is asked again, and charges once", async () => {
  const account = await newAccount();
  const card = ok(await addCard(account, CARDS.unreachable)).id;
  const pending = await buy(account, card);
  await jobsSettled(app);
  assert.equal(ok(await owner.get<Paid>(`/v1/purchases/${pending.id}`)).state, "processing");
  for (let n = 0; n < 2; n++) {
    await setClock(app, new Date((await clockOf(app)).getTime() + 3_600_000));
    await jobsSettled(app);
  }
  assert.equal((await settled(pending)).state, "succeeded");
  assert.deepEqual(await bookOf(pending.id), [
    "try key 20000000 unreachable",
    "try key 20000000 unreachable",
    "charge key 20000000 charged",
  ]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
});

test("a card's refund goes back by the processor, whole and in part", async () => {
  const before = await profit();
  const { account, paid } = await buyWith(CARDS.fine);
  const path = `/v1/purchases/${paid.id}`;
  const part = ok(await owner.post<Refund>(`${path}/refund`, { seconds: 1500 }));
  assert.deepEqual([part.state, part.amount_usd], ["pending", "5.00"]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 4500, "minutes go at once");
  await jobsSettled(app);
  ok(await owner.post(`${path}/refund`, {}));
  await jobsSettled(app);
  const { data } = ok(await owner.get<{ data: Refund[] }>(`${path}/refunds`));
  assert.deepEqual(
    data.map(({ state, amount_usd }) => [state, amount_usd]),
    [
      ["succeeded", "15.00"],
      ["succeeded", "5.00"],
    ],
  );
  assert.deepEqual(await bookOf(part.id), ["refund key 5000000 refunded"]);
  assert.equal((await settled(paid)).state, "refunded");
  assert.equal(await profit(), before);
});

test("a refund that the processor refuses leaves everything as it was", async () => {
  const { account, paid } = await buyWith(CARDS.refund_fails);
  const before = await profit();
  const { id } = ok(await owner.post<Refund>(`/v1/purchases/${paid.id}/refund`, {}));
  await jobsSettled(app);
  const { data } = ok(await owner.get<{ data: Refund[] }>(`/v1/purchases/${paid.id}/refunds`));
  assert.deepEqual(
    data.map((refund) => [refund.id, refund.state, refund.failure]),
    [[id, "failed", "refund_refused"]],
  );
  const { state, refunded_usd } = await settled(paid);
  assert.deepEqual([state, refunded_usd], ["succeeded", "0.00"]);
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
  assert.equal(await profit(), before);
});

test("a lost dispute takes everything, used or not: the wallet and profit go below zero, and later profit fills it", async () => {
  const { account, paid } = await buyWith(CARDS.fine);
  await record(engine, [call({ id: `use-${account}`, subaccount: account, duration_seconds: 4000 })]);
  const before = Number(await profit());
  const path = `/v1/platform/agencies/${agency}/purchases/${paid.id}/dispute_lost`;
  interface Dispute {
    seconds: number;
    amount_usd: string;
    profit_usd: string;
  }
  const { seconds, amount_usd, profit_usd } = ok(await staff.post<Dispute>(path));
  assert.deepEqual([seconds, amount_usd, profit_usd], [6000, "20.00", "4.00"]);
  const { premium_seconds, overdrawn } = await walletOf(owner, account);
  assert.deepEqual([premium_seconds, overdrawn], [-4000, true]);
  assert.equal(Number(await profit()), before - 4);
  refused(await staff.post(path), 409, "purchase_not_disputable");
  refused(await owner.post(`/v1/purchases/${paid.id}/refund`, {}), 409, "purchase_not_refundable");
  const seen = await settled(paid);
  assert.deepEqual([seen.state, seen.refunded_usd], ["succeeded", "20.00"]);
});

test("profit that covers what the agency owes is not refunded away", async () => {
  ok(await owner.get("/v1/agency/credit"));
  const { paid } = await buyWith(CARDS.fine);
  interface Credit {
    balance_usd: string;
    profit_usd: string;
  }
  const { balance_usd, profit_usd } = ok(await owner.get<Credit>("/v1/agency/credit"));
  ok(await staff.patch(`/v1/platform/agencies/${agency}`, { credit_limit_usd: "0.00" }));
  // What is left of credit and profit goes to goodwill, down to less than the refund takes.
  const left = Number(balance_usd) + Math.max(0, Number(profit_usd));
  const account = await newAccount();
  const seconds = Math.floor(((left - 1) * 60) / 0.16);
  ok(
    await owner.post(`/v1/subaccounts/${account}/adjustments`, {
      ...{ tier: "premium", seconds, reason: "Goodwill" },
    }),
  );
  refused(await owner.post(`/v1/purchases/${paid.id}/refund`, {}), 409, "insufficient_credit");
  ok(
    await owner.post(`/v1/subaccounts/${account}/adjustments`, { tier: "premium", seconds: -seconds, reason: "Back" }),
  );
  ok(await owner.post(`/v1/purchases/${paid.id}/refund`, {}));
  ok(await staff.patch(`/v1/platform/agencies/${agency}`, { credit_limit_usd: null }));
  await jobsSettled(app);
});

test("money that came for an account that was removed meanwhile goes back, and grants nothing", async () => {
  const account = await newAccount();
  const card = ok(await addCard(account, CARDS.unreachable)).id;
  const pending = await buy(account, card);
  await jobsSettled(app);
  ok(await owner.post(`/v1/subaccounts/${account}/remove`, {}));
  for (let n = 0; n < 2; n++) {
    await setClock(app, new Date((await clockOf(app)).getTime() + 3_600_000));
    await jobsSettled(app);
  }
  const { state, failure } = await settled(pending);
  assert.deepEqual([state, failure], ["failed", "subaccount_removed"]);
  assert.deepEqual((await bookOf(pending.id)).slice(-2), [
    "charge key 20000000 charged",
    "refund key-return 20000000 refunded",
  ]);
});

test("a purchase that waits to be paid outside can be called off, one by card cannot", async () => {
  const account = await newAccount();
  const order = { tier: "premium", seconds: 60 };
  const { id } = ok(await owner.post<Paid>(`/v1/subaccounts/${account}/purchases`, order));
  assert.equal(ok(await owner.post<Paid>(`/v1/purchases/${id}/cancel`)).state, "canceled");
  refused(await owner.post(`/v1/purchases/${id}/cancel`), 409, "purchase_not_pending");
  refused(await owner.post(`/v1/purchases/${id}/mark_paid`), 409, "purchase_not_pending");
  const { paid } = await buyWith(CARDS.fine);
  refused(await owner.post(`/v1/purchases/${paid.id}/cancel`), 409, "purchase_not_pending");
  const wait = await owner.get<Paid>(`/v1/purchases/${id}?wait=20`);
  assert.equal(ok(wait).state, "canceled", "at rest is answered at once");
});

test("another account's card, a removed one and one that is not there pay nothing", async () => {
  const [account, other] = [await newAccount(), await newAccount()];
  const theirs = ok(await addCard(other, CARDS.fine)).id;
  const gone = ok(await addCard(account, CARDS.fine)).id;
  ok(await owner.delete(`/v1/subaccounts/${account}/payment_methods/${gone}`));
  for (const payment_method of [theirs, gone, "pmt_0000000000001"]) {
    const order = { tier: "premium", seconds: 60, payment_method };
    refused(await owner.post(`/v1/subaccounts/${account}/purchases`, order), 422, "invalid", "payment_method");
  }
});

test("every role with access adds cards and buys; a suspended account's own people do not", async () => {
  const account = await newAccount();
  for (const role of ROLES) {
    if (role === "agency_owner" || role === "agency_member") continue;
    const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [account] }));
    ok(await addCard(account, CARDS.fine, client));
  }
  const person = await addPerson(app.store, app.owner, "subaccount_admin", { grants: [account] });
  const client = await app.client().login(person);
  ok(await owner.post(`/v1/subaccounts/${account}/suspend`, {}));
  refused(await addCard(account, CARDS.fine, client), 409, "subaccount_suspended");
  const [card] = await cardsOf(account);
  refused(
    await client.post(`/v1/subaccounts/${account}/payment_methods/${card?.id ?? ""}/default`),
    409,
    "subaccount_suspended",
  );
  refused(
    await client.delete(`/v1/subaccounts/${account}/payment_methods/${card?.id ?? ""}`),
    409,
    "subaccount_suspended",
  );
  ok(await addCard(account, CARDS.fine));
});

test("a dispute that is lost after the account was removed is owed by the primary, as late calls are", async () => {
  const primary = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";
  const { account, paid } = await buyWith(CARDS.fine);
  const received = { premium_seconds: 7500 };
  ok(await owner.post(`/v1/subaccounts/${account}/remove`, { minutes_to: primary, received }));
  const before = (await walletOf(owner, primary)).premium_seconds;
  ok(await staff.post(`/v1/platform/agencies/${agency}/purchases/${paid.id}/dispute_lost`));
  assert.equal((await walletOf(owner, account)).premium_seconds, 0);
  assert.equal((await walletOf(owner, primary)).premium_seconds, before - 6000);
});

test("no account is removed while a refund is on its way, which may fail and give its minutes back", async () => {
  const { account, paid } = await buyWith(CARDS.refund_fails);
  ok(await owner.post(`/v1/purchases/${paid.id}/refund`, {}));
  // On its way, or back already: then the minutes have to go somewhere first.
  const { status, body } = await owner.post<Problem>(`/v1/subaccounts/${account}/remove`, {});
  assert.ok((status === 409 && body.code === "refund_pending") || (status === 422 && body.code === "invalid"));
  await jobsSettled(app);
  assert.equal((await walletOf(owner, account)).premium_seconds, 6000);
});

test("a restart in the middle loses no purchase and charges none twice", async () => {
  const account = await newAccount();
  const card = ok(await addCard(account, CARDS.slow)).id;
  const { id } = await buy(account, card);
  while (!(await bookOf(id)).length) await new Promise((resolve) => setTimeout(resolve, 20));
  await app.crash();
  const again = await app.ownerClient();
  // The lease of the node that died runs out.
  await setClock(app, new Date(Date.now() + 7 * 86_400_000));
  const { state } = ok(await again.get<Paid>(`/v1/purchases/${id}?wait=30`));
  assert.equal(state, "succeeded");
  assert.deepEqual(await bookOf(id), ["charge key 20000000 charged"]);
  assert.equal((await walletOf(again, account)).premium_seconds, 6000);
});
