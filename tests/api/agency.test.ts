// The agency's settings: what they are, how they change, and what they change.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { addSubaccount, call, record, sell, walletOf } from "../harness/scene.ts";

const app = await startApp({ agency: "Contoso Voice" });
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);

interface Agency {
  id: string;
  name: string;
  timezone: string;
  branding: { name: string | null; colour: string | null };
  billing_increment: { first_seconds: number; step_seconds: number };
  default_prices: { basic: string | null; premium: string | null };
  base_prices: { basic: string; premium: string };
  plan: { code: string; included: { premium_seconds: number } };
  subscription_start: string;
  renewal_at: string;
  credit_usd: string;
}

const read = async (): Promise<Agency> => ok(await owner.get<Agency>("/v1/agency"));
const patch = async (body: object): Promise<Agency> => ok(await owner.patch<Agency>("/v1/agency", body));

test("a new agency has the plan's base prices, its minutes, and a renewal in a month", async () => {
  const agency = await read();
  assert.equal(agency.name, "Contoso Voice");
  assert.deepEqual(agency.base_prices, { basic: "0.09", premium: "0.16" });
  assert.equal(agency.plan.code, "agency_unlimited");
  const days = (Date.parse(agency.renewal_at) - Date.parse(agency.subscription_start)) / 86_400_000;
  assert.ok(days >= 28 && days <= 31, `${days} days`);
});

test("a patch changes what it names and leaves the rest", async () => {
  const before = await read();
  const changed = await patch({ branding: { colour: "#1f6f5c" }, billing_increment: { first_seconds: 30 } });
  assert.deepEqual(changed, {
    ...before,
    branding: { name: null, colour: "#1f6f5c" },
    billing_increment: { first_seconds: 30, step_seconds: 1 },
  });
  const named = await patch({ branding: { name: "Contoso" } });
  assert.deepEqual(named.branding, { name: "Contoso", colour: "#1f6f5c" });
  const bare = await patch({ branding: { name: null, colour: null }, billing_increment: { first_seconds: 1 } });
  assert.deepEqual(bare, before);
  assert.deepEqual(await read(), before);
});

const refusals: [string, object, string, string][] = [
  ["a name of nothing", { name: "" }, "too_short", "name"],
  ["a name that is no text", { name: 7 }, "wrong_type", "name"],
  ["a zone that does not exist", { timezone: "Mars/Olympus" }, "bad_timezone", "timezone"],
  ["a colour by name", { branding: { colour: "emerald" } }, "bad_colour", "branding.colour"],
  [
    "an increment of nothing",
    { billing_increment: { step_seconds: 0 } },
    "too_small",
    "billing_increment.step_seconds",
  ],
  [
    "an increment of hours",
    { billing_increment: { step_seconds: 3601 } },
    "too_large",
    "billing_increment.step_seconds",
  ],
  ["a default below base", { default_prices: { premium: "0.15" } }, "price_below_base", "default_prices.premium"],
];
for (const [what, body, code, field] of refusals) {
  test(`${what} is refused by name, and changes nothing`, async () => {
    const before = await read();
    const problem = (await owner.patch("/v1/agency", body)).body as { errors: { field: string; code: string }[] };
    assert.deepEqual(
      problem.errors.map((error) => [error.field, error.code]),
      [[field, code]],
    );
    assert.deepEqual(await read(), before);
  });
}

test("an unknown setting is refused by its path", async () => {
  refused(await owner.patch("/v1/agency", { branding: { font: "Comic" } }), 400, "unknown_field", "branding.font");
  refused(await owner.patch("/v1/agency", { agency_id: "agy_1" }), 400, "unknown_field", "agency_id");
});

test("default prices are those of accounts made from then on", async () => {
  const early = await addSubaccount(owner, "Early");
  await patch({ default_prices: { basic: "0.12", premium: "0.24" } });
  const late = await addSubaccount(owner, "Late");
  const prices = async (id: string): Promise<unknown> =>
    ok(await owner.get<{ prices: unknown }>(`/v1/subaccounts/${id}`)).prices;
  const shown = { apply_base_price: false, raised_to_base: false };
  assert.deepEqual(await prices(early.id), { basic: "0.09", premium: "0.16", ...shown, apply_base_price: true });
  assert.deepEqual(await prices(late.id), { basic: "0.12", premium: "0.24", ...shown });
});

test("a new increment counts for calls that start from then on, also when they are recorded late", async () => {
  const { id } = await addSubaccount(owner, "Increments");
  await sell(owner, id, "premium", 3600);
  const before = new Date(Date.now() - 1000).toISOString();
  await patch({ billing_increment: { first_seconds: 60, step_seconds: 60 } });
  await record(engine, [call({ id: "after", subaccount: id, duration_seconds: 61 })]);
  assert.equal((await walletOf(owner, id)).premium_seconds, 3600 - 120);
  await record(engine, [call({ id: "before", subaccount: id, duration_seconds: 61, started_at: before })]);
  assert.equal((await walletOf(owner, id)).premium_seconds, 3600 - 120 - 61);
});

test("what was changed is in the audit trail, before and after", async () => {
  await patch({ name: "Contoso Voice & Co" });
  const { data } = ok(
    await owner.get<{ data: { before: { name: string }; after: { name: string } }[] }>(
      "/v1/audit_events?action=agency.updated&limit=1",
    ),
  );
  assert.deepEqual([data[0]?.before.name, data[0]?.after.name], ["Contoso Voice", "Contoso Voice & Co"]);
});
