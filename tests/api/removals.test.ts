// Removing a client's sub-account (domain.md §8): its minutes go where they are sent, all that hangs on it ends, its history
// stays.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { invite } from "../harness/people.ts";
import { addPerson, ROLES } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf, type Subaccount } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);

interface Quote {
  tier: "basic" | "premium";
  sent_seconds: number;
  received_seconds: number;
}
interface Removal {
  minutes_to: string | null;
  minutes_to_name: string | null;
  moves: Quote[];
  people: number;
  people_deactivated: number;
  invitations: number;
  invitations_revoked: number;
  api_keys: number;
  calls_in_progress: number;
}
interface Rows<Row> {
  data: Row[];
}

const primary = ok(await owner.get<Rows<Subaccount>>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";
let accounts = 0;

async function account(premium = "0.20", seconds = { basic: 0, premium: 0 }): Promise<string> {
  const { id } = await addSubaccount(owner, `Client ${++accounts}`, { prices: { basic: "0.12", premium } });
  if (seconds.basic > 0) await sell(owner, id, "basic", seconds.basic);
  if (seconds.premium > 0) await sell(owner, id, "premium", seconds.premium);
  return id;
}

const look = (id: string, to = ""): Promise<Reply<Removal>> =>
  owner.get<Removal>(`/v1/subaccounts/${id}/removal${to === "" ? "" : `?minutes_to=${to}`}`);
const remove = (id: string, body: object = {}, client: Client = owner): Promise<Reply<Subaccount>> =>
  client.post<Subaccount>(`/v1/subaccounts/${id}/remove`, body);
const statusOf = async (id: string): Promise<string> => ok(await owner.get<Subaccount>(`/v1/subaccounts/${id}`)).status;

test("minutes of both tiers go as quoted to the primary, or where one says", async () => {
  const id = await account("0.20", { basic: 600, premium: 6000 });
  const quoted = ok(await look(id));
  assert.equal(quoted.minutes_to, primary);
  // Base is 0.09 and 0.16: what is worth 1.20 and 20.00 to the client is 800 and 7,500 seconds to the agency.
  assert.deepEqual(
    quoted.moves.map(({ tier, sent_seconds, received_seconds }) => [tier, sent_seconds, received_seconds]),
    [
      ["basic", 600, 800],
      ["premium", 6000, 7500],
    ],
  );
  const to = await account("0.25");
  const other = ok(await look(id, to));
  assert.deepEqual([other.minutes_to, other.minutes_to_name], [to, `Client ${accounts}`]);
  const received = { basic_seconds: 600, premium_seconds: 4800 };
  assert.equal(ok(await remove(id, { minutes_to: to, received })).status, "removed");
  const wallet = await walletOf(owner, to);
  assert.deepEqual([wallet.basic_seconds, wallet.premium_seconds], [600, 4800]);
  const left = await walletOf(owner, id);
  assert.deepEqual([left.basic_seconds, left.premium_seconds], [0, 0]);
});

test("what would arrive otherwise than agreed is refused, and everything stays", async () => {
  const id = await account("0.20", { basic: 0, premium: 6000 });
  refused(await remove(id), 422, "invalid", "minutes_to");
  refused(await remove(id, { minutes_to: primary }), 409, "quote_changed");
  const wrong = { minutes_to: primary, received: { premium_seconds: 7499 } };
  refused(await remove(id, wrong), 409, "quote_changed");
  const more = { minutes_to: primary, received: { basic_seconds: 1, premium_seconds: 7500 } };
  refused(await remove(id, more), 409, "quote_changed");
  refused(await look(id, id), 422, "invalid", "minutes_to");
  refused(await remove(id, { ...wrong, minutes_to: "sub_0k3v9m2c5x1qy" }), 422, "invalid", "minutes_to");
  assert.equal(await statusOf(id), "active");
  assert.equal((await walletOf(owner, id)).premium_seconds, 6000);
});

test("the primary, a removed account and one that owes minutes are not removed", async () => {
  refused(await look(primary), 409, "primary_cannot_be_removed");
  refused(await remove(primary), 409, "primary_cannot_be_removed");
  const id = await account();
  ok(await remove(id));
  refused(await look(id), 409, "subaccount_removed");
  refused(await remove(id), 409, "subaccount_removed");
  const owes = await account();
  await record(engine, [call({ id: "owed", subaccount: owes })]);
  refused(await remove(owes), 409, "wallet_overdrawn");
  await sell(owner, owes, "premium", 60);
  ok(await remove(owes));
});

test("its people who reach nothing else are signed out and stay out, the others go on without it", async () => {
  const [gone, kept] = [await account(), await account()];
  const only = await addPerson(app.store, app.owner, "subaccount_admin", { grants: [gone] });
  const both = await addPerson(app.store, app.owner, "subaccount_member", { grants: [gone, kept] });
  const member = await addPerson(app.store, app.owner, "agency_member", { grants: [gone] });
  const clients = await Promise.all([only, both, member].map((person) => app.client().login(person)));
  const found = ok(await look(gone));
  assert.deepEqual([found.people, found.people_deactivated], [3, 1]);
  ok(await remove(gone));

  const [theirs, others, members] = clients as [Client, Client, Client];
  refused(await theirs.get("/v1/me"), 401, "session_expired");
  const sign = { email: only.email, password: only.password };
  refused(await app.client().post("/v1/auth/login", sign), 403, "deactivated");
  refused(
    await app.client().post("/v1/auth/login", { ...sign, password: "not theirs at all" }),
    401,
    "wrong_credentials",
  );
  for (const client of [others, members]) {
    refused(await client.get(`/v1/subaccounts/${gone}`), 404, "not_found");
  }
  ok(await others.get(`/v1/subaccounts/${kept}`));
  ok(await members.get("/v1/me"));

  const users = ok(await owner.get<Rows<{ id: string; email: string }>>("/v1/users?limit=500")).data;
  const user = users.find(({ email }) => email === only.email)?.id ?? "";
  ok(await owner.patch(`/v1/users/${user}`, { role: "subaccount_admin", subaccounts: [kept] }));
  const again = await app.client().login(only);
  ok(await again.get(`/v1/subaccounts/${kept}`));
});

test("invitations to nothing else and keys of its own are revoked", async () => {
  const [gone, kept] = [await account(), await account()];
  const alone = await invite(owner, "alone@northwind.example", "subaccount_admin", [gone]);
  const both = await invite(owner, "both@northwind.example", "subaccount_member", [gone, kept]);
  const input = { name: "their PBX", scopes: ["calls:write"], subaccount: gone };
  const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", input));
  const found = ok(await look(gone));
  assert.deepEqual([found.invitations, found.invitations_revoked, found.api_keys], [2, 1, 1]);
  ok(await remove(gone));
  const pending = ok(await owner.get<Rows<{ id: string }>>("/v1/invitations")).data.map(({ id }) => id);
  assert.ok(!pending.includes(alone.id));
  assert.ok(pending.includes(both.id));
  refused(await app.client({ key: secret }).post("/v1/calls", []), 401, "bad_api_key");
});

test("history stays, and a call that is told late is charged to the primary", async () => {
  const id = await account("0.20", { basic: 0, premium: 60 });
  await record(engine, [call({ id: "before-it-went", subaccount: id })]);
  ok(await remove(id));
  const before = (await walletOf(owner, primary)).premium_seconds;
  const { results } = await record(engine, [call({ id: "after-it-went", subaccount: id })]);
  assert.deepEqual([results[0]?.status, results[0]?.charged], ["accepted", primary]);
  assert.equal((await walletOf(owner, primary)).premium_seconds, before - 60);
  const { data } = ok(await owner.get<Rows<{ id: string }>>(`/v1/calls?subaccount=${id}`));
  assert.equal(data.length, 2);
  refused(await owner.post(`/v1/subaccounts/${id}/suspend`, {}), 409, "subaccount_removed");
  assert.ok(!ok(await owner.get<Rows<Subaccount>>("/v1/subaccounts?limit=500")).data.some((row) => row.id === id));
  const removed = ok(await owner.get<Rows<Subaccount>>("/v1/subaccounts?status=removed&limit=500")).data;
  assert.ok(removed.some((row) => row.id === id));
});

test("its slot and its login email are free at once", async () => {
  const id = await account();
  const email = `client.${accounts}@client.example`;
  const { data } = ok(await owner.get<Rows<Subaccount>>("/v1/subaccounts?kind=secondary&limit=500"));
  const another = { name: "One more", email };
  await app.store.damage(`UPDATE plans SET subaccount_cap = ${data.length} WHERE code = 'agency_unlimited'`);
  refused(await owner.post("/v1/subaccounts", another), 409, "subaccount_cap");
  ok(await remove(id));
  ok(await owner.post("/v1/subaccounts", another));
  refused(await owner.post("/v1/subaccounts", { ...another, email: "full@client.example" }), 409, "subaccount_cap");
  await app.store.damage("UPDATE plans SET subaccount_cap = NULL WHERE code = 'agency_unlimited'");
});

test("only owners and admins remove", async () => {
  const id = await account();
  for (const role of ROLES) {
    if (role === "agency_owner" || role === "agency_admin") continue;
    const client = await app.client().login(await addPerson(app.store, app.owner, role, { grants: [id] }));
    refused(await client.get(`/v1/subaccounts/${id}/removal`), 403, "not_allowed");
    refused(await remove(id, {}, client), 403, "not_allowed");
  }
  const admin = await app.client().login(await addPerson(app.store, app.owner, "agency_admin"));
  ok(await remove(id, {}, admin));
});

test("removing, moving and selling at the same moment leave the books right", async () => {
  for (let round = 0; round < 6; round++) {
    const [id, to] = [await account("0.20", { basic: 0, premium: 600 }), await account("0.20")];
    const path = `/v1/subaccounts/${id}/purchases`;
    const { id: purchase } = ok(await owner.post<{ id: string }>(path, { tier: "premium", seconds: 60 }));
    const order = { from: id, to, tier: "premium", seconds: 100, received_seconds: 100 };
    const all = await Promise.all([
      remove(id, { minutes_to: to, received: { premium_seconds: 600 } }),
      owner.post("/v1/minute_moves", order),
      owner.post(`/v1/purchases/${purchase}/mark_paid`),
      record(engine, [call({ id: `race-${round}`, subaccount: id, duration_seconds: 1 })]),
    ]);
    const [removed, moved, paid] = all;
    for (const reply of [removed, moved, paid]) assert.ok([200, 201, 409].includes(reply.status), `${reply.status}`);
    if ((await statusOf(id)) !== "removed") continue;
    assert.equal((await walletOf(owner, id)).premium_seconds, 0);
  }
});

test("the trail tells what went where, and what ended", async () => {
  const id = await account("0.20", { basic: 0, premium: 600 });
  ok(await remove(id, { minutes_to: primary, received: { premium_seconds: 750 } }));
  interface Event {
    before: object;
    after: object;
  }
  const { data } = ok(await owner.get<Rows<Event>>("/v1/audit_events?action=subaccount.removed&limit=1"));
  const [event] = data;
  assert.deepEqual(event?.before, { status: "active" });
  assert.deepEqual(event.after, {
    ...{ status: "removed", minutes_to: primary },
    ...{
      basic_sent_seconds: 0,
      basic_received_seconds: 0,
      premium_sent_seconds: 600,
      premium_received_seconds: 750,
      knowledge_credits: 0,
    },
    ...{ calls_in_progress: 0, basic_released_seconds: 0, premium_released_seconds: 0 },
    ...{ people: 0, people_deactivated: 0, invitations: 0, invitations_revoked: 0, api_keys: 0 },
  });
});
