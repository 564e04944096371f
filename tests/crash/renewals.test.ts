// Two years of renewals by the test clock, with kill -9 in the middle of them: each cycle of each agency exactly once, and
// every wallet as a plain model of the rules says.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { App } from "../harness/app.ts";
import { cycleStart } from "../harness/cycles.ts";
import { jobsSettled, setClock } from "../harness/jobs.ts";
import { insertRow, insertRows, moveIn } from "../harness/rows.ts";
import { chance } from "../harness/seed.ts";
import { storeKind, type Row } from "../harness/store.ts";

const IS_SQLITE = storeKind() === "sqlite";
const MONTHS = 24;
const KILLS = IS_SQLITE ? 10 : 5;
const CLIENTS = IS_SQLITE ? 1000 : 120;
const OTHERS = 5;
const INCLUDED = 120_000;
const SHARE = 60;
const FEE_MICROS = 1_000_000n;

/** Of months that end early, of nights without a midnight and with two of them, east and west of every date line. */
const PLACES = [
  ["2024-01-31", "Europe/Berlin"],
  ["2024-02-29", "America/Sao_Paulo"],
  ["2024-03-30", "Asia/Beirut"],
  ["2024-10-28", "America/Havana"],
  ["2024-05-31", "Pacific/Apia"],
  ["2024-08-29", "America/St_Johns"],
] as const;

interface Agency {
  id: bigint;
  primary: bigint;
  anchor: string;
  zone: string;
  clients: bigint[];
  /** The model's. */
  wallets: Map<bigint, number>;
  fees: bigint;
}

const dice = chance("two years of renewals");
const app = await App.start({ args: ["--test-clock"] });
after(() => app.finish());

for (let i = 0; i < OTHERS; i += 1) {
  const other = await App.start({ agency: `Agency ${i}`, email: `owner${i}@other.example` });
  await moveIn(other.store, app.store);
  await other.finish();
}

const START = new Date("2027-01-01T12:00:00Z");

/** Clients straight into the store, as a thousand requests would only take time. */
async function addClients(agency: Row, n: number): Promise<bigint[]> {
  const [pattern] = await app.store.query(`SELECT * FROM subaccounts WHERE id = ${String(agency["primary_id"])}`);
  const points = await app.store.query(`SELECT * FROM price_points WHERE owner_id = ${String(agency["primary_id"])}`);
  assert.ok(pattern);
  const first = (pattern["id"] as bigint) + 1_000_000n;
  const ids = Array.from({ length: n }, (_, i) => first + BigInt(i));
  const rows = ids.map((id, i) => {
    const name = `client ${String((i * 7919) % n).padStart(5, "0")}`;
    const email = `c${i}@a${String(agency["id"])}.example`;
    return { ...pattern, id, kind: "secondary", name, name_key: name, email, email_key: email, created_at: 1 };
  });
  await insertRows(app.store, "subaccounts", rows);
  await insertRows(
    app.store,
    "price_points",
    ids.flatMap((owner_id) => points.map((point) => ({ ...point, owner_id }))),
  );
  return ids;
}

/** Each its own place, its plan, and its clients; from now on nothing but the clock makes anything happen. */
async function settle(row: Row, index: number): Promise<Agency> {
  const [anchor, zone] = PLACES[index % PLACES.length] ?? PLACES[0];
  const id = row["id"] as bigint;
  const clients = await addClients(row, index === 0 ? CLIENTS : 3 + index);
  const first = cyclesBefore(anchor, zone, START.getTime());
  await app.store.damage(
    `UPDATE agencies SET subscription_start = '${anchor}', timezone = '${zone}', plan_code = 'partner_legacy',` +
      ` renewed_cycle = ${first} WHERE id = ${id};` +
      ` UPDATE jobs SET due_at = ${cycleStart(anchor, zone, first + 1)}000 WHERE agency_id = ${id}`,
  );
  await insertRow(app.store, "plan_starts", { agency_id: id, plan_code: "partner_legacy", started_at: 1 });
  const wallets = new Map<bigint, number>([...clients.map((client): [bigint, number] => [client, 0])]);
  const primary = row["primary_id"] as bigint;
  wallets.set(primary, await premiumOf(primary));
  return { id, primary, anchor, zone, clients, wallets, fees: 0n };
}

/** The number of the cycle that holds an instant. */
function cyclesBefore(anchor: string, zone: string, at: number): number {
  let index = 0;
  while (cycleStart(anchor, zone, index + 1) <= at) index += 1;
  return index;
}

async function premiumOf(owner: bigint): Promise<number> {
  const [row] = await app.store.query(`SELECT balance FROM ledger_accounts WHERE account = 1 AND owner_id = ${owner}`);
  return Number(row?.["balance"] ?? 0n);
}

/** One renewal as the rules have it: minutes to the primary, then out by name for as long as they last. */
function renewModel(agency: Agency, order: readonly bigint[]): { distributed: number; short: number } {
  let left = (agency.wallets.get(agency.primary) ?? 0) + INCLUDED;
  let short = 0;
  let distributed = 0;
  for (const client of order) {
    if (left < SHARE) {
      short += 1;
      continue;
    }
    left -= SHARE;
    distributed += SHARE;
    agency.wallets.set(client, (agency.wallets.get(client) ?? 0) + SHARE);
  }
  agency.wallets.set(agency.primary, left);
  agency.fees += FEE_MICROS;
  return { distributed, short };
}

await setClock(app, START);
await jobsSettled(app);
await app.store.damage(
  `UPDATE plans SET monthly_fee_micros = ${FEE_MICROS}, distribution_premium_seconds = ${SHARE} WHERE code = 'partner_legacy'`,
);
const agencies: Agency[] = [];
for (const [index, row] of (await app.store.query("SELECT id, primary_id FROM agencies ORDER BY id")).entries())
  agencies.push(await settle(row, index));

/** In the order of names, as the store sorts them too. */
async function orderOf(agency: Agency): Promise<bigint[]> {
  const rows = await app.store.query(
    `SELECT id, name_key FROM subaccounts WHERE agency_id = ${agency.id} AND kind = 'secondary'`,
  );
  return rows.sort((a, b) => (String(a["name_key"]) < String(b["name_key"]) ? -1 : 1)).map(({ id }) => id as bigint);
}

/** Kills at some moment while what is due is being done; the clock is lost with the server. */
async function renewThroughKills(at: Date, kills: number): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    await setClock(app, at);
    await sleep(dice.int(0, 120));
    await app.crash();
  }
  await setClock(app, at);
  await jobsSettled(app);
}

test(`two years, ${MONTHS * (OTHERS + 1)} renewals, ${CLIENTS} clients, ${KILLS} kills: each cycle once, in order`, async (t) => {
  const orders = await Promise.all(agencies.map(orderOf));
  let at = START.getTime();
  let kills = 0;
  while (at < Date.UTC(2029, 0, 1)) {
    // A week, or a server that was down for months.
    at += (dice.oneIn(6) ? dice.int(40, 130) : dice.int(5, 30)) * 86_400_000;
    const now = kills < KILLS ? dice.int(0, 2) : 0;
    await renewThroughKills(new Date(at), now);
    kills += now;
  }
  t.diagnostic(`covered: ${kills} kills`);
  assert.ok(kills >= KILLS / 2);

  for (const [i, agency] of agencies.entries()) {
    const rows = await app.store.query(
      `SELECT cycle, start_at, end_at, accounts, distributed_premium_seconds AS distributed, short_accounts, completed_at` +
        ` FROM renewals WHERE agency_id = ${agency.id} AND start_at > ${START.getTime()}000 ORDER BY id`,
    );
    const first = cyclesBefore(agency.anchor, agency.zone, START.getTime()) + 1;
    const last = cyclesBefore(agency.anchor, agency.zone, at);
    const expected = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    assert.deepEqual(
      rows.map(({ cycle }) => Number(cycle)),
      expected,
      `${agency.anchor} ${agency.zone}: each cycle once`,
    );
    for (const row of rows) {
      const cycle = Number(row["cycle"]);
      assert.equal(
        Number(row["start_at"]) / 1000,
        cycleStart(agency.anchor, agency.zone, cycle),
        `${agency.zone} ${cycle}`,
      );
      assert.equal(Number(row["end_at"]) / 1000, cycleStart(agency.anchor, agency.zone, cycle + 1));
      const { distributed, short } = renewModel(agency, orders[i] ?? []);
      assert.deepEqual(
        [Number(row["accounts"]), Number(row["distributed"]), Number(row["short_accounts"])],
        [agency.clients.length, distributed, short],
      );
      assert.ok(row["completed_at"] !== null);
    }
    for (const [owner, seconds] of agency.wallets)
      assert.equal(await premiumOf(owner), seconds, `the wallet of ${owner}`);
    const [credit] = await app.store.query(
      `SELECT balance FROM ledger_accounts WHERE account = 8 AND agency_id = ${agency.id}`,
    );
    assert.equal(credit?.["balance"], -agency.fees);
  }
});
