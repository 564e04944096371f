// permissions.csv against every route: each role, in what it was granted and in what it was not; and the platform's
// staff, outside the agency and inside, where they are as one of its admins.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, type Client } from "../harness/client.ts";
import { inSource } from "../harness/paths.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson, ROLES, servedRoutes, type Role, type Route } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf } from "../harness/scene.ts";

const app = await startApp({ staff: STAFF });
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);

/** A sub-account with a purchase and a call. */
interface Place {
  subaccount: string;
  purchase: string;
  call: string;
}

interface Rows<Row> {
  data: Row[];
}

async function furnish(subaccount: string): Promise<Place> {
  const purchase = (await sell(owner, subaccount, "premium", 6000)).id;
  await record(engine, [call({ id: `of-${subaccount}`, subaccount })]);
  const { data } = ok(await owner.get<Rows<{ id: string }>>(`/v1/calls?subaccount=${subaccount}`));
  return { subaccount, purchase, call: data[0]?.id ?? "" };
}

const primary = ok(await owner.get<Rows<{ id: string }>>("/v1/subaccounts?kind=primary")).data[0]?.id ?? "";
const places = {
  primary: await furnish(primary),
  granted: await furnish((await addSubaccount(owner, "Granted")).id),
  foreign: await furnish((await addSubaccount(owner, "Foreign")).id),
};
type PlaceName = keyof typeof places;
const PLACES = Object.keys(places) as PlaceName[];

const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;

const clients = new Map<Role, Client>();
for (const role of ROLES) {
  const person =
    role === "agency_owner"
      ? app.owner
      : await addPerson(app.store, app.owner, role, { grants: [places.granted.subaccount] });
  clients.set(role, await app.client().login(person));
}

const staff = await app.client().login(STAFF);
const inside = await app.client().login(STAFF);
ok(await inside.post(`/v1/platform/agencies/${agency}/enter`));

/** Everybody who has a role in the agency. */
const walkers: { name: string; role: Role; client: Client }[] = [
  ...Array.from(clients, ([role, client]) => ({ name: role, role, client })),
  { name: "platform_admin inside", role: "agency_admin", client: inside },
];

const [header = [], ...rows] = (await readFile(inSource("tests/permissions.csv"), "utf8"))
  .split("\n")
  .filter(Boolean)
  .map((line) => line.split(","));

/** What the matrix says: yes, no, all, granted, scope, own. */
function grant(permission: string, role: Role): string {
  const row = rows.find(([name]) => name === permission);
  assert.ok(row, `no row ${permission}`);
  return row[header.indexOf(role)] ?? "";
}

const REACHED: Record<string, PlaceName[]> = {
  all: ["primary", "granted", "foreign"],
  scope: ["primary", "granted"],
  granted: ["granted"],
};

/** Outside one's scope is 404, inside but not allowed 403; whoever sees an account at all may view its workspace. */
function expected({ permission }: Route, role: Role, place: PlaceName): "allowed" | 403 | 404 {
  if (!REACHED[grant("workspace.view", role)]?.includes(place)) return 404;
  return grant(permission, role) === "no" ? 403 : "allowed";
}

const guarded = (await servedRoutes()).filter(({ permission }) => !["public", "signed_in"].includes(permission));
const platforms = guarded.filter(({ permission }) => permission.startsWith("platform."));
const inMatrix = guarded.filter((route) => !platforms.includes(route));
const scoped = inMatrix.filter(({ path }) => /\{(subaccount|purchase|call)\}/.test(path));
const unscoped = inMatrix.filter((route) => !scoped.includes(route));

/** Ids of things that are not there. */
const NOBODYS: Record<string, string> = {
  api_key: "key_0000000000001",
  user: "usr_0000000000001",
  invitation: "inv_0000000000001",
  agency,
};

/** What nothing can be done with: refused for its content where the role is not refused. */
async function knock(client: Client, { method, path }: Route, place: Place): Promise<number> {
  const idOf = (kind: string): string => (kind in place ? place[kind as keyof Place] : (NOBODYS[kind] ?? kind));
  const at = path.replaceAll(/\{(\w+)\}/g, (_, kind: string) => idOf(kind));
  const hasBody = ["POST", "PUT", "PATCH"].includes(method) && !path.endsWith("mark_paid");
  const { status } = await client.send(method, at, hasBody ? { body: { nothing: 1 } } : {});
  return status;
}

test("the matrix and the routes are there", () => {
  assert.ok(rows.length > 25 && scoped.length >= 8 && unscoped.length >= 10 && platforms.length >= 7);
});

for (const { name, role, client } of walkers) {
  for (const route of scoped) {
    test(`${name}: ${route.method} ${route.path}`, async () => {
      for (const place of PLACES) {
        const status = await knock(client, route, places[place]);
        const wanted = expected(route, role, place);
        if (wanted === "allowed") assert.ok(![401, 403, 404].includes(status), `${place}: ${status}`);
        else assert.equal(status, wanted, place);
      }
    });
  }

  for (const route of unscoped) {
    test(`${name}: ${route.method} ${route.path}`, async () => {
      const status = await knock(client, route, places.granted);
      const isAllowed = grant(route.permission, role) !== "no";
      assert.equal(status === 403, !isAllowed, String(status));
      assert.notEqual(status, 401);
    });
  }

  for (const route of platforms) {
    test(`${name}: ${route.method} ${route.path}`, async () => {
      const status = await knock(client, route, places.granted);
      if (client === inside && route.permission === "platform.leave") assert.ok(![401, 403, 404].includes(status));
      else assert.equal(status, 404);
    });
  }

  test(`${name}: lists hold what is within reach, and nothing else`, async () => {
    const reached = (REACHED[grant("workspace.view", role)] ?? []).map((place) => places[place].subaccount).sort();
    const accounts = ok(await client.get<Rows<{ id: string }>>("/v1/subaccounts")).data;
    assert.deepEqual(accounts.map(({ id }) => id).sort(), reached);
    const calls = ok(await client.get<Rows<{ subaccount: string }>>("/v1/calls")).data;
    assert.deepEqual(calls.map(({ subaccount }) => subaccount).sort(), reached);
    const me = ok(await client.get<{ all_subaccounts: boolean; subaccounts: { id: string }[] }>("/v1/me"));
    const named = me.all_subaccounts ? [places.primary.subaccount] : reached;
    assert.deepEqual(me.subaccounts.map(({ id }) => id).sort(), named);
  });

  test(`${name}: what the agency pays and earns is for those who may see profits`, async () => {
    const seesProfits = grant("profits.view", role) !== "no";
    const { purchase, call: id, subaccount } = places.granted;
    const prices = [
      ok(await client.get<{ base_price: string | null }>(`/v1/purchases/${purchase}`)).base_price,
      ok(await client.get<{ base_price: string | null }>(`/v1/calls/${id}`)).base_price,
      ok(await client.get<{ base_prices: object | null }>(`/v1/subaccounts/${subaccount}`)).base_prices,
    ];
    for (const price of prices) assert.equal(price !== null, seesProfits);
  });
}

for (const route of inMatrix) {
  test(`platform_admin: ${route.method} ${route.path}`, async () => {
    for (const place of PLACES) {
      assert.equal(await knock(staff, route, places[place]), route.path.includes("{") ? 404 : 403, place);
    }
  });
}

for (const route of platforms) {
  test(`platform_admin: ${route.method} ${route.path}`, async () => {
    const status = await knock(staff, route, places.granted);
    if (route.permission === "platform.leave") assert.equal(status, 403);
    else assert.ok(![401, 403, 404].includes(status), String(status));
  });
}

test("a grant that is taken away counts from the next request", async () => {
  const client = clients.get("subaccount_admin");
  assert.ok(client);
  const path = `/v1/subaccounts/${places.granted.subaccount}`;
  ok(await client.get(path));
  await app.store.query("DELETE FROM user_grants");
  assert.equal((await client.get(path)).status, 404);
});

test("a role that is changed counts from the next request", async () => {
  const client = clients.get("agency_admin");
  assert.ok(client);
  ok(await client.get("/v1/audit_events"));
  await app.store.query("UPDATE users SET role = 'agency_member' WHERE role = 'agency_admin'");
  assert.equal((await client.get("/v1/audit_events")).status, 403);
});

test("who was removed is signed out", async () => {
  const client = clients.get("subaccount_member");
  assert.ok(client);
  ok(await client.get("/v1/me"));
  await app.store.query(
    "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE role = 'subaccount_member')",
  );
  assert.equal((await client.get("/v1/me")).status, 401);
});

test("nobody bought or settled anything on the way", async () => {
  for (const place of PLACES) {
    const { data } = ok(
      await owner.get<Rows<{ state: string }>>(`/v1/subaccounts/${places[place].subaccount}/purchases`),
    );
    assert.deepEqual(
      data.map(({ state }) => state),
      ["succeeded"],
    );
    assert.ok((await walletOf(owner, places[place].subaccount)).premium_seconds >= 6000 - 60);
  }
});
