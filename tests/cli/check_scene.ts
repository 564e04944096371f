// A store with every kind of row that `minutebank check` looks at, made through the API when this is imported.

import assert from "node:assert/strict";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { schedulePayout } from "../harness/card_sale.ts";
import { Client, ok } from "../harness/client.ts";
import { waitingCall } from "../harness/engines.ts";
import { minutebankOk, Server } from "../harness/minutebank.ts";
import { invite } from "../harness/people.ts";
import { addPlatformAdmin, STAFF } from "../harness/platform.ts";
import { idText } from "../harness/rows.ts";
import { addSubaccount, call, hold, record, sell, type CallRecord } from "../harness/scene.ts";
import { freshStore, type Row, type Store } from "../harness/store.ts";

export const OWNER = { email: "owner@northwind.example", password: "a boat full of quiet lanterns" };
const HOUR_MS = 3_600_000;
const HOURS = 8;

async function init(store: Store): Promise<void> {
  const args = ["init", "--store", store.url, "--agency", "Northwind Voice", "--email", OWNER.email];
  await minutebankOk([...args, "--timezone", "America/St_Johns", "--password-stdin"], {
    input: `${OWNER.password}\n`,
  });
}

/** On the hour, `hours` hours ago. */
function hoursAgo(hours: number): string {
  return new Date(Math.floor(Date.now() / HOUR_MS - hours) * HOUR_MS).toISOString();
}

function callsOf(subaccount: string): CallRecord[] {
  const statuses = ["completed", "voicemail", "no_answer", "busy", "failed", "canceled", "transferred"];
  const talkless = ["no_answer", "busy", "canceled"];
  return Array.from({ length: 40 }, (_, i) => {
    const status = statuses[i % statuses.length] ?? "completed";
    return call({
      id: `${subaccount}-${i}`,
      subaccount,
      status,
      tier: i % 3 === 0 ? "basic" : "premium",
      direction: i % 2 === 0 ? "inbound" : "outbound",
      started_at: hoursAgo(1 + (i % HOURS)),
      duration_seconds: talkless.includes(status) ? 0 : 7 + i,
    });
  });
}

/** One call in progress, one that has ended, one that there never was. */
async function holdSome(engine: Client, subaccount: string): Promise<void> {
  const [ended, none] = [await hold(engine, subaccount), await hold(engine, subaccount, { seconds: 30 })];
  await hold(engine, subaccount, { seconds: 90 });
  await record(engine, [call({ id: "held for", subaccount, reservation: ended.id })]);
  ok(await engine.delete(`/v1/reservations/${none.id}`));
}

interface Secrets {
  key: string;
  cookie: string;
}

/** Somebody of the platform records what the agency paid, and stays inside it. */
async function settle(server: Server): Promise<void> {
  const staff = await new Client(server.url).login(STAFF);
  const { data } = ok(await staff.get<{ data: { id: string }[] }>("/v1/platform/agencies"));
  const path = `/v1/platform/agencies/${data[0]?.id ?? ""}`;
  ok(await staff.post(`${path}/settlements`, { amount_usd: "1.00" }));
  ok(await staff.post(`${path}/grants`, { tier: "premium", seconds: 60, reason: "Welcome" }));
  const inAnHour = new Date(Date.now() + HOUR_MS).toISOString();
  const prices = { plan: "agency_lite", basic: "0.10", premium: "0.18", effective_at: inAnHour };
  ok(await staff.post("/v1/platform/prices", prices));
  ok(await staff.post(`${path}/enter`));
  staff.close();
}

/** One that is charged, given back by the processor and lost in a dispute's place; and one that is refused. */
async function payByCard(client: Client, account: string): Promise<void> {
  const path = `/v1/subaccounts/${account}`;
  for (const number of ["4242424242424242", "4000000000000002"]) {
    const card = { number, exp_month: 12, exp_year: 2040 };
    const { id: payment_method } = ok(await client.post<{ id: string }>(`${path}/payment_methods`, card));
    const order = { tier: "basic", seconds: 600, payment_method };
    const { id } = ok(await client.post<{ id: string }>(`${path}/purchases`, order));
    ok(await client.get(`/v1/purchases/${id}?wait=30`));
  }
}

/** What somebody else's job makes. */
async function until<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(10);
  }
  throw new Error("it never came");
}

/** A month that was paid by hand, and a recharge that waits to be. */
async function buyByThemselves(client: Client, bought: string, recharged: string): Promise<void> {
  interface Purchase {
    id: string;
    origin: string;
  }
  const made = (account: string, origin: string): Promise<Purchase> =>
    until(async () => {
      const path = `/v1/subaccounts/${account}/purchases?limit=500`;
      return ok(await client.get<{ data: Purchase[] }>(path)).data.find((one) => one.origin === origin);
    });
  const settings = { enabled: true, premium_seconds: 61, day: 1 };
  ok(await client.put(`/v1/subaccounts/${bought}/auto_allocation`, settings));
  await sound.query("UPDATE auto_allocations SET next_month = next_month - 1");
  ok(await client.put(`/v1/subaccounts/${bought}/auto_allocation`, settings));
  ok(await client.post(`/v1/purchases/${(await made(bought, "auto_allocation")).id}/mark_paid`));
  const recharge = { enabled: true, threshold_usd: "1.00", amount_usd: "10.00", tier: "premium" };
  ok(await client.put(`/v1/subaccounts/${recharged}/auto_recharge`, recharge));
  await made(recharged, "auto_recharge");
}

/** One that is charged, one that waits, one that was dismissed: none of them with talk. */
async function reportByWebhook(client: Client, account: string): Promise<void> {
  const [known, , dismissed] = [
    await waitingCall(client, client, "known"),
    await waitingCall(client, client, "waits"),
    await waitingCall(client, client, "a test"),
  ];
  ok(await client.post(`/v1/unmatched_calls/${known.id}/assign`, { subaccount: account, remember: "+15550100" }));
  ok(await client.post(`/v1/unmatched_calls/${dismissed.id}/dismiss`, { reason: "A test call" }));
}

/** `gone` is removed afterwards; the store keeps working as it would. */
async function fill(server: Server): Promise<{ gone: string; secrets: Secrets }> {
  const client = await new Client(server.url).login(OWNER);
  const harbor = await addSubaccount(client, "Harbor Dental", { prices: { basic: "0.12", premium: "0.2" } });
  const plain = await addSubaccount(client, "Plain Plumbing");
  const gone = await addSubaccount(client, "Gone Fishing", { prices: { basic: "0.3", premium: "0.5" } });
  await invite(client, "grace@northwind.example", "subaccount_admin", [harbor.id]);
  await sell(client, harbor.id, "premium", 6_000);
  await sell(client, harbor.id, "premium", 601);
  const { id: refunded } = await sell(client, harbor.id, "basic", 61);
  ok(await client.post(`/v1/purchases/${refunded}/refund`, { seconds: 31 }));
  const goodwill = { tier: "basic", seconds: 61, reason: "Goodwill" };
  ok(await client.post(`/v1/subaccounts/${harbor.id}/adjustments`, goodwill));
  await payByCard(client, harbor.id);
  await buyByThemselves(client, harbor.id, plain.id);
  await sell(client, plain.id, "premium", 100); // at base price: a fraction of a cent is rounding
  await sell(client, gone.id, "premium", 60);
  const order = { from: harbor.id, to: plain.id, tier: "premium", seconds: 60 };
  ok(await client.post("/v1/minute_moves", { ...order, received_seconds: 75 }));
  const { data } = ok(await client.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary"));
  ok(await client.post("/v1/knowledge_transfers", { from: data[0]?.id, to: harbor.id, credits: 1 }));
  await addSubaccount(client, "mbk_0sba6qy440000", { reference: "mbk_1" }); // a name that begins like a key is none
  ok(await client.post(`/v1/subaccounts/${harbor.id}/purchases`, { tier: "basic", amount_usd: "12.34" }));

  const headers = { "Idempotency-Key": "engine-key-1" };
  const body = { name: "engine", scopes: ["calls:write", "reservations:write"] };
  const { secret } = ok(await client.post<{ secret: string }>("/v1/api_keys", body, { headers }));
  const engine = new Client(server.url, { key: secret });
  await record(engine, callsOf(harbor.id));
  await record(engine, callsOf(plain.id)); // of minutes that it has not: overdrawn
  await record(engine, [call({ id: "before", subaccount: gone.id }), call({ id: "one more", subaccount: harbor.id })]);
  await holdSome(engine, harbor.id);
  await reportByWebhook(client, harbor.id);
  const cookie = client.cookies.get("mb_session");
  assert.ok(cookie);
  client.close();
  engine.close();
  return { gone: gone.id, secrets: { key: secret, cookie } };
}

/** A call of an account that was removed before it was told: the primary pays. */
async function recordLate(store: Store, { gone, secrets }: { gone: string; secrets: Secrets }): Promise<void> {
  await store.query("UPDATE subaccounts SET status = 'removed', removed_at = 1 WHERE name = 'Gone Fishing'");
  const server = await Server.start(store);
  const engine = new Client(server.url, { key: secrets.key });
  await record(engine, [call({ id: "late", subaccount: gone })]);
  engine.close();
  await server.stop();
}

const DAY_MS = 24 * HOUR_MS;

/** As if it had begun a month ago: a fee, minutes for two of three clients, and a payout that came back. */
async function renew(store: Store): Promise<void> {
  await store.query(
    "UPDATE plans SET monthly_fee_micros = 1000000, distribution_premium_seconds = 80000 WHERE code = 'partner_legacy'",
  );
  await store.query("UPDATE agencies SET plan_code = 'partner_legacy'");
  await store.query("INSERT INTO plan_starts SELECT id, plan_code, created_at FROM agencies");
  const [harbor] = await store.query("SELECT id FROM subaccounts WHERE name = 'Harbor Dental'");
  const { payout } = await schedulePayout(store, idText("sub", harbor?.["id"] as bigint), 5, new Date());
  const began = new Date(Date.now() - 35 * DAY_MS);
  await store.query(`UPDATE agencies SET subscription_start = '${began.toISOString().slice(0, 10)}'`);
  await store.query(`UPDATE subaccounts SET created_at = ${began.getTime()}000`);
  await store.query("UPDATE jobs SET due_at = 0 WHERE kind = 'renewal'");
  const server = await Server.start(store);
  const staff = await new Client(server.url).login(STAFF);
  ok(await staff.post(`/v1/platform/payouts/${payout}/fail`, { reason: "Sent back" }));
  ok(await staff.post("/v1/auth/logout"));
  while ((await store.query("SELECT id FROM renewals WHERE cycle = 1 AND completed_at IS NOT NULL")).length === 0)
    await sleep(10);
  staff.close();
  await server.stop();
}

export const sound = await freshStore();
after(() => sound.drop());
await init(sound);
await addPlatformAdmin(sound);
// Mail to a server that is not there waits.
const first = await Server.start(sound, {
  args: ["--test-clock", "--smtp-url", "smtp://127.0.0.1:1", "--mail-from", "mail@minutes.example"],
});
const scene = await fill(first);
await settle(first);
export const { secrets } = scene;
export const whileServing = await minutebankOk(["check", "--store", sound.url]);
await first.stop();
await recordLate(sound, scene);
await renew(sound);

/** The only row of a query on the sound store. */
export async function one(sql: string): Promise<Row> {
  const [row] = await sound.query(sql);
  assert.ok(row, sql);
  return row;
}

export const number = async (sql: string): Promise<number> => Number((await one(sql))["n"]);
