// Auto-recharge: its settings, what they would buy, and buying when the balance falls below the threshold (domain.md §5).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell } from "../harness/scene.ts";

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();

interface Recharge {
  enabled: boolean;
  threshold_usd: string | null;
  amount_usd: string | null;
  tier: string | null;
  state: string;
  balance_usd: string;
  waits_until: string | null;
  failures: number;
  failure: string | null;
  turned_off_at: string | null;
}
interface Quote {
  price: string;
  seconds: number;
  balance_usd: string;
  buys_now: boolean;
}

const path = (account: string): string => `/v1/subaccounts/${account}/auto_recharge`;
const read = async (account: string): Promise<Recharge> => ok(await owner.get<Recharge>(path(account)));
const put = (account: string, body: object, client: Client = owner): Promise<Reply<Recharge>> =>
  client.put<Recharge>(path(account), body);

let accounts = 0;
const account = async (premium = "0.20"): Promise<string> =>
  (await addSubaccount(owner, `Client ${++accounts}`, { prices: { basic: "0.09", premium } })).id;

const SETTINGS = { threshold_usd: "10.00", amount_usd: "50.00", tier: "premium" };
const ON = { enabled: true, ...SETTINGS };

test("it is off until it is set", async () => {
  const { updated_at, ...recharge } = (await read(await account())) as Recharge & { updated_at: string | null };
  assert.equal(updated_at, null);
  assert.deepEqual(recharge, {
    ...{ enabled: false, threshold_usd: null, amount_usd: null, tier: null, state: "off", balance_usd: "0.00" },
    ...{ purchase: null, card: null, waits_until: null, failures: 0, failure: null, turned_off_at: null },
  });
});

test("a quote says what the amount buys at the client price, and whether it does so at once", async () => {
  const id = await account();
  const quote = async (): Promise<Quote> => ok(await owner.post<Quote>(`${path(id)}/quote`, SETTINGS));
  assert.deepEqual(await quote(), { price: "0.20", seconds: 15_000, balance_usd: "0.00", buys_now: true });
  await sell(owner, id, "premium", 3000);
  assert.deepEqual(await quote(), { price: "0.20", seconds: 15_000, balance_usd: "10.00", buys_now: false });
  assert.equal((await read(id)).state, "off");
});

test("turned off, it keeps what was set", async () => {
  const id = await account();
  await sell(owner, id, "premium", 3000);
  const on = ok(await put(id, ON));
  assert.deepEqual(
    [on.enabled, on.state, on.threshold_usd, on.amount_usd, on.tier],
    [...[true, "on", "10.00", "50.00", "premium"]],
  );
  assert.deepEqual(await read(id), on);
  const off = ok(await put(id, { enabled: false }));
  assert.deepEqual([off.enabled, off.state, off.threshold_usd, off.tier], [false, "off", "10.00", "premium"]);
});

test("what is wrong is named, and nothing is set", async () => {
  const id = await account();
  refused(await put(id, { enabled: true }), 422, "invalid", "tier");
  for (const field of Object.keys(SETTINGS)) {
    refused(await put(id, { ...ON, [field]: null }), 422, "invalid", field);
    refused(await owner.post(`${path(id)}/quote`, { ...SETTINGS, [field]: undefined }), 422, "invalid", field);
  }
  for (const amount_usd of ["0.00", "-1.00", "0.001", "10000000.01"]) {
    refused(await put(id, { ...ON, amount_usd }), 422, "invalid", "amount_usd");
    refused(await owner.post(`${path(id)}/quote`, { ...SETTINGS, amount_usd }), 422, "invalid", "amount_usd");
  }
  refused(await put(id, { ...ON, threshold_usd: "-0.01" }), 422, "invalid", "threshold_usd");
  refused(await put(id, { ...ON, tier: "gold" }), 422, "invalid", "tier");
  assert.equal((await read(id)).threshold_usd, null);
});

test("an amount that buys less than a second is refused", async () => {
  const id = await account("999.00");
  const reply = await put(id, { ...ON, amount_usd: "0.01" });
  refused(reply, 422, "invalid", "amount_usd");
  assert.match(JSON.stringify(reply.body), /nothing_to_buy/);
});

test("the client's own people may set it, unless their account is suspended; the agency's may also then", async () => {
  const id = await account();
  await sell(owner, id, "premium", 3000);
  const role = "subaccount_member";
  const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [id] }));
  assert.equal(ok(await put(id, ON, client)).state, "on");
  ok(await owner.post(`/v1/subaccounts/${id}/suspend`, {}));
  refused(await put(id, ON, client), 409, "subaccount_suspended");
  refused(await client.post(`${path(id)}/quote`, SETTINGS), 409, "subaccount_suspended");
  assert.equal(ok(await put(id, ON)).state, "suspended");
});

test("a removed account sets none", async () => {
  const id = await account();
  ok(await owner.post(`/v1/subaccounts/${id}/remove`, {}));
  refused(await put(id, ON), 409, "subaccount_removed");
  refused(await owner.post(`${path(id)}/quote`, SETTINGS), 409, "subaccount_removed");
});

test("the trail says who set what", async () => {
  const id = await account();
  await sell(owner, id, "premium", 3000);
  ok(await put(id, ON));
  const { data } = ok(
    await owner.get<{ data: { action: string; after: object }[] }>(`/v1/audit_events?target=${id}&limit=1`),
  );
  assert.deepEqual([data[0]?.action, data[0]?.after], ["auto_recharge.set", ON]);
});
