// Plans: what the platform edits, what an agency may change to, and that changing mints nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { planOf, STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, walletOf } from "../harness/scene.ts";

interface Names {
  count: number;
  accounts: { id: string; name: string }[];
}
interface Plan {
  code: string;
  name: string;
  monthly_fee_usd: string;
  subaccount_cap: number | null;
  included: { basic_seconds: number; premium_seconds: number; every: string };
}
interface Choice {
  plan: Plan;
  base_prices: { basic: string; premium: string };
  counts: "now" | "renewal";
  counts_at: string;
  grants: { basic_seconds: number; premium_seconds: number };
  excess: Names;
  below_base: Names;
}
interface AgencyPlan {
  plan: Plan;
  base_prices: { basic: string; premium: string };
  slots: { used: number; cap: number | null };
  renewal_at: string;
  ordered: { plan: Plan; base_prices: { premium: string }; at: string } | null;
  choices: Choice[];
}
interface PlatformPlan {
  plan: Plan;
  base_prices: { basic: string; premium: string };
  white_label: boolean;
  offered: boolean;
  usage: { agencies: number; over_cap: number };
}

const app = await startApp({ staff: STAFF, plan: "agency_lite", args: ["--test-clock"] });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const primary = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";

const plan = async (): Promise<AgencyPlan> => ok(await owner.get<AgencyPlan>("/v1/agency/plan"));
const choose = (code: string): Promise<Reply<AgencyPlan>> => owner.put<AgencyPlan>("/v1/agency/plan", { plan: code });
const edit = async (code: string, patch: object): Promise<PlatformPlan> =>
  ok(await staff.patch<PlatformPlan>(`/v1/platform/plans/${code}`, patch));
const minutes = async (): Promise<number> => (await walletOf(owner, primary)).premium_seconds;
const choiceOf = ({ choices }: AgencyPlan, code: string): Choice => {
  const found = choices.find((choice) => choice.plan.code === code);
  assert.ok(found, `${code} is offered`);
  return found;
};
const actions = async (): Promise<string[]> =>
  ok(await owner.get<{ data: { action: string }[] }>("/v1/audit_events?limit=500"))
    .data.map(({ action }) => action)
    .filter((action) => action.startsWith("agency.plan"));

test("an agency sees its plan, its slots and what it may change to", async () => {
  const { plan: own, slots, ordered, choices, renewal_at } = await plan();
  assert.deepEqual([own.code, slots, ordered], ["agency_lite", { used: 0, cap: 3 }, null]);
  assert.equal(ok(await owner.get<{ renewal_at: string }>("/v1/agency")).renewal_at, renewal_at);
  assert.deepEqual(
    choices.map(({ plan: { code }, counts, grants, excess }) => [code, counts, grants.premium_seconds, excess.count]),
    [
      ["agency_kickstart", "renewal", 6000, 0],
      ["agency_unlimited", "now", 60_000, 0],
    ],
    "the legacy plan is not offered",
  );
  assert.equal(choices[0]?.counts_at, renewal_at);
});

test("the platform makes and edits plans", async () => {
  const made = ok(
    await staff.post<PlatformPlan>("/v1/platform/plans", planOf("agency_plus", { subaccount_cap: 10, offered: false })),
  );
  assert.deepEqual(
    [made.plan.subaccount_cap, made.plan.included, made.offered, made.usage],
    [10, { basic_seconds: 0, premium_seconds: 0, every: "once" }, false, { agencies: 0, over_cap: 0 }],
  );
  refused(await staff.post("/v1/platform/plans", planOf("agency_plus")), 409, "plan_exists");
  const edited = await edit("agency_plus", {
    ...{ name: "Agency Plus", monthly_fee_usd: "297.00", subaccount_cap: null, knowledge_pack_limit: 1 },
    ...{ included: { premium_seconds: 30_000 }, white_label: true, offered: true },
  });
  assert.deepEqual(edited.plan.included, { basic_seconds: 0, premium_seconds: 30_000, every: "once" });
  assert.deepEqual([edited.plan.name, edited.plan.subaccount_cap, edited.white_label], ["Agency Plus", null, true]);
  const events = await app.store.query(
    "SELECT action, before_json, after_json FROM platform_events WHERE target = 'agency_plus' ORDER BY id",
  );
  assert.deepEqual(
    events.map(({ action, before_json }) => [action, before_json !== null]),
    [
      ["platform_plan.created", false],
      ["platform_plan.updated", true],
    ],
  );
  assert.match(String(events[1]?.["after_json"]), /"monthly_fee_usd":"297.00"/);
  await edit("agency_plus", { offered: false });
});

const WRONG: [string, object, string, string][] = [
  ["a code with a capital", { code: "Plus" }, "code", "bad_plan_code"],
  ["a name of nothing", { name: " " }, "name", "too_short"],
  ["a negative fee", { monthly_fee_usd: "-1.00" }, "monthly_fee_usd", "too_small"],
  ["a cap of none", { subaccount_cap: 0 }, "subaccount_cap", "too_small"],
  ["included minutes below zero", { included: { basic_seconds: -1 } }, "included.basic_seconds", "too_small"],
  ["another rhythm", { included: { every: "year" } }, "included.every", "not_allowed_value"],
  ["another model", { model: "free" }, "model", "not_allowed_value"],
  ["a base price of nothing", { base_prices: { basic: "0.00", premium: "0.16" } }, "base_prices.basic", "too_small"],
];
for (const [what, facts, field, code] of WRONG) {
  test(`a plan with ${what} is refused at ${field}`, async () => {
    const reply = await staff.post("/v1/platform/plans", { ...planOf("wrong"), ...facts });
    refused(reply, 422, "invalid", field);
    assert.match(JSON.stringify(reply.body), new RegExp(`"code":"${code}"`));
    assert.equal((await app.store.query("SELECT 1 FROM plans WHERE code = 'wrong'")).length, 0);
  });
}

test("base prices and the code are not edited, and a plan that there is not is not found", async () => {
  refused(await staff.patch("/v1/platform/plans/agency_plus", { code: "other" }), 400, "unknown_field", "code");
  const prices = { base_prices: { basic: "0.10", premium: "0.20" } };
  refused(await staff.patch("/v1/platform/plans/agency_plus", prices), 400, "unknown_field", "base_prices");
  refused(await staff.patch("/v1/platform/plans/nothing", { name: "Nothing" }), 404, "not_found");
});

test("of many that are added at once for the last slots exactly those that fit are", async () => {
  const input = (n: number) => ({ name: `Client ${n}`, email: `client.${n}@client.example` });
  const replies = await Promise.all(
    Array.from({ length: 24 }, (_, n) => owner.post<{ detail: string }>("/v1/subaccounts", input(n))),
  );
  const refusals = replies.filter(({ status }) => status !== 201);
  assert.equal(refusals.length, 21);
  for (const reply of refusals) refused(reply, 409, "subaccount_cap");
  assert.match(refusals[0]?.body.detail ?? "", /^Agency Lite has room for 3 sub-accounts, and all of it is used/);
  assert.deepEqual((await plan()).slots, { used: 3, cap: 3 });
});

test("a plan with less room is refused, and says which were added last", async () => {
  const newest = await app.store.query(
    "SELECT name FROM subaccounts WHERE kind = 'secondary' ORDER BY id DESC LIMIT 2",
  );
  const names = newest.map(({ name }) => name as string);
  const { excess } = choiceOf(await plan(), "agency_kickstart");
  assert.deepEqual([excess.count, excess.accounts.map(({ name }) => name)], [2, names]);
  const reply = await owner.put<{ detail: string }>("/v1/agency/plan", { plan: "agency_kickstart" });
  refused(reply, 409, "over_cap");
  assert.match(reply.body.detail, new RegExp(`and there are 3\\. 2 would have to go.*: ${names.join(", ")}\\.$`));
  assert.equal((await plan()).ordered, null);
});

test("what is not there or not offered is refused by name", async () => {
  refused(await choose("nothing"), 422, "invalid", "plan");
  refused(await choose("agency_plus"), 409, "plan_not_offered");
  refused(await choose("partner_legacy"), 409, "plan_not_offered");
});

test("only those who see to the agency's billing see and change the plan", async () => {
  const member = await app.client().login(await addPerson(app.store, app.owner, "agency_member"));
  refused(await member.get("/v1/agency/plan"), 403, "not_allowed");
  refused(await member.put("/v1/agency/plan", { plan: "agency_unlimited" }), 403, "not_allowed");
});

test("up counts at once and brings what the plan includes, once", async () => {
  assert.equal(await minutes(), 18_000);
  const changed = ok(await choose("agency_unlimited"));
  assert.deepEqual([changed.plan.code, changed.slots.cap, changed.ordered], ["agency_unlimited", null, null]);
  assert.equal(await minutes(), 78_000);
  assert.deepEqual(choiceOf(changed, "agency_lite").grants, {
    basic_seconds: 0,
    premium_seconds: 0,
    knowledge_credits: 0,
  });
  ok(await choose("agency_unlimited"));
  assert.equal(await minutes(), 78_000);
});

test("down is ordered for the renewal, narrows what may be added, and can be taken back", async () => {
  const before = await plan();
  const ordered = ok(await choose("agency_lite"));
  assert.deepEqual([ordered.plan.code, ordered.ordered?.plan.code], ["agency_unlimited", "agency_lite"]);
  assert.equal(ordered.ordered?.at, before.renewal_at);
  const fourth = { name: "Fourth", email: "fourth@client.example" };
  const reply = await owner.post<{ detail: string }>("/v1/subaccounts", fourth);
  refused(reply, 409, "subaccount_cap");
  assert.match(reply.body.detail, /^Agency Lite, which you change to, .* take the change of plan back\.$/);
  assert.equal(ok(await choose("agency_unlimited")).ordered, null);
  ok(await owner.post("/v1/subaccounts", fourth));
  assert.deepEqual(await actions(), ["agency.plan_order_taken_back", "agency.plan_ordered", "agency.plan_changed"]);
});

test("with a cap below what is used agencies keep what they have and add none", async () => {
  const usage = (cap: number) => staff.get(`/v1/platform/plans/agency_unlimited/usage?subaccount_cap=${cap}`);
  assert.deepEqual(ok(await usage(4)), { agencies: 1, over_cap: 0 });
  assert.deepEqual(ok(await usage(3)), { agencies: 1, over_cap: 1 });
  const edited = await edit("agency_unlimited", { subaccount_cap: 3 });
  assert.deepEqual([edited.plan.subaccount_cap, edited.usage], [3, { agencies: 1, over_cap: 1 }]);
  assert.deepEqual((await plan()).slots, { used: 4, cap: 3 });
  refused(await owner.post("/v1/subaccounts", { name: "Fifth", email: "f@client.example" }), 409, "subaccount_cap");
  const { id } = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?q=Fourth")).data[0] ?? { id: "" };
  ok(await owner.post(`/v1/subaccounts/${id}/remove`, {}));
  assert.deepEqual((await plan()).slots, { used: 3, cap: 3 });
  refused(await owner.post("/v1/subaccounts", { name: "Fifth", email: "f@client.example" }), 409, "subaccount_cap");
  await edit("agency_unlimited", { subaccount_cap: null });
});

test("base prices of the plan that is changed to are told with the clients that are below them", async () => {
  ok(
    await staff.post(
      "/v1/platform/plans",
      planOf("dear", { monthly_fee_usd: "900.00", base_prices: { basic: "0.10", premium: "0.30" } }),
    ),
  );
  const { id } = await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } });
  await addSubaccount(owner, "Northside", { prices: { basic: "0.12", premium: "0.30" } });
  const { below_base, base_prices } = choiceOf(await plan(), "dear");
  assert.deepEqual(base_prices, { basic: "0.10", premium: "0.30" });
  assert.deepEqual(below_base, { count: 1, accounts: [{ id, name: "Harbor Dental" }] });
  const changed = ok(await choose("dear"));
  assert.deepEqual(changed.base_prices, { basic: "0.10", premium: "0.30" });
  interface Priced {
    prices: { premium: string; raised_to_base: boolean };
  }
  const { prices } = ok(await owner.get<Priced>(`/v1/subaccounts/${id}`));
  assert.deepEqual([prices.premium, prices.raised_to_base], ["0.30", true]);
});
