// Sub-accounts: making them, reading them, their names, emails, references and prices.

import assert from "node:assert/strict";
import { test } from "node:test";

import { App, startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { addSubaccount, call, record, sell, type Subaccount } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write", "read"]);

interface Amounts {
  basic: string;
  premium: string;
}

interface Account extends Subaccount {
  prices: Amounts & { apply_base_price: boolean; raised_to_base: boolean };
  base_prices: Amounts;
  markup_percent: Amounts;
  timezone: string | null;
  suspension: null;
  knowledge_credits: number;
  period: { start: string; end: string; minutes_used_seconds: number; spent_usd: string; purchased_usd: string };
  billing_date: string;
  health: unknown;
}

const read = async (id: string): Promise<Account> => ok(await owner.get<Account>(`/v1/subaccounts/${id}`));
const at = (id: string, part = ""): string => `/v1/subaccounts/${id}${part}`;

test("a new account is active, empty, and at the agency's prices", async () => {
  const input = {
    name: "Harbor Dental",
    email: "ada@harbor.example",
    reference: "acme-042",
    timezone: "Europe/Berlin",
  };
  const reply = await owner.post<Account>("/v1/subaccounts", input);
  assert.equal(reply.status, 201);
  const made = ok(reply);
  const { name, email, reference, timezone, kind, status, suspension } = made;
  assert.deepEqual({ name, email, reference, timezone }, input);
  assert.deepEqual([kind, status, suspension], ["secondary", "active", null]);
  assert.deepEqual(made.wallet, {
    ...{ basic_seconds: 0, premium_seconds: 0, held_basic_seconds: 0, held_premium_seconds: 0 },
    ...{ balance_usd: "0.00", overdrawn: false },
  });
  assert.deepEqual(made.prices, { basic: "0.09", premium: "0.16", apply_base_price: true, raised_to_base: false });
  assert.equal(made.period.end.slice(0, 10) >= made.billing_date, true);
  assert.deepEqual(await read(made.id), made);
});

test("its period's figures are its own use and purchases", async () => {
  const { id } = await addSubaccount(owner, "Periodic", { prices: { basic: "0.12", premium: "0.2" } });
  await sell(owner, id, "premium", 6000);
  await record(engine, [call({ id: "periodic", subaccount: id, duration_seconds: 90 })]);
  const { period, wallet } = await read(id);
  assert.deepEqual([period.minutes_used_seconds, period.spent_usd, period.purchased_usd], [90, "0.30", "20.00"]);
  assert.equal(wallet.balance_usd, "19.70");
});

test("a patch changes what it names, null takes away", async () => {
  const { id } = await addSubaccount(owner, "Patched", { reference: "patch-1", timezone: "Asia/Tokyo" });
  const before = await read(id);
  const named = ok(await owner.patch<Account>(at(id), { name: "Patched & Co" }));
  assert.deepEqual(named, { ...before, name: "Patched & Co" });
  const moved = ok(await owner.patch<Account>(at(id), { email: "New@Patched.Example", reference: "patch-2" }));
  assert.deepEqual([moved.email.toLowerCase(), moved.reference], ["new@patched.example", "patch-2"]);
  const bare = ok(await owner.patch<Account>(at(id), { reference: null, timezone: null }));
  assert.deepEqual([bare.reference, bare.timezone], [null, null]);
  assert.deepEqual(ok(await owner.patch<Account>(at(id), {})), bare);
});

const PATCHES: [string, object, number, string, string?][] = [
  ["an empty name", { name: "" }, 422, "invalid", "name"],
  ["a name of nothing", { name: null }, 422, "invalid", "name"],
  ["a name over the limit", { name: "é".repeat(121) }, 422, "invalid", "name"],
  ["an email that is none", { email: "nobody" }, 422, "invalid", "email"],
  ["a zone that does not exist", { timezone: "Mars/Olympus" }, 422, "invalid", "timezone"],
  ["a blank in a reference", { reference: "a b" }, 422, "invalid", "reference"],
  ["a reference over the limit", { reference: "r".repeat(65) }, 422, "invalid", "reference"],
  ["another account's reference", { reference: "taken" }, 409, "reference_taken"],
  ["another account's email in other letters", { email: "TAKEN@client.example" }, 409, "email_taken"],
  ["a field that is read only", { status: "suspended" }, 400, "unknown_field", "status"],
  ["prices", { prices: { basic: "0.20", premium: "0.30" } }, 400, "unknown_field", "prices"],
];

test("what is wrong in a patch is named, and nothing changes", async (t) => {
  await addSubaccount(owner, "Taken", { reference: "taken" });
  const { id } = await addSubaccount(owner, "Steady", { reference: "steady" });
  const before = await read(id);
  for (const [name, body, status, code, field] of PATCHES) {
    await t.test(name, async () => {
      refused(await owner.patch(at(id), body), status, code, field);
      assert.deepEqual(await read(id), before);
    });
  }
});

test("an account keeps its own email and reference when it is patched with them", async () => {
  const { id, email } = await addSubaccount(owner, "Same", { reference: "same" });
  ok(await owner.patch(at(id), { email: email.toUpperCase(), reference: "same" }));
});

test("two who take the same email at once: one gets it", async () => {
  const input = { name: "Twin", email: "twin@client.example" };
  const replies = await Promise.all([1, 2, 3, 4].map(() => owner.post("/v1/subaccounts", input)));
  assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409, 409]);
});

test("prices are set, and show their markup", async () => {
  const { id } = await addSubaccount(owner, "Priced");
  const { prices, markup_percent, base_prices } = ok(
    await owner.put<Account>(at(id, "/prices"), { basic: "0.09", premium: "0.2" }),
  );
  assert.deepEqual(prices, { basic: "0.09", premium: "0.20", apply_base_price: false, raised_to_base: false });
  assert.deepEqual(base_prices, { basic: "0.09", premium: "0.16" });
  assert.deepEqual(markup_percent, { basic: "0.00", premium: "25.00" });
});

test("applying base price takes the markup away", async () => {
  const { id } = await addSubaccount(owner, "Based", { prices: { basic: "0.20", premium: "0.30" } });
  const { prices } = ok(await owner.put<Account>(at(id, "/prices"), { apply_base_price: true }));
  assert.deepEqual(prices, { basic: "0.09", premium: "0.16", apply_base_price: true, raised_to_base: false });
  const { paid_usd, profit_usd } = await sell(owner, id, "premium", 60);
  assert.deepEqual([paid_usd, profit_usd], ["0.16", "0.00"]);
});

const PRICES: [string, unknown, number, string, string?][] = [
  ["only one tier", { basic: "0.20" }, 422, "invalid", "premium"],
  ["nothing", {}, 422, "invalid", "basic"],
  ["prices and base at once", { basic: "0.20", premium: "0.30", apply_base_price: true }, 422, "invalid"],
  ["a price below base", { basic: "0.089999", premium: "0.30" }, 422, "invalid", "basic"],
  ["both below base", { basic: "0.01", premium: "0.01" }, 422, "invalid", "premium"],
  ["a negative price", { basic: "-0.20", premium: "0.30" }, 422, "invalid", "basic"],
  ["seven decimals", { basic: "0.2000001", premium: "0.30" }, 422, "invalid", "basic"],
  ["an exponent", { basic: "2e-1", premium: "0.30" }, 422, "invalid", "basic"],
  ["more than can be kept", { basic: "99999999999999999999.00", premium: "0.30" }, 422, "invalid", "basic"],
  ["no text", { basic: 0.2, premium: 0.3 }, 422, "invalid", "basic"],
];

test("prices that cannot be are refused, and nothing changes", async (t) => {
  const { id } = await addSubaccount(owner, "Unmoved", { prices: { basic: "0.20", premium: "0.30" } });
  const before = await read(id);
  for (const [name, body, status, code, field] of PRICES) {
    await t.test(name, async () => {
      refused(await owner.put(at(id, "/prices"), body), status, code, field);
      assert.deepEqual(await read(id), before);
    });
  }
});

test("a call counts at the price of its start, also when the price changed since", async () => {
  const { id } = await addSubaccount(owner, "Repriced", { prices: { basic: "0.20", premium: "0.20" } });
  const started_at = new Date().toISOString();
  await record(engine, [call({ id: "priced-before", subaccount: id, started_at })]);
  ok(await owner.put(at(id, "/prices"), { basic: "0.40", premium: "0.40" }));
  await record(engine, [
    call({ id: "priced-late", subaccount: id, started_at }),
    call({ id: "priced-after", subaccount: id, started_at: new Date(Date.now() + 1000).toISOString() }),
  ]);
  const { data } = ok(
    await owner.get<{ data: { external_id: string; price: string }[] }>(`/v1/calls?subaccount=${id}&sort=started_at`),
  );
  const prices = Object.fromEntries(data.map(({ external_id, price }) => [external_id, price]));
  assert.deepEqual(prices, { "priced-before": "0.20", "priced-late": "0.20", "priced-after": "0.40" });
});

test("a call can be read by its id", async () => {
  const { data } = ok(await owner.get<{ data: { id: string }[] }>("/v1/calls?limit=2"));
  assert.equal(data.length, 2);
  for (const row of data) assert.deepEqual(ok(await owner.get(`/v1/calls/${row.id}`)), row);
});

test("a plan's cap counts what is not removed, the primary not", async () => {
  const small = await App.start({ plan: "agency_lite" });
  try {
    const client = await small.ownerClient();
    for (const name of ["One", "Two", "Three"]) await addSubaccount(client, name);
    const fourth = { name: "Four", email: "four@client.example" };
    const problem = refused(await client.post("/v1/subaccounts", fourth), 409, "subaccount_cap");
    assert.match(problem.detail, /^Agency Lite has room for 3 sub-accounts, and all of it is used/);
  } finally {
    await small.finish();
  }
});
