// Two agencies in one store: neither sees, reaches or changes what is the other's.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { addOtherAgency, OTHER_NAMES } from "../harness/other_agency.ts";
import { STAFF } from "../harness/platform.ts";
import { servedRoutes, type Route } from "../harness/rows.ts";
import { addSubaccount, call, record, walletOf, type Subaccount } from "../harness/scene.ts";

interface Rows {
  data: { id: string }[];
}

const app = await startApp({ staff: STAFF });
const theirs = await addOtherAgency(app.store);
const owner = await app.ownerClient();
const other = await app.client().login(theirs.owner);
const inside = await app.client().login(STAFF);
ok(await inside.post(`/v1/platform/agencies/${ok(await owner.get<{ id: string }>("/v1/agency")).id}/enter`));
const engine = await app.machineClient(["calls:write", "read"]);
const { id: own } = await addSubaccount(owner, "Harbor Dental");

/** All that the other agency's owner sees. */
async function theirState(): Promise<unknown> {
  const paths = ["/v1/agency", "/v1/subaccounts", "/v1/calls", "/v1/api_keys", "/v1/invitations", "/v1/audit_events"];
  const replies = await Promise.all(paths.map((path) => other.get(path)));
  return replies.map(ok);
}

const before = await theirState();
const routes = (await servedRoutes()).filter(({ path }) => path.startsWith("/v1/"));

test("the other agency is there", async () => {
  assert.deepEqual((await walletOf(other, theirs.ids.subaccount)).premium_seconds, 6000 - 60 + 60);
});

const withTheirIds = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, kind: string) => theirs.ids[kind as keyof typeof theirs.ids]);

/** Where nothing is not enough to be asked for more. */
const BODIES: Record<string, object> = {
  "/v1/users/{user}": { role: "agency_admin" },
  "/v1/unmatched_calls/{unmatched_call}/assign": { subaccount: own },
  "/v1/unmatched_calls/{unmatched_call}/dismiss": { reason: "Not ours" },
};

async function send(client: Client, { method, path }: Route): Promise<Reply> {
  const takesBody = ["PATCH", "PUT"].includes(method) || (method === "POST" && !path.endsWith("mark_paid"));
  return client.send(method, withTheirIds(path), takesBody ? { body: BODIES[path] ?? {} } : {});
}

for (const route of routes.filter(({ path }) => path.includes("{"))) {
  test(`${route.method} ${route.path}: what is another agency's is not there`, async () => {
    refused(await send(owner, route), 404, "not_found");
    refused(await send(inside, route), 404, "not_found"); // staff who entered one agency are in no other
    if (route.scopes.includes("read")) refused(await send(engine, route), 404, "not_found");
  });
}

/** What would otherwise not end by itself. */
const ENDS: Record<string, string> = { "/v1/events": "?until=now" };

for (const { path } of routes.filter(({ method, path }) => method === "GET" && !path.includes("{"))) {
  test(`GET ${path} tells nothing of another agency`, async () => {
    const text = (await owner.get(path + (ENDS[path] ?? ""))).bytes.toString();
    for (const word of theirs.words) assert.ok(!text.includes(word), `${word} in ${text}`);
  });
}

test("another agency's sub-account cannot be named in what one sends", async () => {
  const { subaccount } = theirs.ids;
  for (const name of [subaccount, "theirs"]) {
    const { results } = await record(engine, [call({ id: `to-${name}`, subaccount: name })]);
    assert.equal(results[0]?.code, "unknown_subaccount");
  }
  const key = { name: "spy", scopes: ["read"], subaccount };
  refused(await owner.post("/v1/api_keys", key), 422, "invalid", "subaccount");
  refused(await owner.get(`/v1/calls?subaccount=${subaccount}`), 404, "not_found");
  const byThem = ok(await owner.get<Rows>(`/v1/audit_events?actor=${theirs.ids.user}`));
  assert.deepEqual(byThem.data, []);
});

test("ids, references, emails and keys of one agency are free in another", async () => {
  assert.equal((await record(engine, [call({ id: "same", subaccount: own })])).accepted, 1);
  const twin: Subaccount = await addSubaccount(owner, OTHER_NAMES[0], { reference: "theirs" });
  assert.equal(twin.reference, "theirs");
  const headers = { "Idempotency-Key": "shared" };
  const input = (name: string): object => ({ name, email: `${name.toLowerCase()}@client.example` });
  const mine = ok(await owner.post<Subaccount>("/v1/subaccounts", input("Mine"), { headers }));
  ok(await owner.get(`/v1/subaccounts/${mine.id}`));
  const again = await engine.get(`/v1/subaccounts/${mine.id}`);
  assert.equal(again.status, 200);
});

test("a key does not open another agency by the hint in it", async () => {
  const { secret: mine } = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: "k", scopes: ["read"] }));
  const hintChars = "mbk_".length + 13;
  const mixed = theirs.secret.slice(0, hintChars) + mine.slice(hintChars);
  refused(await app.client({ key: mixed }).get("/v1/subaccounts"), 401, "bad_api_key");
});

test("nothing of the other agency has changed", async () => {
  assert.deepEqual(await theirState(), before);
});
