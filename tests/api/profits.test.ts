// What was earned: exact for every range, by sub-account, month and purchase, and what of it can be paid out.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import { addPerson, ROLES } from "../harness/rows.ts";
import { addSubaccount, sell, type Purchase } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const app = await startApp({ args: ["--test-clock"] });
let owner = await app.ownerClient();
const random = chance("profits");
const DAY = 86_400_000_000n;
// Months that begin at half past six in the evening of UTC.
ok(await owner.patch("/v1/agency", { timezone: "Asia/Kolkata" }));

interface Profit {
  profit_usd: string;
  payable_usd: string;
  collected_usd: string;
}
interface Row extends Profit {
  subaccount: string;
  name: string;
  status: string;
  start: string;
  end: string;
  purchase: string;
  paid_usd: string;
  seconds: number;
  changes: number;
  changed_at: string;
}
interface Report {
  from: string | null;
  to: string;
  totals: Profit;
  data: Row[];
  next_cursor: string | null;
}
interface Sale {
  id: string;
  subaccount: string;
  at: bigint;
  profit: bigint;
}

const micros = (usd: string): bigint => {
  const [whole = "0", fraction = ""] = usd.replace("-", "").split(".");
  const amount = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return usd.startsWith("-") ? -amount : amount;
};
const instant = (at: bigint): string =>
  new Date(Number(at / 1000n)).toISOString().replace(/\d{3}Z$/, `${String(at % 1_000_000n).padStart(6, "0")}Z`);
const at = (text: string): bigint => {
  const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? "";
  return BigInt(Date.parse(text.replace(/\.\d+Z$/, "Z"))) * 1000n + BigInt(fraction.padEnd(6, "0"));
};

let now = at(ok(await owner.post<{ now: string }>("/v1/test/clock", { advance_seconds: 1 })).now);

/** Sets the clock, which goes on from there; whoever is away for too long signs in again. */
async function goTo(instantOf: bigint): Promise<void> {
  ok(await app.client().post("/v1/test/clock", { now: instant(instantOf) }));
  now = instantOf;
  if ((await owner.get("/v1/me")).status === 401) owner = await app.ownerClient();
}

const get = async (query: string, client: Client = owner): Promise<Report> =>
  ok(await client.get<Report>(`/v1/profits?${query}`));
const between = (from: bigint, to: bigint): string => `from=${instant(from)}&to=${instant(to)}`;

const prices: [string, ...string[]] = ["0.16", "0.200001", "0.25", "0.333333", "1.99"];
const clients: [string, ...string[]] = ["none"];
clients.pop();
for (const [i, premium] of prices.entries())
  clients.push((await addSubaccount(owner, `Client ${i}`, { prices: { basic: "0.09", premium } })).id);
const sales: Sale[] = [];

/** Seven months of sales, some of them within milliseconds of the instant at which a month begins. */
for (let i = 0; i < 60; i++) {
  const next = now + BigInt(random.int(1, 8)) * (DAY / 2n);
  const month = monthAfter(now);
  const edge = month - BigInt(random.int(0, 20_000));
  await goTo(edge > now + 60_000_000n && edge <= next ? edge : next);
  const subaccount = random.pick(clients);
  const sale = await sell(owner, subaccount, "premium", random.int(1, 60_000));
  now = at((sale as Purchase & { succeeded_at: string }).succeeded_at);
  sales.push({ id: sale.id, subaccount, at: now, profit: micros(sale.profit_usd ?? "0") });
}
now += 1n;

/** When the next month begins in Kolkata, which is five hours and a half ahead all year. */
function monthAfter(instantOf: bigint): bigint {
  const ahead = 19_800_000n;
  const local = new Date(Number(instantOf / 1000n + ahead));
  return (BigInt(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1)) - ahead) * 1000n;
}

const sum = (of: readonly Sale[]): bigint => of.reduce((all, { profit }) => all + profit, 0n);
const within = (from: bigint, to: bigint, subaccount?: string): Sale[] =>
  sales.filter((sale) => sale.at >= from && sale.at < to && (!subaccount || sale.subaccount === subaccount));

/** What the agency collected itself is all of it here. */
function isProfit(shown: Profit | undefined, expected: bigint, what: string): void {
  assert.ok(shown, what);
  assert.deepEqual(
    [micros(shown.profit_usd), micros(shown.payable_usd), micros(shown.collected_usd)],
    [expected, 0n, expected],
    what,
  );
}

test("all of it, by months of the agency's zone", async () => {
  const { totals, data, from, to } = await get("group_by=month");
  assert.equal(from, null);
  isProfit(totals, sum(sales), "all");
  let start = at(data[0]?.start ?? "");
  const first = sales.find(({ profit }) => profit !== 0n)?.at ?? 0n;
  assert.ok(
    start <= first && monthAfter(start) > first,
    "it begins with the month in which something was earned first",
  );
  for (const month of data) {
    assert.equal(at(month.start), start);
    const next = monthAfter(start);
    start = next < at(to) ? next : at(to);
    assert.equal(at(month.end), start);
    isProfit(month, sum(within(at(month.start), at(month.end))), month.start);
  }
  assert.equal(start, at(to));
});

test("any range is exact to the microsecond, in all its groups", async () => {
  for (let i = 0; i < 60; i++) {
    const edges = [random.pick([0, 0, 1, -1]), random.pick([0, 0, 1, -1])].map((beside) => {
      const some = sales[random.int(0, sales.length - 1)] as Sale;
      return some.at + BigInt(beside);
    }) as [bigint, bigint];
    const [from, to] = edges[0] < edges[1] ? edges : [edges[1], edges[0] + 1n];
    const range = between(from, to);
    const inside = within(from, to);

    const byMonth = await get(`group_by=month&${range}`);
    isProfit(byMonth.totals, sum(inside), range);
    for (const month of byMonth.data) isProfit(month, sum(within(at(month.start), at(month.end))), month.start);
    assert.equal(byMonth.data[0]?.start, instantShown(from));

    const byAccount = await get(`${range}&limit=500`);
    isProfit(byAccount.totals, sum(inside), range);
    const earning = clients.filter((id) => within(from, to, id).some(({ profit }) => profit !== 0n));
    assert.deepEqual(byAccount.data.map(({ subaccount }) => subaccount).sort(), [...earning].sort());
    for (const row of byAccount.data) isProfit(row, sum(within(from, to, row.subaccount)), row.name);

    const byPurchase = await get(`group_by=purchase&${range}&limit=500`);
    assert.deepEqual(
      byPurchase.data.map(({ purchase, profit_usd }) => [purchase, micros(profit_usd)]),
      inside
        .filter(({ profit }) => profit !== 0n)
        .map(({ id, profit }) => [id, profit])
        .reverse(),
    );
  }
});

function instantShown(instantOf: bigint): string {
  return instant(instantOf).replace(/\.?0*Z$/, "Z");
}

test("one client's months and purchases", async () => {
  const client = random.pick(clients);
  const own = sales.filter(({ subaccount }) => subaccount === client);
  const byMonth = await get(`group_by=month&subaccount=${client}`);
  isProfit(byMonth.totals, sum(own), "all of one");
  for (const month of byMonth.data) isProfit(month, sum(within(at(month.start), at(month.end), client)), month.start);
  const { data } = await get(`group_by=purchase&subaccount=${client}&limit=500`);
  assert.deepEqual(
    data.map(({ purchase }) => purchase),
    own
      .filter(({ profit }) => profit !== 0n)
      .map(({ id }) => id)
      .reverse(),
  );
});

test("pages follow one another, sorted by any figure", async () => {
  for (const sort of ["name", "-profit_usd", "collected_usd", "-payable_usd"]) {
    const whole = (await get(`sort=${sort}`)).data.map(({ subaccount }) => subaccount);
    const paged: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: Report = await get(`sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ""}`);
      paged.push(...page.data.map(({ subaccount }) => subaccount));
      cursor = page.next_cursor;
    }
    assert.deepEqual(paged, whole, sort);
  }
  const profits = (await get("sort=-profit_usd")).data.map(({ profit_usd }) => micros(profit_usd));
  assert.deepEqual(
    profits,
    [...profits].sort((a, b) => (a < b ? 1 : -1)),
  );

  const purchases: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: Report = await get(`group_by=purchase&limit=7${cursor ? `&cursor=${cursor}` : ""}`);
    purchases.push(...page.data.map(({ purchase }) => purchase));
    cursor = page.next_cursor;
  }
  const earning = sales.filter(({ profit }) => profit !== 0n);
  assert.deepEqual(purchases, earning.map(({ id }) => id).reverse());
});

test("a purchase tells what was bought, for how much", async () => {
  const sale = await sell(owner, clients[1] ?? "", "premium", 6000);
  const { data } = await get("group_by=purchase&limit=1");
  assert.deepEqual(
    [data[0]?.purchase, data[0]?.seconds, data[0]?.paid_usd, data[0]?.profit_usd, data[0]?.changes],
    [sale.id, 6000, sale.paid_usd, sale.profit_usd, 1],
  );
});

test("a refund takes profit back when it happens, and its purchase stands once", async () => {
  const client = clients[2] ?? "";
  const sale = await sell(owner, client, "premium", 6000);
  const sold = at((sale as Purchase & { succeeded_at: string }).succeeded_at);
  const before = (await get(`subaccount=${client}`)).totals;
  ok(await owner.post(`/v1/purchases/${sale.id}/refund`, { seconds: 3000 }));

  // At 0.25 the half of 6,000 seconds is 12.50, of which 8.00 are base.
  const { totals } = await get(`subaccount=${client}`);
  assert.equal(micros(totals.profit_usd), micros(before.profit_usd) - 4_500_000n);
  const [purchase] = (await get("group_by=purchase&limit=1")).data;
  assert.deepEqual([purchase?.purchase, purchase?.profit_usd, purchase?.changes], [sale.id, "4.50", 2]);
  const [upTo] = (await get(`group_by=purchase&limit=1&${between(sold, sold + 1n)}`)).data;
  assert.deepEqual([upTo?.purchase, upTo?.profit_usd, upTo?.changes], [sale.id, "9.00", 1]);
  const later = await get(`group_by=purchase&limit=1&from=${instant(sold + 1n)}`);
  assert.equal(later.totals.profit_usd, "-4.50");
});

test("ranges that make no sense are refused by their field", async () => {
  refused(await owner.get(`/v1/profits?${between(now, now)}`), 422, "invalid", "to");
  refused(await owner.get(`/v1/profits?${between(now, now - 1n)}`), 422, "invalid", "to");
  refused(await owner.get("/v1/profits?group_by=week"), 422, "invalid", "group_by");
  const long = `/v1/profits?group_by=month&from=1980-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`;
  refused(await owner.get(long), 422, "invalid", "to");
  const { next_cursor } = await get("group_by=purchase&limit=1");
  refused(await owner.get(`/v1/profits?limit=1&cursor=${next_cursor}`), 400, "bad_cursor", "cursor");
});

test("only owners and admins see profits", async () => {
  for (const role of ROLES) {
    if (role === "agency_owner") continue;
    const person = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [clients[0]] }));
    const allowed = role === "agency_admin";
    for (const path of ["/v1/profits", "/v1/profits/standing"]) {
      assert.equal((await person.get(path)).status, allowed ? 200 : 403, `${role} ${path}`);
    }
  }
});

interface Standing {
  profit_usd: string;
  credit_usd: string;
  payable_usd: string;
  threshold_usd: string;
  paid_out_usd: string;
  earned_payable_usd: string;
  earned_collected_usd: string;
  renewal_at: string;
  payout_account: string;
}

test("what the agency collected itself is never payable", async () => {
  const standing = ok(await owner.get<Standing>("/v1/profits/standing"));
  const { credit_usd } = ok(await owner.get<{ credit_usd: string }>("/v1/agency"));
  const { totals } = await get("");
  assert.deepEqual(standing, {
    ...{ profit_usd: "0.00", credit_usd, payable_usd: "0.00", threshold_usd: "100.00", paid_out_usd: "0.00" },
    ...{ earned_payable_usd: "0.00", earned_collected_usd: totals.collected_usd, payout_account: "not_connected" },
    renewal_at: standing.renewal_at,
  });
  assert.ok(at(standing.renewal_at) > now, standing.renewal_at);
});

test("a purchase that is not paid earns nothing yet", async () => {
  const { totals } = await get("");
  ok(await owner.post<Purchase>(`/v1/subaccounts/${clients[1] ?? ""}/purchases`, { tier: "premium", seconds: 600 }));
  assert.deepEqual((await get("")).totals, totals);
});
