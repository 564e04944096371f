// A store with every kind of row that `minutebank check` looks at, made through the API when this is imported.

import assert from "node:assert/strict";
import { after } from "node:test";

import { Client, ok } from "../harness/client.ts";
import { minutebankOk, Server } from "../harness/minutebank.ts";
import { invite } from "../harness/people.ts";
import { addPlatformAdmin, STAFF } from "../harness/platform.ts";
import { addSubaccount, call, record, sell, type CallRecord } from "../harness/scene.ts";
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
  ok(await staff.post(`${path}/enter`));
  staff.close();
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
  await sell(client, harbor.id, "basic", 61);
  await sell(client, plain.id, "premium", 100); // at base price: a fraction of a cent is rounding
  await sell(client, gone.id, "premium", 60);
  const order = { from: harbor.id, to: plain.id, tier: "premium", seconds: 60 };
  ok(await client.post("/v1/minute_moves", { ...order, received_seconds: 75 }));
  await addSubaccount(client, "mbk_0sba6qy440000", { reference: "mbk_1" }); // a name that begins like a key is none
  ok(await client.post(`/v1/subaccounts/${harbor.id}/purchases`, { tier: "basic", amount_usd: "12.34" }));

  const headers = { "Idempotency-Key": "engine-key-1" };
  const body = { name: "engine", scopes: ["calls:write"] };
  const { secret } = ok(await client.post<{ secret: string }>("/v1/api_keys", body, { headers }));
  const engine = new Client(server.url, { key: secret });
  await record(engine, callsOf(harbor.id));
  await record(engine, callsOf(plain.id)); // of minutes that it has not: overdrawn
  await record(engine, [call({ id: "before", subaccount: gone.id }), call({ id: "one more", subaccount: harbor.id })]);
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

export const sound = await freshStore();
after(() => sound.drop());
await init(sound);
await addPlatformAdmin(sound);
// Mail to a server that is not there waits.
const first = await Server.start(sound, {
  args: ["--smtp-url", "smtp://127.0.0.1:1", "--mail-from", "mail@minutes.example"],
});
const scene = await fill(first);
await settle(first);
export const { secrets } = scene;
export const whileServing = await minutebankOk(["check", "--store", sound.url]);
await first.stop();
await recordLate(sound, scene);

/** The only row of a query on the sound store. */
export async function one(sql: string): Promise<Row> {
  const [row] = await sound.query(sql);
  assert.ok(row, sql);
  return row;
}

export const number = async (sql: string): Promise<number> => Number((await one(sql))["n"]);
