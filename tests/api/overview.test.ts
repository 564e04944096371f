// Totals over any range are exact: rollups inside, single calls at the edges, days of the agency's zone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";
import { addSubaccount, call, record, sell, type CallRecord } from "../harness/scene.ts";
import { chance } from "../harness/seed.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const random = chance("overview");

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOW = Date.now();
const BASE = { basic: 90_000n, premium: 160_000n };
const PRICES = { basic: 123_457n, premium: 200_001n };
const STATUSES = ["completed", "voicemail", "transferred", "no_answer", "busy", "failed", "canceled"] as const;
const TALKS: readonly string[] = ["completed", "voicemail", "transferred"];

interface Totals {
  from: string;
  to: string;
  minutes_used_seconds: number;
  calls: number;
  spent_usd: string;
  cost_usd: string | null;
  margin_usd: string | null;
  profit_usd: string | null;
  purchased_usd: string;
}
interface Overview extends Totals {
  wallet_balance_usd: string;
  subaccounts: { active: number; suspended: number; cap: number | null };
  previous: Totals;
  series: (Totals & { start: string })[];
  risks: { subaccount: string; name: string; risk: string; detail: string }[];
  calls_by_status: Record<string, number>;
}

const accounts = await Promise.all(
  ["Harbor Dental", "Northside Plumbing"].map((name) =>
    addSubaccount(owner, name, { prices: { basic: "0.123457", premium: "0.200001" } }),
  ),
);
const [harbor, plumbing] = accounts as [(typeof accounts)[0], (typeof accounts)[0]];
for (const { id } of accounts) {
  await sell(owner, id, "premium", 600_000);
  await sell(owner, id, "basic", 600_000);
}

/** Calls of the last 60 days, many of them close to hours, and half hours, where ranges are cut. */
const calls: CallRecord[] = Array.from({ length: 800 }, (_, i) => {
  const status = random.pick(STATUSES);
  const hour = Math.floor((NOW - random.int(1, 60 * 24) * HOUR_MS) / HOUR_MS) * HOUR_MS;
  const beside = random.pick([0, 1, 1_800_000, 1_799_999, HOUR_MS - 1, random.int(0, HOUR_MS - 1)]);
  return call({
    id: `c${i}`,
    subaccount: random.pick([harbor.id, plumbing.id]),
    tier: random.pick(["basic", "premium"]),
    status,
    started_at: new Date(hour + beside).toISOString(),
    duration_seconds: TALKS.includes(status) ? random.int(0, 600) : 0,
  });
});
assert.equal((await record(engine, calls)).accepted, calls.length);

const value = (seconds: number, price: bigint): bigint => (BigInt(seconds) * price + 30n) / 60n;
const usd = (micros: bigint): string => {
  const sign = micros < 0n ? "-" : "";
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, "0");
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6).replace(/0{1,4}$/, "")}`;
};

/** The slow, obvious sum. */
function sum(from: number, to: number, account?: string): Partial<Totals> {
  const inside = calls.filter(
    ({ started_at, subaccount }) =>
      Date.parse(started_at) >= from && Date.parse(started_at) < to && (!account || subaccount === account),
  );
  const spent = inside.reduce((all, c) => all + value(c.duration_seconds, PRICES[c.tier]), 0n);
  const cost = inside.reduce((all, c) => all + value(c.duration_seconds, BASE[c.tier]), 0n);
  return {
    calls: inside.length,
    minutes_used_seconds: inside.reduce((all, c) => all + c.duration_seconds, 0),
    spent_usd: usd(spent),
    cost_usd: usd(cost),
    margin_usd: usd(spent - cost),
  };
}

const part = ({ calls, minutes_used_seconds, spent_usd, cost_usd, margin_usd }: Totals): Partial<Totals> => ({
  calls,
  minutes_used_seconds,
  spent_usd,
  cost_usd,
  margin_usd,
});
const at = (ms: number): string => new Date(ms).toISOString();
const query = (from: number, to: number): string => `?from=${at(from)}&to=${at(to)}`;
const agency = async (search = ""): Promise<Overview> => ok(await owner.get<Overview>(`/v1/agency/overview${search}`));
const ofAccount = async (id: string, search = ""): Promise<Overview> =>
  ok(await owner.get<Overview>(`/v1/subaccounts/${id}/overview${search}`));

/** The calendar's day in a zone, by another hand than ours. */
function dayOf(ms: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(ms);
}

async function inZone(timezone: string): Promise<void> {
  ok(await owner.patch("/v1/agency", { timezone }));
  for (let i = 0; i < 12; i++) {
    const from = NOW - random.int(1, 50 * 24 * 60) * 60_000 + random.pick([0, 1, 500]);
    const to = Math.min(NOW, from + random.int(1, 20 * 24 * 60) * 60_000);
    const whole = await agency(query(from, to));
    assert.deepEqual(part(whole), sum(from, to), `${timezone} ${at(from)} to ${at(to)}`);
    assert.deepEqual(part(whole.previous), sum(2 * from - to, from), `before ${timezone} ${at(from)} to ${at(to)}`);
    checkDays(whole, from, to, timezone);
    const one = await ofAccount(harbor.id, query(from, to));
    assert.deepEqual(part(one), sum(from, to, harbor.id));
    checkStatuses(one, from, to, harbor.id);
  }
}

function checkDays({ series }: Overview, from: number, to: number, zone: string): void {
  const starts = series.map(({ start }) => Date.parse(start));
  assert.equal(starts[0], from);
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1] ?? to;
    assert.equal(dayOf(start, zone), dayOf(end - 1, zone), "a point is within one day");
    if (i > 0) assert.notEqual(dayOf(start - 1, zone), dayOf(start, zone), "a point begins at midnight");
    const point = series[i];
    assert.ok(point);
    assert.deepEqual(part(point), sum(start, end), `${zone}: the day of ${at(start)}`);
  }
}

function checkStatuses({ calls_by_status }: Overview, from: number, to: number, account: string): void {
  for (const status of STATUSES) {
    const expected = calls.filter(
      (c) =>
        c.status === status &&
        c.subaccount === account &&
        Date.parse(c.started_at) >= from &&
        Date.parse(c.started_at) < to,
    ).length;
    assert.equal(calls_by_status[status], expected, status);
  }
}

// A whole-hour zone, a half-hour one, one with 45 minutes, and one whose clocks change in these months.
for (const zone of ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York"]) {
  test(`any range is exact, day by day, in ${zone}`, () => inZone(zone));
}

test("the hour that is under way is exact, also before calls of engines whose clocks are ahead", async () => {
  const now = Date.now();
  const late = [-90_000, -1000, 0, 20_000, 29_999, 30_000, 60_000, 200_000].map((beside, i) =>
    call({
      id: `late${i}`,
      subaccount: i % 2 === 0 ? harbor.id : plumbing.id,
      started_at: at(now + beside),
      duration_seconds: 60 + i,
    }),
  );
  assert.equal((await record(engine, late)).accepted, late.length);
  calls.push(...late);
  for (const from of [now - 40 * DAY_MS - 1234, now - HOUR_MS - 500, now - 60_000]) {
    const to = now + 30_000;
    const whole = await agency(query(from, to));
    assert.deepEqual(part(whole), sum(from, to), at(from));
    const one = await ofAccount(harbor.id, query(from, to));
    assert.deepEqual(part(one), sum(from, to, harbor.id), at(from));
    checkStatuses(one, from, to, harbor.id);
  }
});

test("purchases count at the moment they succeeded", async () => {
  const before = Date.now();
  const { paid_usd, profit_usd } = await sell(owner, harbor.id, "premium", 60_000);
  const after = Date.now() + 1;
  const { purchased_usd, profit_usd: profit } = await agency(query(before, after));
  assert.deepEqual([purchased_usd, profit], [paid_usd, profit_usd]);
  const earlier = await agency(query(before - DAY_MS * 30, before - DAY_MS * 20));
  assert.deepEqual([earlier.purchased_usd, earlier.profit_usd], ["0.00", "0.00"]);
});

test("a changed zone moves the billing periods, and their usage with them", async () => {
  interface Row {
    period: { start: string; end: string; minutes_used_seconds: number; spent_usd: string };
  }
  for (const zone of ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"]) {
    ok(await owner.patch("/v1/agency", { timezone: zone }));
    for (const { id } of accounts) {
      const { period } = ok(await owner.get<Row>(`/v1/subaccounts/${id}`));
      const expected = sum(Date.parse(period.start), Date.parse(period.end), id);
      assert.equal(period.minutes_used_seconds, expected.minutes_used_seconds, zone);
      assert.equal(period.spent_usd, expected.spent_usd, zone);
    }
  }
});

test("accounts with too few minutes are named with their figures", async () => {
  const poor = await addSubaccount(owner, "Overdrawn Ltd");
  const low = await addSubaccount(owner, "Nearly Out");
  await addSubaccount(owner, "Never Used");
  await sell(owner, low.id, "premium", 600);
  await record(engine, [
    call({ id: "poor", subaccount: poor.id, duration_seconds: 245 }),
    call({ id: "low", subaccount: low.id, duration_seconds: 60 }),
  ]);
  const { risks, subaccounts } = await agency();
  assert.deepEqual(
    risks.map(({ name, risk, detail }) => ({ name, risk, detail })),
    [
      { name: "Overdrawn Ltd", risk: "overdrawn", detail: "4.1 premium minutes below zero." },
      { name: "Nearly Out", risk: "low_balance", detail: "9.0 minutes left, 1.0 used this period." },
    ],
  );
  assert.deepEqual(subaccounts, { active: 5, suspended: 0, cap: null });
});

test("a range must end after it starts, and hold at most 400 days", async () => {
  refused(await owner.get(`/v1/agency/overview${query(NOW, NOW)}`), 422, "invalid", "to");
  refused(await owner.get(`/v1/agency/overview${query(NOW - 401 * DAY_MS, NOW)}`), 422, "invalid", "to");
});

test("without a range it is the billing period, an account's own or the agency's", async () => {
  const start = new Date(NOW - 12 * DAY_MS).toISOString().slice(0, 10);
  await app.store.damage(`UPDATE agencies SET subscription_start = '${start}'`);
  const { period } = ok(await owner.get<{ period: { start: string } }>(`/v1/subaccounts/${harbor.id}`));
  assert.equal(ok(await owner.get<Overview>(`/v1/subaccounts/${harbor.id}/overview`)).from, period.start);
  const ofAgency = ok(await owner.get<Overview>("/v1/agency/overview")).from;
  assert.ok(Date.parse(ofAgency) < Date.parse(period.start) - 10 * DAY_MS, ofAgency);
});
