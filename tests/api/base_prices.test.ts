// Base prices by effective date, client prices over time: each call, purchase and move is charged at the price of its own
// moment, also when it is told late.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { clockOf, jobsSettled, setClock } from "../harness/jobs.ts";
import { addPerson } from "../harness/rows.ts";
import { planOf, STAFF } from "../harness/platform.ts";
import { addSubaccount, call, record, sell } from "../harness/scene.ts";

interface Prices {
  basic: string;
  premium: string;
}
interface Change extends Prices {
  id: string;
  plan: string;
  effective_at: string;
  state: "ordered" | "in_force" | "past" | "canceled";
  created_by: { kind: string; name: string };
  canceled_at: string | null;
}
interface Effect {
  agencies: number;
  agencies_below: number;
  accounts_below: number;
  prices_below: number;
  below: { agency: string; name: string; accounts: number; prices: number }[];
}
interface Moment {
  from: string;
  cause: string;
  base_prices: Prices;
  client_prices: { basic: string | null; premium: string | null };
  prices: Prices;
  actor: { name: string } | null;
}
interface Upcoming {
  at: string;
  base_prices: Prices;
  below_base: { count: number; accounts: { name: string }[] };
}

const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
const owner = await app.ownerClient();
const staff = await app.client().login(STAFF);
const engine = await app.machineClient(["calls:write"]);

const HOUR_MS = 3_600_000;
const later = async (ms: number): Promise<Date> =>
  new Date(Math.ceil((await clockOf(app)).getTime() / 1000) * 1000 + ms);
const order = (input: object): Promise<Reply<Change>> => staff.post<Change>("/v1/platform/prices", input);
const orderAt = async (at: Date, premium: string, basic = "0.09"): Promise<Change> => {
  const made = ok(await order({ plan: "agency_unlimited", basic, premium, effective_at: at.toISOString() }));
  await jobsSettled(app);
  return made;
};
const history = async (account: string): Promise<Moment[]> =>
  ok(await owner.get<{ data: Moment[] }>(`/v1/subaccounts/${account}/price_history`)).data;
const upcoming = async (): Promise<Upcoming[]> =>
  ok(await owner.get<{ upcoming: Upcoming[] }>("/v1/agency/plan")).upcoming;
const basePoints = async (): Promise<[bigint, bigint][]> =>
  (
    await app.store.query(
      "SELECT effective_at, price_micros FROM price_points WHERE owner_id = agency_id AND tier = 1 ORDER BY effective_at",
    )
  ).map((row) => [row["effective_at"] as bigint, row["price_micros"] as bigint]);
const micros = (at: Date | string): bigint => BigInt(new Date(at).getTime()) * 1000n;

interface Charged {
  price: string;
  base_price: string;
  spent_usd: string;
}
/** What a premium minute that started at `at` was charged, told now. */
let calls = 0;
async function chargedAt(account: string, at: Date): Promise<[string, string]> {
  const id = `c-${++calls}`;
  const started_at = at.toISOString();
  const told = await record(engine, [call({ id, subaccount: account, started_at })]);
  assert.equal(told.accepted, 1, JSON.stringify(told));
  const { data } = ok(
    await owner.get<{ data: (Charged & { external_id?: string })[] }>(`/v1/calls?subaccount=${account}&q=${id}`),
  );
  assert.equal(data.length, 1);
  return [data[0]?.price ?? "", data[0]?.base_price ?? ""];
}

test("ordered base prices count from their instant on, for calls, purchases and moves", async () => {
  const harbor = await addSubaccount(owner, "Harbor Dental", { prices: { basic: "0.12", premium: "0.20" } });
  const plain = await addSubaccount(owner, "Northside", { prices: { apply_base_price: true } });
  await sell(owner, harbor.id, "premium", 6000);
  await sell(owner, plain.id, "premium", 6000);
  const at = await later(2 * HOUR_MS);
  const seen = ok(
    await staff.get<Effect>(
      `/v1/platform/prices/preview?plan=agency_unlimited&basic=0.13&premium=0.25&effective_at=${at.toISOString()}`,
    ),
  );
  assert.deepEqual([seen.agencies, seen.agencies_below, seen.accounts_below, seen.prices_below], [1, 1, 1, 2]);
  assert.deepEqual(
    seen.below.map(({ name, prices }) => [name, prices]),
    [["Northwind Voice", 2]],
  );

  const made = await orderAt(at, "0.25", "0.13");
  assert.deepEqual([made.state, made.created_by.kind], ["ordered", "platform"]);
  assert.deepEqual((await basePoints()).at(-1), [micros(at), 250_000n]);
  const [next] = await upcoming();
  assert.deepEqual(
    [next?.at, next?.base_prices.premium, next?.below_base.count, next?.below_base.accounts[0]?.name],
    [made.effective_at, "0.25", 1, "Harbor Dental"],
  );
  const before = new Date(at.getTime() - 1000);
  assert.deepEqual(await chargedAt(harbor.id, new Date(at.getTime() - HOUR_MS * 2)), ["0.20", "0.16"]);

  await setClock(app, before);
  const early = ok(
    await owner.post<{ id: string; unit_price: string }>(`/v1/subaccounts/${plain.id}/purchases`, {
      tier: "premium",
      seconds: 60,
    }),
  );
  assert.equal(early.unit_price, "0.16");
  await setClock(app, at);
  const late = ok(
    await owner.post<{ id: string; unit_price: string }>(`/v1/subaccounts/${plain.id}/purchases`, {
      tier: "premium",
      seconds: 60,
    }),
  );
  assert.equal(late.unit_price, "0.25");
  // Told late, over the change.
  assert.deepEqual(await chargedAt(harbor.id, before), ["0.20", "0.16"]);
  assert.deepEqual(await chargedAt(harbor.id, at), ["0.25", "0.25"]);
  assert.deepEqual(await chargedAt(plain.id, before), ["0.16", "0.16"]);
  assert.deepEqual(await chargedAt(plain.id, at), ["0.25", "0.25"]);
  const quote = ok(
    await owner.post<{ price_from: string; base_price: string }>("/v1/minute_moves/quote", {
      ...{ from: harbor.id, to: plain.id, tier: "premium", seconds: 60 },
    }),
  );
  assert.deepEqual([quote.price_from, quote.base_price], ["0.25", "0.25"]);
  assert.equal(ok(await staff.get<{ data: Change[] }>("/v1/platform/prices")).data[0]?.state, "in_force");
});

test("a client's price history says what counted when, why, and by whom", async () => {
  const { id } = await addSubaccount(owner, "Acme", { prices: { basic: "0.20", premium: "0.30" } });
  await setClock(app, await later(60_000));
  ok(await owner.put(`/v1/subaccounts/${id}/prices`, { basic: "0.20", premium: "0.40" }));
  const at = await later(3 * HOUR_MS);
  await orderAt(at, "0.35", "0.13");
  const moments = await history(id);
  assert.deepEqual(
    moments.map(({ cause, base_prices, client_prices, prices }) => [
      ...[cause, base_prices.premium, client_prices.premium, prices.premium],
    ]),
    [
      ["base_prices", "0.35", "0.40", "0.40"],
      ["client_prices", "0.25", "0.40", "0.40"],
      ["start", "0.25", "0.30", "0.30"],
    ],
  );
  assert.equal(moments[0]?.from, at.toISOString().replace(".000Z", "Z"));
  assert.deepEqual(
    moments.map(({ actor }) => actor?.name ?? null),
    [null, "owner", "owner"],
  );
  const first = ok(
    await owner.get<{ data: Moment[]; next_cursor: string }>(`/v1/subaccounts/${id}/price_history?limit=2`),
  );
  const rest = ok(
    await owner.get<{ data: Moment[]; next_cursor: null }>(
      `/v1/subaccounts/${id}/price_history?limit=2&cursor=${first.next_cursor}`,
    ),
  );
  assert.deepEqual([...first.data, ...rest.data], moments);
  assert.equal(rest.next_cursor, null);
  const client = await app.client().login(await addPerson(app.store, app.owner, "subaccount_admin", { grants: [id] }));
  refused(await client.get(`/v1/subaccounts/${id}/price_history`), 403, "not_allowed");
});

test("what is ordered can be canceled before it counts, and not after", async () => {
  const points = await basePoints();
  const at = await later(24 * HOUR_MS);
  const made = await orderAt(at, "0.50", "0.13");
  assert.equal((await basePoints()).length, points.length + 1);
  const canceled = ok(await staff.delete<Change>(`/v1/platform/prices/${made.id}`));
  assert.equal(canceled.state, "canceled");
  await jobsSettled(app);
  assert.deepEqual(await basePoints(), points);
  refused(await staff.delete(`/v1/platform/prices/${made.id}`), 409, "prices_canceled");
  // Its instant is free again.
  const again = await orderAt(at, "0.16");
  refused(
    await order({ plan: "agency_unlimited", basic: "0.10", premium: "0.40", effective_at: at.toISOString() }),
    409,
    "prices_ordered_already",
  );
  await setClock(app, new Date(at.getTime() - 59_000));
  refused(await staff.delete(`/v1/platform/prices/${again.id}`), 409, "prices_count_already");
});

test("without an instant base prices count now", async () => {
  const made = ok(await order({ plan: "agency_unlimited", basic: "0.09", premium: "0.16" }));
  await jobsSettled(app);
  assert.equal(made.state, "in_force");
  // From when the agency is told, never from before: calls may have been charged meanwhile.
  const reached = (await basePoints()).filter(
    ([from, price]) => from >= micros(made.effective_at) && price === 160_000n,
  );
  assert.equal(reached.length, 1);
  const { base_prices } = ok(await owner.get<{ base_prices: Prices }>("/v1/agency"));
  assert.deepEqual(base_prices, { basic: "0.09", premium: "0.16" });
  interface Plans {
    data: { plan: { code: string }; base_prices: Prices }[];
  }
  const { data } = ok(await staff.get<Plans>("/v1/platform/plans"));
  assert.deepEqual(data.find(({ plan }) => plan.code === "agency_unlimited")?.base_prices, base_prices);
});

test("an agency that changes its plan meanwhile has the base prices of the plan it is on at each moment", async () => {
  const dear = { monthly_fee_usd: "500.00", base_prices: { basic: "0.08", premium: "0.12" } };
  ok(await staff.post("/v1/platform/plans", planOf("dear", dear)));
  const [first, second] = [await later(30 * 24 * HOUR_MS), await later(60 * 24 * HOUR_MS)];
  ok(await order({ plan: "dear", basic: "0.08", premium: "0.14", effective_at: second.toISOString() }));
  await orderAt(first, "0.17");
  await orderAt(second, "0.18");
  ok(await owner.put("/v1/agency/plan", { plan: "dear" }));
  const future = (await basePoints()).slice(-2).map(([, price]) => price);
  assert.deepEqual(future, [120_000n, 140_000n]);
  const { ordered } = ok(
    await owner.put<{ ordered: { at: string } | null }>("/v1/agency/plan", { plan: "agency_unlimited" }),
  );
  assert.ok(ordered);
  const since = (await basePoints()).filter(([from]) => from >= micros(ordered.at));
  const switched = micros(ordered.at) < micros(first) ? ["160000", "170000", "180000"] : ["170000", "180000"];
  assert.deepEqual(
    since.map(([, price]) => String(price)),
    switched,
  );
});

const WRONG: [string, object, string, string][] = [
  ["a plan that there is not", { plan: "nothing" }, "plan", "unknown_plan"],
  ["an instant that has passed", { effective_at: "2026-01-01T00:00:00Z" }, "effective_at", "too_old"],
  ["an instant in ten years", { effective_at: "2036-12-01T00:00:00Z" }, "effective_at", "in_future"],
  ["no price", { premium: "0.00" }, "premium", "too_small"],
  ["a price beyond all", { premium: "1000.01" }, "premium", "too_large"],
];
for (const [what, facts, field, code] of WRONG) {
  test(`base prices with ${what} are refused at ${field}`, async () => {
    const input = { plan: "agency_lite", basic: "0.09", premium: "0.16", ...facts };
    const query = new URLSearchParams(Object.entries(input)).toString();
    for (const reply of [await order(input), await staff.get(`/v1/platform/prices/preview?${query}`)]) {
      refused(reply, 422, "invalid", field);
      assert.match(JSON.stringify(reply.body), new RegExp(`"code":"${code}"`));
    }
  });
}

test("a preview needs its plan and prices", async () => {
  refused(await staff.get("/v1/platform/prices/preview?plan=agency_lite&basic=0.09"), 422, "invalid", "premium");
});

test("prices are set by markup, to the micro-dollar", async () => {
  const { id } = await addSubaccount(owner, "Marked up");
  interface Priced {
    prices: Prices;
    markup_percent: Prices;
  }
  const put = (body: object): Promise<Reply<Priced>> => owner.put<Priced>(`/v1/subaccounts/${id}/prices`, body);
  const base = ok(await owner.get<{ base_prices: Prices }>("/v1/agency")).base_prices;
  const marked = ok(await put({ markup_percent: { basic: "33.33", premium: "25.00" } }));
  const exact = (price: string, hundredths: bigint): string => {
    const micro = BigInt(Math.round(Number(price) * 1e6));
    const twice = (2n * micro * (10_000n + hundredths)) / 10_000n;
    return (Number((twice + 1n) / 2n) / 1e6).toFixed(6);
  };
  assert.equal(Number(marked.prices.premium).toFixed(6), exact(base.premium, 2500n));
  assert.equal(Number(marked.prices.basic).toFixed(6), exact(base.basic, 3333n));
  assert.equal(marked.markup_percent.premium, "25.00");
  const mixed = ok(await put({ basic: "0.50", markup_percent: { premium: "0.00" } }));
  assert.deepEqual([mixed.prices.basic, mixed.prices.premium], ["0.50", base.premium]);
  refused(
    await put({ basic: "0.50", premium: "0.50", markup_percent: { premium: "1.00" } }),
    422,
    "invalid",
    "premium",
  );
  refused(await put({ basic: "0.50", markup_percent: { basic: "1.00", premium: "1.00" } }), 422, "invalid", "basic");
  refused(await put({ basic: "0.50" }), 422, "invalid", "premium");
  refused(await put({ apply_base_price: true, markup_percent: { basic: "1.00" } }), 422, "invalid", "apply_base_price");
  refused(await put({ basic: "0.50", markup_percent: { premium: "-1.00" } }), 422, "invalid", "markup_percent.premium");
  const added = ok(
    await owner.post<Priced>("/v1/subaccounts", {
      ...{ name: "Marked", email: "marked@client.example" },
      prices: { markup_percent: { basic: "100.00", premium: "50.00" } },
    }),
  );
  assert.deepEqual([added.markup_percent.basic, added.markup_percent.premium], ["100.00", "50.00"]);
});
