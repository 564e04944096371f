// What a reply may hold: of a list exactly the rows within reach, and of nothing else a word.

import assert from "node:assert/strict";

import { idNumber, idText } from "../../harness/rows.ts";
import { OWN_ACCOUNTS, reaches, seesProfits, type Place } from "./oracle.ts";
import type { Attempt } from "./recipes.ts";
import { userId, type Caller, type Scene } from "./scene.ts";

const PAGE = 500;

/** Of a list: the ids, or codes, of the rows that the store has and the caller may see. */
type Rows = (a: Attempt) => Promise<string[]>;

const select = async ({ scene }: Attempt, prefix: string, sql: string): Promise<string[]> =>
  (await scene.app.store.query(sql)).map(({ id }) => idText(prefix, id as bigint));

const agencyOf = ({ scene }: Attempt): bigint => idNumber(scene.agency);
const ofAgency = (prefix: string, table: string, which = ""): Rows => {
  return (a) =>
    select(
      a,
      prefix,
      `SELECT id FROM ${table} WHERE agency_id = ${agencyOf(a)} ${which} ORDER BY id DESC LIMIT ${PAGE}`,
    );
};

/** The sub-accounts within reach: those of the scene, and for who reaches all of them those made on the way, too. */
async function accountsOf(a: Attempt, statuses: string): Promise<bigint[]> {
  const sql = `SELECT id FROM subaccounts WHERE agency_id = ${agencyOf(a)} AND status IN (${statuses})`;
  const known = new Map(OWN_ACCOUNTS.map((place) => [idNumber(a.scene.things[place].subaccount), place]));
  const ids = (await a.scene.app.store.query(sql)).map(({ id }) => id as bigint);
  return ids.filter((id) => reaches(a.caller, known.get(id) ?? "foreign"));
}

const accounts: Rows = async (a) => {
  const statuses = a.place === "own" ? "'active', 'suspended'" : `'${a.place}'`;
  return (await accountsOf(a, statuses)).map((id) => idText("sub", id));
};

const calls: Rows = async (a) => {
  const reached = await accountsOf(a, "'active', 'suspended', 'removed'");
  const asked = a.place === "own" ? reached : [idNumber(a.things.subaccount)];
  return select(a, "call", `SELECT id FROM calls WHERE subaccount_id IN (${[0n, ...asked].join(", ")})`);
};

const ofAccount = ({ things }: Attempt): string => `${idNumber(things.subaccount)}`;

async function sessions(a: Attempt): Promise<string[]> {
  assert.ok(a.caller.person);
  const user = idNumber(await userId(a.scene.app, a.caller.person));
  const table = a.caller.kind === "person" ? "sessions" : "platform_sessions";
  return select(a, "ses", `SELECT id FROM ${table} WHERE user_id = ${user}`);
}

const plans: Rows = async ({ scene }) =>
  (await scene.app.store.query("SELECT code FROM plans")).map(({ code }) => code as string);

const lists: Record<string, Rows> = {
  "GET /v1/subaccounts": accounts,
  "GET /v1/calls": calls,
  "GET /v1/subaccounts/{subaccount}/purchases": (a) =>
    select(a, "pur", `SELECT id FROM purchases WHERE subaccount_id = ${ofAccount(a)}`),
  // The ledger's first four accounts are a sub-account's wallets and what is held of them.
  "GET /v1/subaccounts/{subaccount}/statement": (a) =>
    select(a, "pst", `SELECT posting_id AS id FROM ledger_entries WHERE owner_id = ${ofAccount(a)} AND account < 4`),
  "GET /v1/minute_moves": ofAgency("mov", "minute_moves"),
  "GET /v1/api_keys": ofAgency("key", "api_keys", "AND revoked_at IS NULL"),
  "GET /v1/audit_events": ofAgency("aud", "audit_events"),
  "GET /v1/users": ofAgency("usr", "users"),
  "GET /v1/invitations": ofAgency("inv", "invitations", "AND state = 'pending'"),
  "GET /v1/me/sessions": sessions,
  "GET /v1/platform/agencies": (a) => select(a, "agy", "SELECT id FROM agencies"),
  "GET /v1/platform/agencies/{agency}/settlements": (a) =>
    select(a, "pst", `SELECT id FROM ledger_postings WHERE kind = 3 AND agency_id = ${idNumber(a.things.agency)}`),
  "GET /v1/platform/plans": plans,
};

interface Row {
  id?: string;
  plan?: { code: string };
}

/** Whether a list shows what it should; a list that nothing is known of is a fault of this file. */
export async function expectRows(a: Attempt, body: unknown): Promise<void> {
  const { data } = (body ?? {}) as { data?: Row[] };
  if (a.route.method !== "GET" || !Array.isArray(data)) return;
  const rows = lists[`${a.route.method} ${a.route.path}`];
  assert.ok(rows, "a list whose rows are not told in tests/api/walk/sight.ts");
  const shown = data.map(({ id, plan }) => id ?? plan?.code ?? "").sort();
  assert.deepEqual(shown, (await rows(a)).sort(), "the rows of the list");
}

/** What the agency pays and earns. */
const SECRET_FIGURES = new Set([
  ...["base_price", "base_prices", "markup_percent", "cost_usd", "margin_usd", "profit_usd"],
  ...["payable_usd", "collected_usd", "credit_usd", "credit_limit_usd"],
]);

function figuresIn(value: unknown, path = ""): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => [
    ...(SECRET_FIGURES.has(name) && inner !== null ? [`${path}.${name}`] : []),
    ...figuresIn(inner, `${path}.${name}`),
  ]);
}

/** The platform's staff know agencies by name, and nothing of their clients. */
function wordsOf(scene: Scene, caller: Caller, place: Place): string[] {
  if (caller.kind !== "staff outside" || place !== "other") return scene.words.get(place) ?? [];
  const { subaccount, purchase, pending, call } = scene.things.other;
  return [subaccount, purchase, pending, call];
}

/** Nothing of what is out of reach, by id or name, and no figure that is the agency's alone. */
export function expectDiscretion({ scene, caller, route }: Attempt, body: unknown, text: string): void {
  // Whoever is let in by it is told as somebody else than they came as.
  if (["public", "platform.enter"].includes(route.permission)) return;
  for (const place of [...OWN_ACCOUNTS, "other" as const]) {
    if (reaches(caller, place)) continue;
    const told = wordsOf(scene, caller, place).filter((word) => text.includes(word));
    assert.deepEqual(told, [], `words of ${place}`);
  }
  if (caller.role !== undefined && !seesProfits(caller)) assert.deepEqual(figuresIn(body), [], "the agency's figures");
}
