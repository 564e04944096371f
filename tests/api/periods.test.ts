// Billing periods: a call belongs to the period in which it started, to the microsecond, and the table's figures turn over
// when the period does.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok } from "../harness/client.ts";
import { inSource } from "../harness/paths.ts";
import { idNumber } from "../harness/rows.ts";
import { addSubaccount, call, record, sell } from "../harness/scene.ts";

const app = await startApp({ args: ["--test-clock"] });
const engine = await app.machineClient(["calls:write", "read"]);

interface Cycles {
  anchor: string;
  timezone: string;
  starts: string[];
}
interface Account {
  billing_date: string;
  period: {
    start: string;
    end: string;
    minutes_used_seconds: number;
    spent_usd: string;
    purchased_usd: string;
  };
}

const vectors = JSON.parse(await readFile(inSource("tests/vectors/billing_cycles.json"), "utf8")) as Cycles[];
const SECOND = 1_000_000n;
const at = (instant: string): bigint => BigInt(Date.parse(instant)) * 1000n;
const text = (micros: bigint): string =>
  new Date(Number(micros / 1000n)).toISOString().replace(/\d{3}Z$/, `${String(micros % SECOND).padStart(6, "0")}Z`);

let accounts = 0;

/** An account whose billing began on `anchor`, in an agency of this zone. */
async function accountOf({ anchor, timezone }: Cycles): Promise<string> {
  const owner = await app.ownerClient();
  ok(await owner.patch("/v1/agency", { timezone }));
  const { id } = await addSubaccount(owner, `Client ${++accounts}`, { prices: { basic: "0.12", premium: "0.20" } });
  await app.store.damage(`UPDATE agencies SET version = version + 1;
    UPDATE subaccounts SET billing_anchor = '${anchor}', version = (SELECT version FROM agencies)
    WHERE id = ${idNumber(id)}`);
  await sell(owner, id, "premium", 60_000);
  return id;
}

for (const [index, cycles] of vectors.entries()) {
  test(`calls fall into the periods from ${cycles.anchor} in ${cycles.timezone}`, async () => {
    const subaccount = await accountOf(cycles);
    const past = cycles.starts.filter((start) => Date.parse(start) < Date.now());
    const starts = past.map(at);
    const calls = starts.flatMap((start, i) => [
      call({ id: `${index}-${i}-first`, subaccount, started_at: text(start), duration_seconds: 7 }),
      call({ id: `${index}-${i}-before`, subaccount, started_at: text(start - 1n), duration_seconds: 30 }),
    ]);
    assert.equal((await record(engine, calls)).accepted, calls.length);

    const rows = await app.store.query(
      `SELECT start_at, end_at, billed_seconds FROM usage_periods WHERE subaccount_id = ${idNumber(subaccount)}
       ORDER BY start_at`,
    );
    // Before the first start a period ends that the vector does not name; after the last there is the first call alone.
    assert.deepEqual(
      rows.slice(1).map((row) => [row["start_at"], row["billed_seconds"]]),
      starts.map((start, i) => [start, i + 1 < starts.length ? 37n : 7n]),
    );
    assert.deepEqual(
      rows.slice(0, -1).map((row) => row["end_at"]),
      starts,
    );
  });
}

const part = (zone: string, instant: number): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(instant);

/** The first instant of a day in a zone, sought among all that it could be. */
function midnight(day: string, zone: string): string {
  const quarters = Array.from({ length: 4 * 28 }, (_, i) => (i - 4 * 14) * 900_000);
  const found = quarters
    .map((ahead) => Date.parse(`${day}T00:00:00Z`) - ahead)
    .find((instant) => part(zone, instant) === `${day} 00:00:00`);
  assert.ok(found !== undefined, `${day} in ${zone}`);
  return new Date(found).toISOString().replace(".000Z", "Z");
}

/** The 31sts from next month on, or the last days of the months that have none. */
function monthEnds(count: number): string[] {
  const now = new Date();
  return Array.from({ length: count }, (_, i) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2 + i, 0)).toISOString().slice(0, 10),
  );
}

test("the table turns over at the instant, and shows the next billing date", async () => {
  const timezone = "America/New_York";
  const days = monthEnds(14);
  const starts = days.map((day) => midnight(day, timezone));
  const cycles = { anchor: "2026-01-31", timezone, starts };
  const subaccount = await accountOf(cycles);
  const read = async (): Promise<Account> => ok(await engine.get<Account>(`/v1/subaccounts/${subaccount}`));
  for (const [i, start] of starts.slice(0, -1).entries()) {
    const next = starts[i + 1] ?? "";
    ok(await app.client().post("/v1/test/clock", { now: text(at(start) - 20n * SECOND) }));
    assert.equal((await sell(await app.ownerClient(), subaccount, "premium", 300)).paid_usd, "1.00");
    await record(engine, [call({ id: `last-${i}`, subaccount, started_at: text(at(start) - 30n * SECOND) })]);
    const before = await read();
    assert.deepEqual([before.period.end, before.billing_date], [start, days[i]]);
    assert.deepEqual([before.period.minutes_used_seconds, before.period.spent_usd], [60, "0.20"]);
    assert.ok(before.period.purchased_usd.endsWith("1.00"), before.period.purchased_usd);

    ok(await app.client().post("/v1/test/clock", { now: start }));
    const after = await read();
    assert.deepEqual([after.period.start, after.period.end], [start, next]);
    assert.equal(after.billing_date, days[i + 1]);
    assert.deepEqual(
      [after.period.minutes_used_seconds, after.period.spent_usd, after.period.purchased_usd],
      [0, "0.00", "0.00"],
    );
    // What is told late still belongs to the period in which it started.
    await record(engine, [
      call({ id: `late-${i}`, subaccount, started_at: text(at(start) - 1n) }),
      call({ id: `first-${i}`, subaccount, started_at: start, duration_seconds: 0 }),
    ]);
    assert.equal((await read()).period.minutes_used_seconds, 0);
  }
});
