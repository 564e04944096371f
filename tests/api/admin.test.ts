// API keys and the audit trail.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import { invite } from "../harness/people.ts";
import { addSubaccount, call, record, sell, type CallResults } from "../harness/scene.ts";

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();

interface ApiKey {
  id: string;
  name: string;
  secret?: string;
  status: string;
  scopes: string[];
  hint: string;
  revoked_at: string | null;
}

interface AuditEvent {
  action: string;
  actor: { kind: string; name: string };
  target: { id: string; name: string | null } | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const newest = async (): Promise<AuditEvent> => {
  const [event] = ok(await owner.get<{ data: AuditEvent[] }>("/v1/audit_events?limit=1")).data;
  assert.ok(event);
  return event;
};

test("a key's secret is shown once and kept as a hash", async () => {
  const made = ok(await owner.post<ApiKey>("/v1/api_keys", { name: "engine", scopes: ["calls:write", "read"] }));
  assert.match(made.secret ?? "", /^mbk_[0-9a-z]{13}_[A-Za-z0-9_-]{43}$/);
  assert.ok(made.secret?.endsWith(made.hint));
  const { data } = ok(await owner.get<{ data: ApiKey[] }>("/v1/api_keys"));
  assert.equal(data.find(({ id }) => id === made.id)?.secret, undefined);
  const rows = await app.store.query("SELECT * FROM api_keys");
  const kept = rows.map((row) =>
    Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString() : String(value))),
  );
  assert.ok(!kept.flat().some((value) => value.includes(made.secret?.slice(4) ?? "mbk_")));
});

test("a key does what its scopes say and no more", async () => {
  const reader = await app.machineClient(["read"]);
  ok(await reader.get("/v1/subaccounts"));
  refused(await reader.post("/v1/calls", [call({ id: "x", subaccount: "y" })]), 403, "scope_missing");
  const reply = await reader.post("/v1/api_keys", { name: "more", scopes: ["read"] });
  assert.equal(reply.status, 403);
});

test("a key of one sub-account reaches that one alone", async () => {
  const [own, other] = [await addSubaccount(owner, "Own"), await addSubaccount(owner, "Other")];
  const input = { name: "client's", scopes: ["calls:write", "read"], subaccount: own.id };
  const { secret = "" } = ok(await owner.post<ApiKey>("/v1/api_keys", input));
  const client = app.client({ key: secret });
  ok(await client.get(`/v1/subaccounts/${own.id}`));
  refused(await client.get(`/v1/subaccounts/${other.id}`), 404, "not_found");
  const { results } = await record(client, [
    call({ id: "own", subaccount: own.id }),
    call({ id: "other", subaccount: other.id }),
  ]);
  assert.deepEqual(
    results.map(({ status, code }: CallResults["results"][number]) => code ?? status),
    ["accepted", "unknown_subaccount"],
  );
});

test("a revoked key stops with the next request", async () => {
  const { id, secret = "" } = ok(await owner.post<ApiKey>("/v1/api_keys", { name: "short", scopes: ["read"] }));
  const client = app.client({ key: secret });
  ok(await client.get("/v1/subaccounts"));
  assert.equal((await owner.delete(`/v1/api_keys/${id}`)).status, 204);
  refused(await client.get("/v1/subaccounts"), 401, "bad_api_key");
  refused(await owner.delete(`/v1/api_keys/${id}`), 404, "not_found");
});

test("keys that have ended are found by their status", async () => {
  const make = async (name: string, more: object = {}): Promise<ApiKey> =>
    ok(await owner.post<ApiKey>("/v1/api_keys", { name, scopes: ["read"], ...more }));
  const soon = new Date(Date.now() + 7 * 86_400_000).toISOString().replace(/\.\d+Z/, "Z");
  const [stays, ends, goes] = [await make("stays"), await make("ends", { expires_at: soon }), await make("goes")];
  assert.deepEqual([stays.status, stays.revoked_at], ["active", null]);
  assert.equal((await owner.delete(`/v1/api_keys/${goes.id}`)).status, 204);
  ok(await app.client().post("/v1/test/clock", { advance_seconds: 7 * 86_400 }));
  const named = async (search: string): Promise<Map<string, ApiKey>> =>
    new Map(ok(await owner.get<{ data: ApiKey[] }>(`/v1/api_keys${search}`)).data.map((key) => [key.id, key]));
  const among = async (search: string): Promise<boolean[]> => {
    const keys = await named(search);
    return [stays, ends, goes].map(({ id }) => keys.has(id));
  };
  assert.deepEqual(await among(""), [true, true, false]);
  assert.deepEqual(await among("?status=active"), [true, false, false]);
  assert.deepEqual(await among("?status=expired"), [false, true, false]);
  assert.deepEqual(await among("?status=revoked"), [false, false, true]);
  assert.equal((await named("?status=expired")).get(ends.id)?.status, "expired");
  assert.notEqual((await named("?status=revoked")).get(goes.id)?.revoked_at, null);
  refused(await owner.get("/v1/api_keys?status=lost"), 422, "invalid", "status");
});

test("the trail of one thing has all that was done to it, a sub-account's purchases with it", async () => {
  const { id } = await addSubaccount(owner, "Targeted Ltd");
  await addSubaccount(owner, "Bystander Ltd");
  await sell(owner, id, "premium", 600);
  const { id: invitation } = await invite(owner, "target@people.example", "agency_admin");
  const trail = async (target: string): Promise<AuditEvent[]> =>
    ok(await owner.get<{ data: AuditEvent[] }>(`/v1/audit_events?target=${target}`)).data;
  assert.deepEqual(
    (await trail(id)).map(({ action }) => action),
    ["purchase.succeeded", "purchase.created", "subaccount.created"],
  );
  const [invited] = await trail(invitation);
  assert.deepEqual([invited?.action, invited?.target?.name], ["user.invited", "target@people.example"]);
  const [created] = ok(
    await owner.get<{ data: AuditEvent[] }>(`/v1/audit_events?target=${id}&action=subaccount.created`),
  ).data;
  assert.equal(created?.target?.name, "Targeted Ltd");
  refused(await owner.get("/v1/audit_events?target=nobody"), 422, "invalid", "target");
});

test("the audit trail says who did what, before and after", async () => {
  const { id } = await addSubaccount(owner, "Harbor Dental");
  const created = await newest();
  assert.deepEqual([created.action, created.target?.id, created.actor.kind], ["subaccount.created", id, "user"]);
  ok(await owner.patch(`/v1/subaccounts/${id}`, { name: "Harbor Dental Group" }));
  const updated = await newest();
  assert.equal(updated.action, "subaccount.updated");
  assert.equal(updated.before?.["name"], "Harbor Dental");
  assert.equal(updated.after?.["name"], "Harbor Dental Group");
});

test("a rotated key works beside the new one for a while, then ends", async () => {
  const old = ok(await owner.post<ApiKey>("/v1/api_keys", { name: "rotated", scopes: ["read"] }));
  const rotate = (body: object): Promise<Reply<ApiKey>> => owner.post<ApiKey>(`/v1/api_keys/${old.id}/rotate`, body);
  const fresh = ok(await rotate({ overlap_seconds: 3600 }));
  assert.deepEqual([fresh.name, fresh.scopes], [old.name, old.scopes]);
  assert.notEqual(fresh.secret, old.secret);
  const oldClient = app.client({ key: old.secret ?? "" });
  const newClient = app.client({ key: fresh.secret ?? "" });
  ok(await oldClient.get("/v1/calls"));
  ok(await newClient.get("/v1/calls"));

  refused(await rotate({ overlap_seconds: -1 }), 422, "invalid", "overlap_seconds");
  ok(await app.client().post("/v1/test/clock", { advance_seconds: 3601 }));
  refused(await oldClient.get("/v1/calls"), 401, "bad_api_key");
  ok(await newClient.get("/v1/calls"));
  refused(await rotate({}), 404, "not_found");
});

test("no secret is in the audit trail", async () => {
  const { secret = "" } = ok(await owner.post<ApiKey>("/v1/api_keys", { name: "audited", scopes: ["read"] }));
  const { bytes } = await owner.get("/v1/audit_events?limit=500");
  assert.ok(!bytes.includes(secret.slice(4)));
  assert.ok(!bytes.includes(app.owner.password));
});

test("a change that was refused leaves no trace in the trail", async () => {
  const before = await newest();
  refused(await owner.post("/v1/subaccounts", { name: "A", email: "none" }), 422, "invalid", "email");
  assert.deepEqual(await newest(), before);
});
