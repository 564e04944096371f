// Renewals: the plan's fee, its monthly minutes, their distribution, and the payout rule; once for each cycle.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { sellByCard } from "../harness/card_sale.ts";
import { ok, refused } from "../harness/client.ts";
import { cycleStart } from "../harness/cycles.ts";
import { clockOf, jobsSettled, setClock } from "../harness/jobs.ts";
import { MailServer } from "../harness/mail.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell, walletOf, type Subaccount } from "../harness/scene.ts";

interface Seconds {
  basic_seconds: number;
  premium_seconds: number;
}
interface Distribution {
  counts: boolean;
  accounts: number;
  now: Seconds;
  now_since: string;
  next: Seconds;
  next_at: string;
  needed: Seconds;
  included: Seconds;
  primary: Seconds;
}
interface Renewal {
  id: string;
  start_at: string;
  end_at: string;
  plan_code: string;
  fee_usd: string;
  granted: Seconds;
  each: Seconds;
  accounts: number;
  distributed: Seconds;
  short_accounts: number;
  payout: string;
  payable_usd: string;
  completed_at: string | null;
}
interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
}
interface Payout {
  id: string;
  amount_usd: string;
  state: string;
  failure: string | null;
  agency?: { id: string; name: string };
}
interface Job {
  id: string;
  kind: string;
  state: string;
  subject: string;
  agency: { id: string; name: string } | null;
  due_at: string;
  tries: number;
  last_error: string | null;
}

const post = await MailServer.start();
after(() => post.stop());
const mail = ["--smtp-url", `smtp://127.0.0.1:${post.port}`, "--mail-from", "Minutes <mail@minutes.example>"];
const app = await startApp({ staff: STAFF, args: ["--test-clock", ...mail] });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const { data: first } = ok(await owner.get<Page<Subaccount>>("/v1/subaccounts"));
const primary = first[0]?.id ?? "";
const [row] = await app.store.query("SELECT timezone, subscription_start FROM agencies");
const anchor = row?.["subscription_start"] as string;
let zone = row?.["timezone"] as string;

let cycle = 0;
const startOf = (index: number): Date => new Date(cycleStart(anchor, zone, index));

/** To the start of the next cycle, and a second; everything that is due then is done. */
async function renew(cycles = 1): Promise<void> {
  cycle += cycles;
  await goTo(new Date(startOf(cycle).getTime() + 1000));
  await jobsSettled(app);
}

/** Sessions do not last a month. */
async function goTo(at: Date): Promise<void> {
  await setClock(app, at);
  await owner.login(app.owner);
  await staff.login(STAFF);
}

const renewals = async (): Promise<Renewal[]> =>
  ok(await owner.get<Page<Renewal>>("/v1/agency/renewals?limit=500")).data;
async function latest(): Promise<Renewal> {
  const [newest] = await renewals();
  assert.ok(newest, "there was a renewal");
  return newest;
}
const distribution = async (): Promise<Distribution> => ok(await owner.get<Distribution>("/v1/agency/distribution"));
const distribute = async (basic_seconds: number, premium_seconds: number): Promise<Distribution> =>
  ok(await owner.put<Distribution>("/v1/agency/distribution", { basic_seconds, premium_seconds }));
const premiumOf = async (id: string): Promise<number> => (await walletOf(owner, id)).premium_seconds;
const creditOf = async (): Promise<string> => ok(await owner.get<{ credit_usd: string }>("/v1/agency")).credit_usd;
const onPlan = (code: string): Promise<unknown> =>
  app.store.damage(
    `UPDATE agencies SET plan_code = '${code}'; INSERT INTO plan_starts SELECT id, plan_code, created_at FROM agencies`,
  );

test("a plan without anything monthly renews too, and posts nothing", async () => {
  const [{ n: before } = {}] = await app.store.query("SELECT COUNT(*) AS n FROM ledger_postings");
  await renew();
  const renewal = await latest();
  assert.deepEqual(
    [renewal.start_at, renewal.end_at].map((text) => Date.parse(text)),
    [startOf(1), startOf(2)].map((at) => at.getTime()),
  );
  assert.deepEqual(
    [renewal.fee_usd, renewal.granted, renewal.each, renewal.accounts, renewal.payout],
    ["0.00", { basic_seconds: 0, premium_seconds: 0 }, { basic_seconds: 0, premium_seconds: 0 }, 0, "nothing"],
  );
  const [{ n: after } = {}] = await app.store.query("SELECT COUNT(*) AS n FROM ledger_postings");
  assert.equal(after, before);
});

test("the plan's fee is the platform's claim, whatever the credit limit is", async () => {
  await app.store.damage(
    "UPDATE plans SET monthly_fee_micros = 97000000; UPDATE agencies SET credit_limit_micros = 10000000",
  );
  await renew();
  assert.equal((await latest()).fee_usd, "97.00");
  assert.equal(await creditOf(), "-97.00");
  ok(await staff.post(`/v1/platform/agencies/${agency}/settlements`, { amount_usd: "97.00" }));
  await app.store.damage("UPDATE plans SET monthly_fee_micros = 0; UPDATE agencies SET credit_limit_micros = NULL");
});

test("monthly minutes go to the primary, and from it 200 to each client", async () => {
  await onPlan("partner_legacy");
  const harbor = (await addSubaccount(owner, "Harbor Dental")).id;
  const acme = (await addSubaccount(owner, "Acme Solar", { prices: { basic: "0.50", premium: "0.90" } })).id;
  ok(await owner.post(`/v1/subaccounts/${acme}/suspend`, {}));
  const had = await premiumOf(primary);
  const planned = await distribution();
  assert.deepEqual(
    [planned.counts, planned.accounts, planned.next, planned.needed],
    [true, 2, { basic_seconds: 0, premium_seconds: 12_000 }, { basic_seconds: 0, premium_seconds: 24_000 }],
  );
  await renew();
  const renewal = await latest();
  assert.deepEqual(renewal.granted, { basic_seconds: 0, premium_seconds: 120_000 });
  assert.deepEqual(renewal.distributed, { basic_seconds: 0, premium_seconds: 24_000 });
  assert.deepEqual([renewal.accounts, renewal.short_accounts], [2, 0]);
  assert.ok(renewal.completed_at);
  assert.deepEqual(
    await Promise.all([primary, harbor, acme].map(premiumOf)),
    [had + 120_000 - 24_000, 12_000, 12_000],
    "one to one, whatever the prices, and to the suspended one too",
  );
  assert.equal(await creditOf(), "0.00");
});

test("a change counts from the next renewal on, and says since when", async () => {
  const before = await distribution();
  const changed = await distribute(600, 3000);
  assert.deepEqual([changed.now, changed.next], [before.now, { basic_seconds: 600, premium_seconds: 3000 }]);
  assert.equal(Date.parse(changed.next_at), startOf(cycle + 1).getTime());
  refused(await owner.put("/v1/agency/distribution", { basic_seconds: 0 }), 422, "invalid", "premium_seconds");
  refused(
    await owner.put("/v1/agency/distribution", { basic_seconds: -1, premium_seconds: 0 }),
    422,
    "invalid",
    "basic_seconds",
  );
  assert.deepEqual((await distribution()).next, { basic_seconds: 600, premium_seconds: 3000 });
});

test("too few go in the order of names, and the rest is told", async () => {
  await sell(owner, primary, "basic", 700);
  await addSubaccount(owner, "Zinnia Clinic");
  await renew();
  const renewal = await latest();
  assert.deepEqual(renewal.each, { basic_seconds: 600, premium_seconds: 3000 });
  assert.deepEqual(renewal.distributed, { basic_seconds: 600, premium_seconds: 9000 });
  assert.deepEqual([renewal.accounts, renewal.short_accounts], [3, 2]);
  const at = `/v1/agency/renewals/${renewal.id}/short`;
  const { data } = ok(await owner.get<Page<{ name: string } & Seconds>>(at));
  assert.deepEqual(
    data.map(({ name, basic_seconds, premium_seconds }) => [name, basic_seconds, premium_seconds]),
    [
      ["Harbor Dental", 0, 3000],
      ["Zinnia Clinic", 0, 3000],
    ],
  );
  const page = ok(await owner.get<Page<{ name: string }>>(`${at}?limit=1`));
  const rest = ok(await owner.get<Page<{ name: string }>>(`${at}?limit=1&cursor=${page.next_cursor ?? ""}`));
  assert.deepEqual(
    [page, rest].map(({ data: [one] }) => one?.name),
    ["Harbor Dental", "Zinnia Clinic"],
  );
  assert.equal(rest.next_cursor, null);
  assert.equal((await walletOf(owner, primary)).basic_seconds, 100, "nobody is below zero");
});

// ../faults_others_shipped.md
test("a monthly fee silently skipped: missed renewals are made up for in order, each with what counted at its time", async () => {
  const client = (await addSubaccount(owner, "Late Bloomers")).id;
  await distribute(0, 60);
  await app.store.damage("UPDATE plans SET monthly_fee_micros = 97000000");
  const owed_before = Number(await creditOf());
  const before = (await renewals()).length;
  const had = await premiumOf(client);
  await renew(7);
  const done = (await renewals()).slice(0, 7).reverse();
  assert.equal((await renewals()).length, before + 7);
  assert.deepEqual(
    done.map(({ start_at }) => Date.parse(start_at)),
    Array.from({ length: 7 }, (_, i) => startOf(cycle - 6 + i).getTime()),
  );
  assert.equal((await premiumOf(client)) - had, 7 * 60);
  assert.deepEqual(new Set(done.map(({ fee_usd }) => fee_usd)), new Set(["97.00"]));
  assert.equal(Math.round(100 * (Number(await creditOf()) - owed_before)), -7 * 9700);
  ok(await staff.post(`/v1/platform/agencies/${agency}/settlements`, { amount_usd: (7 * 97).toFixed(2) }));
  await app.store.damage("UPDATE plans SET monthly_fee_micros = 0");
});

test("the zone may change: no cycle is renewed twice, none is left out", async () => {
  const before = await renewals();
  for (zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/New_York"]) {
    ok(await owner.patch("/v1/agency", { timezone: zone }));
    await jobsSettled(app);
    await renew();
  }
  const after = await renewals();
  assert.equal(after.length, before.length + 4);
  assert.equal(Date.parse(after[0]?.start_at ?? ""), startOf(cycle).getTime());
});

test("while the agency is being deleted nothing renews; what was missed comes after it was called off", async () => {
  await goTo(new Date(startOf(cycle + 1).getTime() - 3 * 86_400_000));
  const name = ok(await owner.get<{ name: string }>("/v1/agency")).name;
  ok(await owner.send("DELETE", "/v1/agency", { body: { name } }));
  const before = (await renewals()).length;
  await renew();
  assert.equal((await renewals()).length, before);
  ok(await owner.post("/v1/agency/undo_delete"));
  await jobsSettled(app);
  assert.equal((await renewals()).length, before + 1);
});

const connect = async (connected: boolean): Promise<unknown> =>
  ok(await staff.put(`/v1/platform/agencies/${agency}/payout_account`, { connected }));
const payouts = async (): Promise<Payout[]> => ok(await owner.get<Page<Payout>>("/v1/payouts")).data;

const accountNow = async (): Promise<string> =>
  ok(await owner.get<{ payout_account: string }>("/v1/profits/standing")).payout_account;
const payableNow = async (): Promise<string> =>
  ok(await staff.get<{ payable_usd: string }>(`/v1/platform/agencies/${agency}`)).payable_usd;
const kept = /could not be paid out$/;
const lettersTo = (address: string, about: RegExp): number =>
  post.sentTo(address).filter(({ headers }) => about.test(headers.get("subject") ?? "")).length;

test("profit that can be paid out stays without an account, and is paid out with one", async () => {
  assert.equal(await creditOf(), "-1.05", "what the basic minutes of above cost");
  ok(await staff.post(`/v1/platform/agencies/${agency}/settlements`, { amount_usd: "1.05" }));
  await earn(150);
  await renew();
  assert.deepEqual([(await latest()).payout, (await latest()).payable_usd], ["not_connected", "150.00"]);
  assert.deepEqual(await payouts(), []);
  assert.deepEqual([await accountNow(), await payableNow()], ["not_connected", "150.00"]);
  await post.arrival(app.owner.email, 1, kept); // a cycle later it would be too old to be sent
  await connect(true);
  assert.equal(await accountNow(), "connected");
  assert.deepEqual(ok(await owner.get("/v1/payout_account")), { connected: true, threshold_usd: "100.00" });
  await renew();
  assert.deepEqual([(await latest()).payout, (await latest()).payable_usd], ["scheduled", "150.00"]);
  assert.deepEqual(
    (await payouts()).map(({ amount_usd, state }) => [amount_usd, state]),
    [["150.00", "scheduled"]],
  );
  await renew();
  assert.equal((await latest()).payout, "nothing");
});

test("owner and admins are told once of each renewal whose payout stayed for want of an account", async () => {
  const admin = await addPerson(app.store, app.owner, "agency_admin");
  const member = await addPerson(app.store, app.owner, "agency_member");
  const first = await post.arrival(app.owner.email, 1, kept);
  assert.equal(first.headers.get("subject"), "Northwind Voice: 150.00 USD could not be paid out");
  assert.ok(first.text.includes("no payout account is connected"));
  await connect(false);
  await earn(100);
  await renew();
  const second = await post.arrival(app.owner.email, 2, kept);
  assert.equal(second.headers.get("subject"), "Northwind Voice: 100.00 USD could not be paid out");
  await post.arrival(admin.email, 1, kept);
  assert.deepEqual([lettersTo(app.owner.email, kept), lettersTo(admin.email, kept)], [2, 1]);
  assert.equal(lettersTo(member.email, /./), 0);
  await connect(true);
  await renew();
  assert.equal((await latest()).payout, "scheduled");
  const [newest] = await payouts();
  ok(await staff.post(`/v1/platform/payouts/${newest?.id ?? ""}/paid`));
  assert.equal(lettersTo(app.owner.email, kept), 2);
});

test("what an agency owes is kept back, and less than the threshold stays", async () => {
  await earn(170);
  await app.store.damage("UPDATE plans SET monthly_fee_micros = 80000000");
  await renew();
  assert.deepEqual([(await latest()).payout, (await latest()).payable_usd], ["below_threshold", "90.00"]);
  await app.store.damage("UPDATE plans SET monthly_fee_micros = 0");
  await earn(10);
  await renew();
  assert.deepEqual([(await latest()).payout, (await latest()).payable_usd], ["scheduled", "100.00"]);
});

test("the staff note by hand that a payout arrived or failed; what failed is profit again", async () => {
  const profit = async (): Promise<string> =>
    ok(await staff.get<{ profit_usd: string }>(`/v1/platform/agencies/${agency}`)).profit_usd;
  const under = (await payouts()).filter(({ state }) => state === "scheduled");
  const [second, oldest] = under;
  assert.ok(second && oldest);
  const had = await profit();
  const at = (id: string, rest: string): string => `/v1/platform/payouts/${id}/${rest}`;
  refused(await owner.post(at(oldest.id, "paid")), 404, "not_found");
  refused(await staff.post(at(oldest.id, "fail"), {}), 422, "invalid", "reason");
  assert.equal(ok(await staff.post<Payout>(at(oldest.id, "paid"))).state, "paid");
  refused(await staff.post(at(oldest.id, "fail"), { reason: "late" }), 409, "payout_settled");
  const failed = ok(await staff.post<Payout>(at(second.id, "fail"), { reason: "The bank sent it back" }));
  assert.deepEqual([failed.state, failed.failure, failed.agency?.id], ["failed", "The bank sent it back", agency]);
  assert.deepEqual([had, await profit()], ["80.00", "180.00"]);
  refused(await staff.post(at(second.id, "paid")), 409, "payout_settled");
  const { data } = ok(await staff.get<Page<Payout>>("/v1/platform/payouts?state=failed"));
  assert.deepEqual(
    data.map(({ id }) => id),
    [second.id],
  );
  const trail = ok(await owner.get<Page<{ action: string }>>("/v1/audit_events")).data.map(({ action }) => action);
  assert.deepEqual(trail.slice(0, 2), ["payout.failed", "payout.paid"]);
  const { headers, text } = await post.arrival(app.owner.email, 1, /payout/);
  assert.equal(headers.get("subject"), "Northwind Voice: a payout of 100.00 USD failed");
  assert.match(text.replaceAll("\n", " "), /did not arrive: The bank sent it back/);
});

test("jobs are listed for the staff, and one is tried again at their word", async () => {
  const { data } = ok(await staff.get<Page<Job>>("/v1/platform/jobs?kind=renewal&state=waiting"));
  assert.deepEqual(
    data.map(({ kind, subject, agency: of, tries }) => [kind, subject, of?.id, tries]),
    [["renewal", agency, agency, 0]],
  );
  const [job] = data;
  assert.ok(job);
  await app.store.damage("UPDATE jobs SET state = 'dead', tries = 10, last_error = 'the moon was full'");
  const dead = ok(await staff.get<Page<Job>>("/v1/platform/jobs?state=dead")).data;
  assert.deepEqual(
    dead.map(({ id, last_error }) => [id, last_error]),
    [[job.id, "the moon was full"]],
  );
  const kinds = ok(await staff.get<Page<{ kind: string; waiting: number; dead: number }>>("/v1/platform/job_kinds"));
  assert.deepEqual(
    kinds.data.filter(({ kind }) => kind === "renewal").map(({ waiting, dead: given_up }) => [waiting, given_up]),
    [[0, 1]],
  );
  const retried = ok(await staff.post<Job>(`/v1/platform/jobs/${job.id}/retry`));
  assert.deepEqual([retried.state, retried.tries], ["waiting", 0]);
  await jobsSettled(app);
  const [again] = ok(await staff.get<Page<Job>>("/v1/platform/jobs")).data;
  assert.deepEqual([again?.last_error, Date.parse(again?.due_at ?? "")], [null, startOf(cycle + 1).getTime()]);
  refused(await staff.post("/v1/platform/jobs/job_0000000000001/retry"), 404, "not_found");
});

let earner: string | undefined;

/** Profit on money that the platform collected: a dollar a minute, of a purchase that a card paid. */
async function earn(dollars: number): Promise<void> {
  earner ??= (await addSubaccount(owner, "Card Payers")).id;
  await sellByCard(app.store, earner, dollars, await clockOf(app));
}
