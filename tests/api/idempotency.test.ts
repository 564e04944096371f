// Idempotency-Key: the same request again replays the reply, another one is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Send } from "../harness/client.ts";
import { schedulePayout } from "../harness/card_sale.ts";
import { waitingCall } from "../harness/engines.ts";
import { invite } from "../harness/people.ts";
import { planOf, STAFF } from "../harness/platform.ts";
import { pastDue } from "../harness/past_due.ts";
import { servedRoutes } from "../harness/rows.ts";
import { addSubaccount, call, hold, sell, walletOf, type CallResults, type Purchase } from "../harness/scene.ts";

const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write", "reservations:write"]);
const staff = await app.client().login(STAFF);
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;
const { id: account } = await addSubaccount(owner, "Harbor Dental");

const key = (value: string): Send => ({ headers: { "Idempotency-Key": value } });

test("creating again replays the first reply", async () => {
  const input = { name: "Acme", email: "acme@client.example" };
  const first = await owner.post("/v1/subaccounts", input, key("create-acme"));
  const again = await owner.post("/v1/subaccounts", input, key("create-acme"));
  assert.equal(first.status, 201);
  assert.deepEqual([again.status, again.body], [first.status, first.body]);
});

test("the same key with another body is a conflict", async () => {
  const other = { name: "Acme Two", email: "acme.two@client.example" };
  refused(await owner.post("/v1/subaccounts", other, key("create-acme")), 409, "idempotency_conflict");
});

test("the same key on another path is a conflict", async () => {
  const reply = await owner.post(
    `/v1/subaccounts/${account}/purchases`,
    { tier: "basic", seconds: 60 },
    key("create-acme"),
  );
  refused(reply, 409, "idempotency_conflict");
});

test("a payment is marked once, also by two at once", async () => {
  const path = `/v1/subaccounts/${account}/purchases`;
  const { id } = ok(await owner.post<Purchase>(path, { tier: "basic", seconds: 600 }, key("buy")));
  const marks = [1, 2, 3].map(() => owner.post<Purchase>(`/v1/purchases/${id}/mark_paid`, undefined, key("paid")));
  const replies = await Promise.all(marks);
  for (const reply of replies) assert.deepEqual(reply.body, replies[0]?.body);
  assert.equal(replies[0]?.status, 200);
  assert.equal((await walletOf(owner, account)).basic_seconds, 600);
});

test("a refusal does not use the key up", async () => {
  const path = `/v1/subaccounts/${account}/purchases`;
  refused(await owner.post(path, { tier: "basic", seconds: 0 }, key("second-try")), 422, "invalid", "seconds");
  assert.equal((await owner.post(path, { tier: "basic", seconds: 60 }, key("second-try"))).status, 201);
});

test("a batch of calls is replayed with the results of the first time", async () => {
  const calls = [call({ id: "keyed", subaccount: account })];
  const first = await engine.post("/v1/calls", calls, key("batch-1"));
  const again = await engine.post("/v1/calls", calls, key("batch-1"));
  assert.deepEqual(again.body, first.body);
  assert.equal((await walletOf(owner, account)).premium_seconds, -60);
});

test("the secret of an API key is not told again", async () => {
  const input = { name: "engine", scopes: ["read"] };
  const first = ok(await owner.post<{ id: string; secret?: string }>("/v1/api_keys", input, key("key-1")));
  const again = ok(await owner.post<{ id: string; secret?: string }>("/v1/api_keys", input, key("key-1")));
  const { secret, ...rest } = first;
  assert.match(secret ?? "", /^mbk_/);
  assert.deepEqual(again, rest);
});

async function newCard(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2040 };
  return ok(await owner.post<{ id: string }>(`/v1/subaccounts/${account}/payment_methods`, card)).id;
}

/** As far as the card's processor takes it. */
async function paidBy(number: string): Promise<Purchase> {
  const order = { tier: "basic", seconds: 60, payment_method: await newCard(number) };
  const { id } = ok(await owner.post<Purchase>(`/v1/subaccounts/${account}/purchases`, order));
  return ok(await owner.get<Purchase>(`/v1/purchases/${id}?wait=30`));
}

/** Posts that change something, each with what to send the n-th time: always something new. */
const CHANGES: Record<string, (n: number) => Promise<{ client: Client; path: string; body?: unknown }>> = {
  "/v1/subaccounts": (n) =>
    Promise.resolve({
      client: owner,
      path: "/v1/subaccounts",
      body: { name: `Walk ${n}`, email: `walk.${n}@client.example` },
    }),
  "/v1/subaccounts/{subaccount}/purchases": (n) =>
    Promise.resolve({
      client: owner,
      path: `/v1/subaccounts/${account}/purchases`,
      body: { tier: "premium", seconds: 60 * n },
    }),
  "/v1/purchases/{purchase}/mark_paid": async () => {
    const path = `/v1/subaccounts/${account}/purchases`;
    const { id } = ok(await owner.post<Purchase>(path, { tier: "basic", seconds: 60 }));
    return { client: owner, path: `/v1/purchases/${id}/mark_paid` };
  },
  "/v1/purchases/{purchase}/cancel": async () => {
    const path = `/v1/subaccounts/${account}/purchases`;
    const { id } = ok(await owner.post<Purchase>(path, { tier: "basic", seconds: 60 }));
    return { client: owner, path: `/v1/purchases/${id}/cancel` };
  },
  "/v1/purchases/{purchase}/complete_action": async () => {
    const { id } = await paidBy("4000008400001629");
    return { client: owner, path: `/v1/purchases/${id}/complete_action` };
  },
  "/v1/subaccounts/{subaccount}/payment_methods/{payment_method}/default": async () => ({
    client: owner,
    path: `/v1/subaccounts/${account}/payment_methods/${await newCard("4242424242424242")}/default`,
  }),
  "/v1/purchases/{purchase}/refund": async (n) => {
    const { id } = await sell(owner, account, "basic", 600 * n);
    return { client: owner, path: `/v1/purchases/${id}/refund`, body: { seconds: 60 } };
  },
  "/v1/subaccounts/{subaccount}/adjustments": (n) =>
    Promise.resolve({
      client: owner,
      path: `/v1/subaccounts/${account}/adjustments`,
      body: { tier: "basic", seconds: n, reason: "Goodwill" },
    }),
  "/v1/subaccounts/{subaccount}/suspend": async (n) => {
    const { id } = await addSubaccount(owner, `Suspended ${n}`);
    return { client: owner, path: `/v1/subaccounts/${id}/suspend`, body: { note: "Unpaid" } };
  },
  "/v1/subaccounts/{subaccount}/restore": async (n) => {
    const { id } = await addSubaccount(owner, `Restored ${n}`);
    ok(await owner.post(`/v1/subaccounts/${id}/suspend`, {}));
    return { client: owner, path: `/v1/subaccounts/${id}/restore` };
  },
  "/v1/subaccounts/{subaccount}/remove": async (n) => {
    const { id } = await addSubaccount(owner, `Goes ${n}`);
    return { client: owner, path: `/v1/subaccounts/${id}/remove`, body: {} };
  },
  "/v1/minute_moves": async (n) => {
    await sell(owner, account, "premium", 600);
    const to = await addSubaccount(owner, `Moved to ${n}`);
    const order = { from: account, to: to.id, tier: "premium", seconds: 60, received_seconds: 60 };
    return { client: owner, path: "/v1/minute_moves", body: order };
  },
  "/v1/knowledge_transfers": async (n) => {
    const { data } = ok(await owner.get<{ data: { id: string }[] }>("/v1/subaccounts?kind=primary"));
    const to = await addSubaccount(owner, `Knows ${n}`);
    return { client: owner, path: "/v1/knowledge_transfers", body: { from: data[0]?.id, to: to.id, credits: 1 } };
  },
  "/v1/knowledge_purchases": async (n) => {
    await app.store.damage("UPDATE plans SET knowledge_price_micros = 1000000");
    return { client: owner, path: "/v1/knowledge_purchases", body: { credits: n, cost_usd: `${n}.00` } };
  },
  "/v1/calls": (n) =>
    Promise.resolve({ client: engine, path: "/v1/calls", body: [call({ id: `walk-${n}`, subaccount: account })] }),
  "/v1/reservations": async (n) => {
    await sell(owner, account, "premium", 600);
    const body = { subaccount: account, tier: "premium", direction: "inbound", seconds: n };
    return { client: engine, path: "/v1/reservations", body };
  },
  "/v1/reservations/{reservation}/extend": async (n) => {
    await sell(owner, account, "premium", 600);
    const { id } = await hold(engine, account, { seconds: 10 });
    return { client: engine, path: `/v1/reservations/${id}/extend`, body: { seconds: n } };
  },
  "/v1/invitations": (n) =>
    Promise.resolve({
      client: owner,
      path: "/v1/invitations",
      body: { email: `walk.${n}@northwind.example`, role: "agency_admin" },
    }),
  "/v1/invitations/{invitation}/resend": async (n) => {
    const { id } = await invite(owner, `resent.${n}@northwind.example`, "agency_admin");
    return { client: owner, path: `/v1/invitations/${id}/resend` };
  },
  "/v1/api_keys/{api_key}/rotate": async (n) => {
    const { id } = ok(await owner.post<{ id: string }>("/v1/api_keys", { name: `old ${n}`, scopes: ["read"] }));
    return { client: owner, path: `/v1/api_keys/${id}/rotate`, body: { overlap_seconds: n } };
  },
  "/v1/subaccounts/{subaccount}/auto_allocation/retry": async (n) => {
    const { id } = await addSubaccount(owner, `Late ${n}`);
    await pastDue(app.store, id);
    return { client: owner, path: `/v1/subaccounts/${id}/auto_allocation/retry` };
  },
  "/v1/platform/plans": (n) =>
    Promise.resolve({ client: staff, path: "/v1/platform/plans", body: planOf(`walk_${n}`) }),
  "/v1/platform/prices": (n) =>
    Promise.resolve({
      client: staff,
      path: "/v1/platform/prices",
      body: { plan: "agency_lite", basic: "0.09", premium: "0.16", effective_at: `2027-0${n}-01T00:00:00Z` },
    }),
  "/v1/platform/payouts/{payout}/paid": async () => ({ client: staff, path: `${await payoutPath()}/paid` }),
  "/v1/platform/payouts/{payout}/fail": async () => ({
    client: staff,
    path: `${await payoutPath()}/fail`,
    body: { reason: "Sent back" },
  }),
  "/v1/platform/agencies/{agency}/settlements": (n) =>
    Promise.resolve({
      client: staff,
      path: `/v1/platform/agencies/${agency}/settlements`,
      body: { amount_usd: `${n}.00` },
    }),
  "/v1/platform/agencies/{agency}/grants": (n) =>
    Promise.resolve({
      client: staff,
      path: `/v1/platform/agencies/${agency}/grants`,
      body: { tier: "premium", seconds: n, reason: "Welcome" },
    }),
  "/v1/engine_connections": (n) =>
    Promise.resolve({ client: owner, path: "/v1/engine_connections", body: { name: `PBX ${n}`, engine: "asterisk" } }),
  "/v1/unmatched_calls/{unmatched_call}/assign": async (n) => {
    const { id } = await waitingCall(owner, app.client(), `assigned-${n}`);
    return { client: owner, path: `/v1/unmatched_calls/${id}/assign`, body: { subaccount: account } };
  },
  "/v1/unmatched_calls/{unmatched_call}/dismiss": async (n) => {
    const { id } = await waitingCall(owner, app.client(), `dismissed-${n}`);
    return { client: owner, path: `/v1/unmatched_calls/${id}/dismiss`, body: { reason: "A test call" } };
  },
  "/v1/api_keys": (n) =>
    Promise.resolve({ client: owner, path: "/v1/api_keys", body: { name: `walk ${n}`, scopes: ["read"] } }),
};

/** Of a payout that nothing has become of yet. */
async function payoutPath(): Promise<string> {
  return `/v1/platform/payouts/${(await schedulePayout(app.store, account, 1, new Date())).payout}`;
}

/** Posts without a kept reply, and why. */
const WITHOUT = {
  "/v1/auth/login": "the reply is a secret",
  "/v1/auth/logout": "it ends who could ask again",
  "/v1/agency/undo_delete": "it can be done once only, by its nature",
  "/v1/auth/email/confirm": "there is nobody yet; its token is used once",
  "/v1/auth/password/forgot": "there is nobody yet",
  "/v1/auth/password/reset": "there is nobody yet; its token is used once",
  "/v1/agency/transfer_ownership": "its body holds a password",
  "/v1/invitations/accept": "there is nobody yet; its token is used once",
  "/v1/invitations/preview": "it changes nothing",
  "/v1/engine_connections/test": "it changes nothing",
  "/webhooks/engines/{token}": "nobody is signed in; what a call is known by makes it count once",
  "/v1/minute_moves/quote": "it changes nothing",
  "/v1/subaccounts/{subaccount}/auto_allocation/quote": "it changes nothing",
  "/v1/subaccounts/{subaccount}/auto_recharge/quote": "it changes nothing",
  "/v1/subaccounts/{subaccount}/payment_methods": "its body holds a card's number",
  "/v1/purchases/{purchase}/refund/quote": "it changes nothing",
  "/v1/platform/agencies/{agency}/purchases/{purchase}/dispute_lost": "it can be done once only, by its nature",
  "/v1/me/email": "its body holds a password",
  "/v1/me/password": "its body holds a password",
  "/v1/me/recovery_codes": "its body holds a password, its reply is told once",
  "/v1/me/totp": "its body holds a password, its reply is told once",
  "/v1/me/totp/confirm": "its reply is told once",
  "/v1/platform/agencies/{agency}/enter": "the reply is a secret",
  "/v1/platform/jobs/{job}/retry": "doing it again changes nothing",
  "/v1/platform/leave": "the reply is a secret",
  "/v1/setup": "there is nobody yet; its token is used once",
  "/v1/test/clock": "for tests",
};

/** Told once, and left out of a replay. */
const SECRETS = ["secret", "link", "url"];

/** All that a change could be counted by. */
async function counts(): Promise<string> {
  const tables = [
    "subaccounts",
    "purchases",
    "ledger_postings",
    "calls",
    "reservations",
    "api_keys",
    "invitations",
    "audit_events",
    "plans",
    "base_price_changes",
    "engine_connections",
    "engine_deliveries",
  ];
  const rows = await Promise.all(tables.map((table) => app.store.query(`SELECT COUNT(*) AS n FROM ${table}`)));
  return rows.map(([row]) => String(row?.["n"])).join();
}

test("every POST is walked", async () => {
  const posts = (await servedRoutes()).filter(({ method }) => method === "POST").map(({ path }) => path);
  assert.deepEqual(posts.sort(), [...Object.keys(CHANGES), ...Object.keys(WITHOUT)].sort());
});

for (const [path, change] of Object.entries(CHANGES)) {
  test(`POST ${path} with the same key happens once`, async () => {
    const send = key(`walk${path}`);
    const { client, path: at, body } = await change(1);
    const first = await client.post(at, body, send);
    ok(first);
    assert.equal(first.headers["idempotency-replayed"], undefined);
    const before = await counts();
    const told = Object.fromEntries(Object.entries(first.body as object).filter(([name]) => !SECRETS.includes(name)));

    const again = await client.post(at, body, send);
    assert.equal(again.headers["idempotency-replayed"], "true");
    assert.deepEqual([again.status, again.body], [first.status, told]);
    assert.equal(await counts(), before);

    const other = await change(2);
    const afterOther = await counts();
    refused(await other.client.post(other.path, other.body, send), 409, "idempotency_conflict");
    assert.equal(await counts(), afterOther);
  });
}

test("a key belongs to who used it: another's request under it is their own", async () => {
  const calls = [call({ id: "by-key", subaccount: account })];
  const another = await app.machineClient(["calls:write"]);
  assert.equal(ok(await engine.post<CallResults>("/v1/calls", calls, key("shared"))).accepted, 1);
  const { accepted, duplicates } = ok(await another.post<CallResults>("/v1/calls", calls, key("shared")));
  assert.deepEqual({ accepted, duplicates }, { accepted: 0, duplicates: 1 });
});

for (const value of ["", "é", "x".repeat(256)]) {
  test(`the key "${value.slice(0, 8)}" of ${value.length} characters is refused`, async () => {
    const send = key(Buffer.from(value).toString("latin1"));
    const reply = await owner.post("/v1/subaccounts", { name: "B", email: "b@client.example" }, send);
    assert.ok(reply.status >= 400 && reply.status < 500, String(reply.status));
  });
}

test("a kept reply outlives a crash", async () => {
  const calls = [call({ id: "crashed", subaccount: account })];
  const secret = ok(
    await owner.post<{ secret: string }>("/v1/api_keys", { name: "c", scopes: ["calls:write"] }),
  ).secret;
  const first = ok(await app.client({ key: secret }).post("/v1/calls", calls, key("crashed")));
  await app.crash();
  const again = await app.client({ key: secret }).post("/v1/calls", calls, key("crashed"));
  assert.deepEqual([again.headers["idempotency-replayed"], again.body], ["true", first]);
});
