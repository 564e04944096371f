// The walk's requests: which there are of a route, how one is made, and what is wrong with its reply.

import assert from "node:assert/strict";

import { isProblem } from "../../harness/contract.ts";
import type { Problem, Reply, Send } from "../../harness/client.ts";
import type { Route } from "../../harness/rows.ts";
import { ACCOUNT_PLACES, isOfAccount, judge, reaches, type Place, type Verdict } from "./oracle.ts";
import { recipeFor, type Attempt, type Recipe } from "./recipes.ts";
import type { Caller, Scene } from "./scene.ts";
import { expectDiscretion, expectRows } from "./sight.ts";

export interface Cell {
  attempt: Attempt;
  verdict: Verdict;
}

let attempts = 0;

const isAbout = ({ path }: Route, kind: string): boolean => path.includes(`{${kind}}`);

function placesOf(route: Route, recipe: Recipe | undefined): readonly Place[] {
  if (recipe?.places) return recipe.places;
  if (isOfAccount(route)) return ACCOUNT_PLACES;
  if (isAbout(route, "session")) return ["own", "colleague", "other", "nowhere"];
  return route.path.includes("{") ? ["own", "other", "nowhere"] : ["own"];
}

export function attemptAt(scene: Scene, route: Route, caller: Caller, place: Place): Attempt {
  const things = { ...scene.things[place] };
  Object.assign(things, recipeFor(route)?.about?.(things));
  return { scene, route, caller, place, things, n: ++attempts, found: {} };
}

/** Every caller at every place. */
export function cellsOf(scene: Scene, route: Route): Cell[] {
  const recipe = recipeFor(route);
  return scene.callers.flatMap((caller) =>
    placesOf(route, recipe).map((place) => {
      const attempt = attemptAt(scene, route, caller, place);
      const byMatrix = judge(route, caller, place);
      return { attempt, verdict: recipe?.verdict?.(attempt, byMatrix) ?? byMatrix };
    }),
  );
}

/** Somebody else each time, to whoever counts tries by address. */
const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

/** Where nothing better is known. */
function nonsense({ method, path }: Route): unknown {
  return ["POST", "PUT", "PATCH"].includes(method) && !path.endsWith("mark_paid") ? { nothing: 1 } : undefined;
}

export async function send(a: Attempt, more: object = {}): Promise<Reply> {
  const { route, caller, things, n } = a;
  const recipe = recipeFor(route);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, kind: string) => things[kind as keyof typeof things]);
  const body = recipe ? recipe.body?.(a) : nonsense(route);
  const options: Send = route.permission === "public" && route.path.startsWith("/v1/") ? { headers: {} } : {};
  if (options.headers) options.headers["x-forwarded-for"] = address(n);
  if (body !== undefined) options.body = Array.isArray(body) ? body : { ...(body as object), ...more };
  return caller.client.send(route.method, `${path}${recipe?.query?.(a) ?? ""}`, options);
}

interface CallResult {
  results: { status: string; code?: string }[];
}

/** What a batch says of the one call in it. */
function expectCall({ caller, place }: Attempt, body: unknown): void {
  const [result] = (body as CallResult).results;
  const isReached = reaches(caller, place);
  const told = isReached ? { status: "accepted", code: undefined } : { status: "rejected", code: "unknown_subaccount" };
  assert.deepEqual({ status: result?.status, code: result?.code }, told);
}

function expectAllowed({ route }: Attempt, recipe: Recipe | undefined, { status, bytes }: Reply): void {
  if (recipe) assert.equal(status, recipe.status, bytes.toString());
  else assert.ok(![401, 403, 404].includes(status) && status < 500, `${route.path}: ${status}`);
}

function expectRefused({ headers, status, body, bytes }: Reply, verdict: Verdict): void {
  assert.ok(!verdict.isAllowed);
  const code = isProblem(headers["content-type"]) ? (body as Problem).code : bytes.toString();
  assert.deepEqual({ status, code }, { status: verdict.status, code: verdict.code });
}

async function judgeReply({ attempt, verdict }: Cell, reply: Reply): Promise<void> {
  const { route } = attempt;
  if (!verdict.isAllowed) {
    expectRefused(reply, verdict);
  } else {
    expectAllowed(attempt, recipeFor(route), reply);
    if (`${route.method} ${route.path}` === "POST /v1/calls") expectCall(attempt, reply.body);
    await expectRows(attempt, reply.body);
  }
  expectDiscretion(attempt, reply.body, reply.bytes.toString());
}

/** Asks, and puts back what that changed; what is wrong with the answer, or nothing. */
export async function step(cell: Cell): Promise<string[]> {
  const { attempt, verdict } = cell;
  const recipe = recipeFor(attempt.route);
  const wrong: string[] = [];
  const trying = async <T>(what: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await what();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      wrong.push(`${attempt.caller.name}, ${attempt.place}: ${why}`);
      return undefined;
    }
  };
  if (verdict.isAllowed) await trying(() => recipe?.before?.(attempt));
  const reply = await trying(() => send(attempt));
  if (reply) await trying(() => judgeReply(cell, reply));
  if (reply && verdict.isAllowed) await trying(() => recipe?.after?.(attempt, reply));
  return wrong;
}

export async function stepOneByOne(cells: readonly Cell[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const cell of cells) wrong.push(...(await step(cell)));
  return wrong;
}

/** All callers at once, each by itself one place after the other: for what changes nothing. */
export async function stepTogether(cells: readonly Cell[]): Promise<string[]> {
  const byCaller = Map.groupBy(cells, ({ attempt }) => attempt.caller);
  return (await Promise.all(Array.from(byCaller.values(), stepOneByOne))).flat();
}

const TRACES = [
  ...["audit_events", "purchases", "ledger_postings", "calls", "api_keys", "users", "user_grants", "invitations"],
  ...[
    "subaccounts",
    "price_points",
    "plan_starts",
    "platform_events",
    "email_changes",
    "sessions",
    "outbox",
    "user_totp",
    "engine_connections",
    "engine_rules",
    "engine_deliveries",
  ],
];

/** How much there is of everything that a request may leave behind. */
export async function traces({ app }: Scene): Promise<string> {
  const counts = TRACES.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`);
  const [row = {}] = await app.store.query(`SELECT ${counts.join(", ")}`);
  return Object.entries(row)
    .map(([table, count]) => `${table} ${String(count)}`)
    .join(", ");
}

const isIn = (column: string, ids: readonly bigint[]): string => `${column} IN (${ids.join(", ")})`;

/** What the walk's later requests rest on: who everybody is, what they reach, how things stand. */
export async function standing(
  { app }: Scene,
  people: readonly bigint[],
  accounts: readonly bigint[],
): Promise<string[]> {
  const queries = [
    `SELECT id, role, reaches_all, two_factor_at FROM users WHERE ${isIn("id", people)} ORDER BY id`,
    `SELECT user_id, subaccount_id FROM user_grants WHERE ${isIn("user_id", people)} ORDER BY user_id, subaccount_id`,
    `SELECT id, status, name FROM subaccounts WHERE ${isIn("id", accounts)} ORDER BY id`,
    "SELECT id, name, status, two_factor_required FROM agencies ORDER BY id",
  ];
  const rows = await Promise.all(queries.map((sql) => app.store.query(sql)));
  return rows.flat().map((row) => Object.values(row).map(String).join(" "));
}
