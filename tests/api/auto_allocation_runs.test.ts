// Monthly auto-allocation at work: each month once, in order, paid at base by the primary's card or not granted (domain.md §5).

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Automatic, CARDS, type AutomaticPurchase } from "../harness/automatic.ts";
import { ok, refused } from "../harness/client.ts";
import { MailServer } from "../harness/mail.ts";
import { pastDue } from "../harness/past_due.ts";
import { addSubaccount, walletOf } from "../harness/scene.ts";

const post = await MailServer.start();
after(() => post.stop());
const automatic = await Automatic.start(post);
const { app } = automatic;
await automatic.at("2027-01-10T09:00:00Z");
const primary = await automatic.primary();
await automatic.useCard(primary, CARDS.fine);

interface Run {
  month: string;
  state: string;
  basic_seconds: number;
  premium_seconds: number;
  due_at: string;
  failures: number;
  reason: string | null;
  retry_at: string | null;
}
interface Allocation {
  state: string;
  next_run_at: string | null;
  card: { last4: string } | null;
  runs: Run[];
}

const path = (account: string): string => `/v1/subaccounts/${account}/auto_allocation`;
const read = async (account: string): Promise<Allocation> => ok(await automatic.owner.get<Allocation>(path(account)));
const put = async (account: string, body: object): Promise<Allocation> =>
  ok(await automatic.owner.put<Allocation>(path(account), body));
const bought = (account: string): Promise<AutomaticPurchase[]> => automatic.purchases(account, "auto_allocation");

/** Months and what became of them, the earliest first. */
const months = async (account: string): Promise<string[]> =>
  (await read(account)).runs.map(({ month, state }) => `${month} ${state}`).reverse();

let names = 0;
const PREMIUM = { enabled: true, premium_seconds: 6000, day: 5 };

async function account(settings: object = PREMIUM): Promise<string> {
  const { id } = await addSubaccount(automatic.owner, `Client ${++names}`, {
    prices: { basic: "0.50", premium: "0.90" },
  });
  await put(id, settings);
  return id;
}

async function inZone(timezone: string): Promise<void> {
  ok(await automatic.owner.patch("/v1/agency", { timezone }));
}

test("on its day the primary's card pays base price, the client gets the minutes, and nobody earns", async () => {
  const id = await account({ enabled: true, premium_seconds: 6000, basic_seconds: 601, day: 11 });
  const [own, profit] = [await walletOf(automatic.owner, primary), await profitOf(id)];
  assert.deepEqual([(await read(id)).card?.last4, (await read(id)).state], ["4242", "on"]);
  await automatic.at("2027-01-10T23:59:50Z");
  assert.deepEqual(await months(id), []);
  await automatic.at("2027-01-11T00:00:01Z");
  assert.deepEqual(await months(id), ["2027-01 succeeded"]);
  const purchases = await bought(id);
  assert.deepEqual(
    purchases.map(({ tier, seconds, paid_usd, profit_usd }) => [tier, seconds, paid_usd, profit_usd]),
    [
      ["basic", 601, "0.91", "0.00"],
      ["premium", 6000, "16.00", "0.00"],
    ],
  );
  const { basic_seconds, premium_seconds } = await walletOf(automatic.owner, id);
  assert.deepEqual([basic_seconds, premium_seconds], [601, 6000]);
  assert.deepEqual(await walletOf(automatic.owner, primary), own, "the plan's minutes stay where they are");
  assert.equal(await profitOf(id), profit);
  assert.equal((await read(id)).next_run_at, "2027-02-11T00:00:00Z");
  await put(id, { enabled: false });
});

async function profitOf(account: string): Promise<string> {
  return ok(await automatic.owner.get<{ profit_usd: string }>(`/v1/subaccounts/${account}/overview`)).profit_usd;
}

test("the 31st is the last day of February, and the 31st again in March", async () => {
  const id = await account({ ...PREMIUM, day: 31 });
  await automatic.at("2027-01-31T12:00:00Z");
  await automatic.at("2027-02-27T23:59:00Z");
  assert.deepEqual(await months(id), ["2027-01 succeeded"]);
  await automatic.at("2027-02-28T00:00:01Z");
  assert.deepEqual(await months(id), ["2027-01 succeeded", "2027-02 succeeded"]);
  await automatic.at("2027-03-01T00:00:00Z");
  assert.equal((await read(id)).next_run_at, "2027-03-31T00:00:00Z");
  await automatic.at("2027-03-31T00:00:01Z");
  assert.deepEqual((await read(id)).runs.map(({ due_at }) => due_at).reverse(), [
    ...["2027-01-31T00:00:00Z", "2027-02-28T00:00:00Z", "2027-03-31T00:00:00Z"],
  ]);
  assert.equal((await bought(id)).length, 3);
  await put(id, { enabled: false });
});

test("a night that has no midnight, and one that has two, have one run each", async () => {
  await inZone("America/Havana");
  // On 14 March 2027 Havana goes from 00:00 to 01:00, on 7 November back from 01:00 to 00:00.
  const [spring, autumn] = [await account({ ...PREMIUM, day: 14 }), await account({ ...PREMIUM, day: 7 })];
  await automatic.at("2027-04-14T03:00:00Z");
  assert.equal((await read(spring)).next_run_at, "2027-04-14T04:00:00Z");
  await automatic.at("2027-11-07T03:59:50Z");
  const before = (await months(autumn)).length;
  for (const time of ["04:00:01", "04:30:00", "05:00:01", "05:30:00"]) await automatic.at(`2027-11-07T${time}Z`);
  assert.equal((await months(autumn)).length, before + 1);
  assert.equal((await read(autumn)).runs[0]?.due_at, "2027-11-07T04:00:00Z");
  await automatic.at("2028-03-11T12:00:00Z");
  assert.equal((await read(autumn)).next_run_at, "2028-04-07T04:00:00Z");
  for (const id of [spring, autumn]) await put(id, { enabled: false });
  await inZone("UTC");
});

test("another zone moves the next run with its midnight", async () => {
  const id = await account({ ...PREMIUM, day: 20 });
  assert.equal((await read(id)).next_run_at, "2028-03-20T00:00:00Z");
  await inZone("Asia/Tokyo");
  assert.equal((await read(id)).next_run_at, "2028-03-19T15:00:00Z");
  await automatic.at("2028-03-19T15:00:01Z");
  assert.deepEqual(await months(id), ["2028-03 succeeded"]);
  await inZone("UTC");
  await automatic.at("2028-03-20T00:00:01Z");
  assert.deepEqual(await months(id), ["2028-03 succeeded"]);
  await put(id, { enabled: false });
});

test("months missed in a downtime are caught up in order, each once", async () => {
  const id = await account();

  await app.restart();
  await automatic.at("2028-08-10T00:00:00Z");
  assert.deepEqual(await months(id), [
    ...["2028-04 succeeded", "2028-05 succeeded", "2028-06 succeeded", "2028-07 succeeded", "2028-08 succeeded"],
  ]);
  const purchases = await bought(id);
  assert.equal(purchases.length, 5);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 30_000);
  const trail = await automatic.actions(id, "auto_allocation");
  assert.deepEqual(trail, Array(5).fill(["auto_allocation.begun", "auto_allocation.succeeded"]).flat());
  await put(id, { enabled: false });
});

test("a payment that fails is tried again after 1, 3 and 5 days, then past due; a month that is paid clears it", async () => {
  await automatic.useCard(primary, CARDS.declined);
  const id = await account();
  await automatic.at("2028-09-05T00:00:01Z");
  for (const [failures, day] of [
    [1, "06"],
    [2, "08"],
    [3, "10"],
  ] as const) {
    const { state, runs } = await read(id);
    assert.deepEqual([state, runs[0]?.failures, runs[0]?.reason], ["retrying", failures, "card_declined"]);
    assert.equal(runs[0]?.retry_at?.slice(0, 10), `2028-09-${day}`);
    assert.deepEqual(await risksOf(id), ["payment_failing"]);
    await automatic.at(new Date(Date.parse(runs[0].retry_at) + 1000).toISOString());
  }
  const { state, runs } = await read(id);
  assert.deepEqual([state, runs[0]?.state, runs[0]?.failures], ["past_due", "past_due", 4]);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 0, "nothing is granted unpaid");
  assert.equal((await bought(id)).length, 4);
  assert.deepEqual(await risksOf(id), ["allocation_past_due"]);
  const subject = `Northwind Voice: the monthly minutes of Client ${names} are past due`;
  assert.ok((await automatic.mailsTo(app.owner.email, 1)).includes(subject));

  await automatic.useCard(primary, CARDS.fine);
  await automatic.at("2028-10-05T00:00:01Z");
  assert.deepEqual(await months(id), ["2028-09 past_due", "2028-10 succeeded"]);
  assert.equal((await read(id)).state, "on");
  assert.deepEqual(await risksOf(id), []);
  assert.equal(
    (await walletOf(automatic.owner, id)).premium_seconds,
    6000,
    "the month that was not paid is not made up for",
  );
  await put(id, { enabled: false });
});

test("a month that is past due is tried again by hand, once at a time, and never twice", async () => {
  await automatic.useCard(primary, CARDS.fine);
  const { id } = await addSubaccount(automatic.owner, `Client ${++names}`);
  const retry = `${path(id)}/retry`;
  refused(await automatic.owner.post(retry), 409, "nothing_past_due");
  refused(await automatic.owner.post(`${path(primary)}/retry`), 409, "primary_cannot_be_allocated");
  await pastDue(app.store, id);
  assert.equal((await read(id)).state, "past_due");

  ok(await automatic.owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  refused(await automatic.owner.post(retry), 409, "subaccount_suspended");
  ok(await automatic.owner.post(`/v1/subaccounts/${id}/restore`));

  await automatic.useCard(primary, CARDS.declined);
  assert.equal(ok(await automatic.owner.post<Allocation>(retry)).state, "processing");
  await automatic.settled();
  const failed = await read(id);
  assert.deepEqual([failed.state, failed.runs[0]?.state, failed.runs[0]?.failures], ["past_due", "past_due", 5]);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 0);

  await automatic.useCard(primary, CARDS.slow);
  const replies = await Promise.all([1, 2, 3].map(() => automatic.owner.post(retry)));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409, 409]);
  await automatic.settled();
  await automatic.at("2028-10-06T00:00:01Z");
  const paid = await read(id);
  assert.deepEqual([paid.state, paid.runs.map(({ state }) => state)], ["on", ["succeeded"]]);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 600);
  assert.deepEqual(await risksOf(id), []);
  refused(await automatic.owner.post(retry), 409, "nothing_past_due");
  const trail = ok(
    await automatic.owner.get<{ data: { action: string; actor: { name: string } }[] }>(
      `/v1/audit_events?target=${id}&action=auto_allocation.retried`,
    ),
  );
  assert.deepEqual(
    trail.data.map(({ actor }) => actor.name),
    ["owner", "owner"],
  );
  await put(id, { enabled: false });
  refused(await automatic.owner.post(retry), 409, "nothing_past_due");
});

async function risksOf(account: string): Promise<string[]> {
  interface Overview {
    risks: { subaccount: string; risk: string }[];
  }
  const { risks } = ok(await automatic.owner.get<Overview>("/v1/agency/overview"));
  return risks.filter(({ subaccount }) => subaccount === account).map(({ risk }) => risk);
}

test("while the account is suspended its months are skipped, and said so", async () => {
  const id = await account();
  ok(await automatic.owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  await automatic.at("2028-12-06T00:00:00Z");
  assert.deepEqual(await months(id), ["2028-11 skipped", "2028-12 skipped"]);
  assert.equal((await read(id)).runs[0]?.reason, "suspended");
  assert.equal((await read(id)).state, "suspended");
  ok(await automatic.owner.post(`/v1/subaccounts/${id}/restore`));
  await automatic.at("2029-01-05T00:00:01Z");
  assert.deepEqual((await months(id)).at(-1), "2029-01 succeeded");
  assert.equal((await bought(id)).length, 1);
  await put(id, { enabled: false });
});

test("without a card it waits to be marked paid, and the month after it waits as well", async () => {
  const cards = ok(await automatic.owner.get<{ data: { id: string }[] }>(`/v1/subaccounts/${primary}/payment_methods`));
  for (const card of cards.data)
    ok(await automatic.owner.delete(`/v1/subaccounts/${primary}/payment_methods/${card.id}`));
  const id = await account();
  await automatic.at("2029-03-06T00:00:00Z");
  assert.deepEqual(await months(id), ["2029-02 processing", "2029-03 scheduled"]);
  assert.deepEqual([(await read(id)).state, (await read(id)).card], ["waiting_for_payment", null]);
  const [waiting, ...more] = await bought(id);
  assert.deepEqual([waiting?.state, waiting?.provider, more.length], ["pending", "manual", 0]);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 0);
  ok(await automatic.owner.post(`/v1/purchases/${waiting?.id}/mark_paid`));
  await automatic.settled();
  assert.deepEqual(await months(id), ["2029-02 succeeded", "2029-03 processing"]);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 6000);
  assert.equal((await bought(id))[0]?.profit_usd, "0.00");

  const off = await put(id, { enabled: false });
  assert.deepEqual([off.state, off.runs[0]?.state, off.runs[0]?.reason], ["off", "skipped", "turned_off"]);
  assert.equal((await bought(id))[1]?.state, "canceled");
  await automatic.useCard(primary, CARDS.fine);
});

test("changes count from the next run: one that has come due keeps its figures", async () => {
  await automatic.useCard(primary, CARDS.insufficientFunds);
  const id = await account();
  await automatic.at("2029-04-05T00:00:01Z");
  await put(id, { ...PREMIUM, premium_seconds: 60, day: 20 });
  await automatic.useCard(primary, CARDS.fine);
  await automatic.at("2029-04-06T00:10:00Z");
  assert.deepEqual(await months(id), ["2029-04 succeeded"]);
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 6000);
  assert.equal((await read(id)).next_run_at, "2029-05-20T00:00:00Z");
  await automatic.at("2029-05-20T00:00:01Z");
  assert.equal((await walletOf(automatic.owner, id)).premium_seconds, 6060);
  await put(id, { enabled: false });
});

test("turned off or removed, what waits to be tried again is skipped", async () => {
  await automatic.useCard(primary, CARDS.declined);
  const [off, gone] = [await account(), await account()];
  await automatic.at("2029-06-05T00:00:01Z");
  await put(off, { enabled: false });
  ok(await automatic.owner.post(`/v1/subaccounts/${gone}/remove`, {}));
  await automatic.useCard(primary, CARDS.fine);
  await automatic.at("2029-08-05T00:00:01Z");
  for (const [id, reason] of [
    [off, "turned_off"],
    [gone, "removed"],
  ] as const) {
    const { state, runs } = await read(id);
    assert.deepEqual([state, runs.length, runs[0]?.state, runs[0]?.reason], ["off", 1, "skipped", reason]);
    assert.deepEqual(
      (await bought(id)).map((one) => one.state),
      ["failed"],
    );
  }
});

test("while the agency is being deleted nothing is bought, and what came due is bought when that is undone", async () => {
  const id = await account();
  ok(await automatic.owner.delete("/v1/agency", { body: { name: "Northwind Voice" } }));
  await automatic.at("2029-08-10T00:00:00Z");
  ok(await automatic.owner.post("/v1/agency/undo_delete"));
  await put(id, { ...PREMIUM, day: 12 });
  ok(await automatic.owner.delete("/v1/agency", { body: { name: "Northwind Voice" } }));
  await automatic.at("2029-08-13T00:00:00Z");
  assert.deepEqual(await bought(id), []);
  ok(await automatic.owner.post("/v1/agency/undo_delete"));
  await automatic.settled();
  assert.deepEqual(await months(id), ["2029-08 succeeded"]);
  await put(id, { enabled: false });
});

test("the list of months is read page by page", async () => {
  const id = await account();
  await automatic.at("2030-01-06T00:00:00Z");
  const all = await months(id);
  assert.equal(all.length, 5);
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    interface Page {
      data: Run[];
      next_cursor: string | null;
    }
    const more: string = cursor && `&cursor=${cursor}`;
    const { data, next_cursor }: Page = ok(await automatic.owner.get<Page>(`${path(id)}/runs?limit=2${more}`));
    seen.push(...data.map(({ month, state }) => `${month} ${state}`));
    cursor = next_cursor;
  }
  assert.deepEqual(seen.reverse(), all);
});
