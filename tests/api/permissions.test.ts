// permissions.csv against every route: everybody who can ask, for everything there is, wherever it is (tests/api/walk/).

import assert from "node:assert/strict";
import { test } from "node:test";

import { ok, refused, type Problem } from "../harness/client.ts";
import { idNumber, servedRoutes, type Route } from "../harness/rows.ts";
import { OWN_ACCOUNTS, permissions, refusal, type Verdict } from "./walk/oracle.ts";
import { recipeFor, unusedRecipes } from "./walk/recipes.ts";
import { setTheScene, userId, type Caller } from "./walk/scene.ts";
import { attemptAt, cellsOf, send, standing, stepOneByOne, stepTogether, traces, type Cell } from "./walk/steps.ts";

const scene = await setTheScene();
const { app } = scene;
const routes = await servedRoutes();
const people = scene.callers.filter(({ kind }) => kind === "person");
const ids = await Promise.all(people.map(({ person }) => userId(app, person ?? app.owner)));
const accounts = OWN_ACCOUNTS.map((place) => idNumber(scene.things[place].subaccount));
const atFirst = await standing(scene, ids.map(idNumber), accounts);

let walked = 0;
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

function callerNamed(name: string): Caller {
  const caller = scene.callers.find((one) => one.name === name);
  assert.ok(caller, name);
  return caller;
}

test("the routes and the matrix are there, and each permission is one of the matrix", () => {
  assert.ok(permissions.length > 30 && routes.length > 60 && scene.callers.length > 20);
  const needed = routes.map(({ permission }) => permission).filter((one) => !["public", "signed_in"].includes(one));
  for (const permission of needed) assert.ok(permissions.includes(permission), permission);
  assert.deepEqual(unusedRecipes(routes), [], "recipes for routes that are gone");
});

for (const route of routes) {
  test(nameOf(route), async () => {
    const cells = cellsOf(scene, route);
    const refusals = cells.filter(({ verdict }) => !verdict.isAllowed);
    const rest = cells.filter(({ verdict }) => verdict.isAllowed);
    const before = await traces(scene);
    const wrong = await stepTogether(refusals);
    assert.equal(await traces(scene), before, "what was refused left something behind");
    wrong.push(...(await (route.method === "GET" ? stepTogether(rest) : stepOneByOne(rest))));
    assert.deepEqual(wrong, []);
    assert.deepEqual(await standing(scene, ids.map(idNumber), accounts), atFirst, "the walk goes on as it began");
    walked += cells.length;
  });
}

const guarded = routes.filter(({ permission }) => permission !== "public");
const isPlatforms = ({ permission }: Route): boolean => permission.startsWith("platform.");
const cellsWhere = (isOne: (route: Route) => boolean, isAsked: (caller: Caller) => boolean): Cell[] =>
  guarded.filter(isOne).flatMap((route) => cellsOf(scene, route).filter(({ attempt }) => isAsked(attempt.caller)));
const refusedAs = (cells: Cell[], verdict: Verdict): Cell[] => cells.map(({ attempt }) => ({ attempt, verdict }));

/** What whoever has to set up a second factor may do before that; the last of it ends the session. */
const BEFORE_SET_UP = [
  "GET /v1/me",
  "POST /v1/me/totp",
  "POST /v1/me/totp/confirm",
  "DELETE /v1/me/totp",
  "POST /v1/auth/logout",
];

test("where a second factor is required, nobody without one does anything else before", async () => {
  const isFree = (route: Route): boolean => BEFORE_SET_UP.includes(nameOf(route));
  const refusals = refusedAs(
    cellsWhere(
      (route) => !isFree(route) && !isPlatforms(route),
      ({ kind }) => kind === "person",
    ),
    refusal(403, "two_factor_setup_required"),
  );
  // Machines and the platform's staff are not asked for one, and to everybody else the platform is not there.
  const others = cellsWhere(
    (route) => route.method === "GET" || isPlatforms(route),
    ({ kind }) => ["key", "staff inside", "staff outside"].includes(kind),
  );
  await app.store.query("UPDATE agencies SET two_factor_required = 1");
  try {
    assert.deepEqual([...(await stepTogether(refusals)), ...(await stepOneByOne(others))], []);
    for (const name of BEFORE_SET_UP) {
      const route = routes.find((one) => nameOf(one) === name);
      assert.ok(route, name);
      for (const caller of people) {
        const { status, body } = await send(attemptAt(scene, route, caller, "own"));
        const refused = status < 400 ? "" : (body as Problem).code;
        // Nothing is set up here that could be confirmed, or given up.
        assert.ok(
          ["", "wrong_code", "two_factor_off", "two_factor_is_required"].includes(refused),
          `${name}: ${refused}`,
        );
      }
    }
  } finally {
    await app.store.query("UPDATE agencies SET two_factor_required = 0");
    for (const caller of people) await caller.enter();
  }
  walked += refusals.length + others.length + BEFORE_SET_UP.length * people.length;
});

/** What stays open in an agency that is being deleted: leaving, and looking after one's own account. */
const WHILE_DELETING = [
  "POST /v1/auth/logout",
  "DELETE /v1/me/sessions/{session}",
  "POST /v1/me/password",
  "POST /v1/me/totp",
  "POST /v1/me/totp/confirm",
  "DELETE /v1/me/totp",
  "POST /v1/me/recovery_codes",
];
const UNDO = "POST /v1/agency/undo_delete";

test("an agency that is being deleted is read as before, and nothing in it is changed", async () => {
  const isOpen = (route: Route): boolean => WHILE_DELETING.includes(nameOf(route));
  const isInside = ({ kind }: Caller): boolean => kind === "person" || kind === "staff inside";
  const refusals = refusedAs(
    cellsWhere((route) => {
      const isRead = route.method === "GET" || nameOf(route) === UNDO;
      return !isRead && !isOpen(route) && !isPlatforms(route);
    }, isInside),
    refusal(409, "agency_deleting"),
  );
  const reads = cellsWhere(
    ({ method }) => method === "GET",
    ({ kind }) => kind !== "nobody",
  );
  const open = cellsWhere(isOpen, isInside);
  const agency = idNumber(scene.agency);
  const in14Days = BigInt(Date.now() + 14 * 86_400_000) * 1000n;
  await app.store.query(`UPDATE agencies SET status = 'deleting', deletes_at = ${in14Days} WHERE id = ${agency}`);
  try {
    const before = await traces(scene);
    assert.deepEqual([...(await stepTogether(refusals)), ...(await stepTogether(reads))], []);
    assert.equal(await traces(scene), before);
    assert.deepEqual(await stepOneByOne(open), []);
  } finally {
    await app.store.query(`UPDATE agencies SET status = 'active', deletes_at = NULL WHERE id = ${agency}`);
  }
  walked += refusals.length + reads.length + open.length;
});

/** What nobody is asked for. */
const EXTRAS = {
  id: "usr_0000000000001",
  role: "agency_owner",
  agency_id: scene.other.ids.agency,
  user_id: scene.other.ids.user,
  created_by: scene.other.ids.user,
  subaccount_id: scene.other.ids.subaccount,
  permissions: ["platform.view"],
  status: "active",
  reaches_all: true,
  is_admin: true,
  __proto__x: 1,
};

for (const route of routes.filter((one) => recipeFor(one)?.body)) {
  test(`mass assignment: ${nameOf(route)} takes what it is made for, and nothing beside it`, async () => {
    const who = route.permission.startsWith("platform.") ? "staff outside" : "agency_owner";
    const place = route.path.includes("{subaccount}") ? "granted" : "own";
    const cell = attemptAt(scene, route, callerNamed(who), place);
    const asked = recipeFor(route)?.body?.(cell);
    if (Array.isArray(asked)) return; // records are checked one by one (call_batches.test.ts)
    const before = await traces(scene);
    for (const [name, value] of Object.entries(EXTRAS)) {
      if (name in (asked as object)) continue;
      refused(await send(cell, { [name]: value }), 400, "unknown_field", name);
      walked++;
    }
    assert.equal(await traces(scene), before);
  });
}

test("a sub-account that is not there to be given is named in vain", async () => {
  const { owner, things } = scene;
  for (const place of ["removed", "other", "nowhere"] as const) {
    const { subaccount } = things[place];
    const key = { name: "spy", scopes: ["read"], subaccount };
    const person = { email: "spy@northwind.example", role: "subaccount_admin", subaccounts: [subaccount] };
    refused(await owner.post("/v1/api_keys", key), 422, "invalid", "subaccount");
    refused(await owner.post("/v1/invitations", person), 422, "invalid", "subaccounts");
    const change = { role: "subaccount_admin", subaccounts: [subaccount] };
    refused(await owner.patch(`/v1/users/${things.own.user}`, change), 422, "invalid", "subaccounts");
    walked += 3;
  }
});

test("a grant that is taken away counts from the next request", async () => {
  const { client } = callerNamed("subaccount_admin");
  const path = `/v1/subaccounts/${scene.things.granted.subaccount}`;
  ok(await client.get(path));
  await app.store.query("DELETE FROM user_grants");
  refused(await client.get(path), 404, "not_found");
});

test("a role that is changed counts from the next request", async () => {
  const { client } = callerNamed("agency_admin");
  ok(await client.get("/v1/audit_events"));
  await app.store.query("UPDATE users SET role = 'agency_member' WHERE role = 'agency_admin'");
  refused(await client.get("/v1/audit_events"), 403, "not_allowed");
});

test("who was removed is signed out", async () => {
  const { client } = callerNamed("subaccount_member");
  ok(await client.get("/v1/me"));
  await app.store.query(
    "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE role = 'subaccount_member')",
  );
  refused(await client.get("/v1/me"), 401, "session_expired");
});

test("the cells are counted", (t) => {
  const blind = routes.filter((route) => recipeFor(route) === undefined).map(nameOf);
  const alone = blind.length > 0 ? `; asked for nonsense alone: ${blind.join(", ")}` : "";
  t.diagnostic(`covered: ${walked.toLocaleString("en")} cells of the permission walk on ${app.store.kind}${alone}`);
  assert.ok(walked > 5000);
});
