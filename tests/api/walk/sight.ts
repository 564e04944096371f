// What a reply may hold: of a list exactly the rows within reach, and of nothing else a word.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { inSource } from "../../harness/paths.ts";
import { idNumber, idText, monthText } from "../../harness/rows.ts";
import { OWN_ACCOUNTS, reaches, seesProfits, type Place } from "./oracle.ts";
import type { Attempt } from "./recipes.ts";
import { userId, type Caller, type Scene } from "./scene.ts";

const PAGE = 500;
/** The number of the kind among the ledger's postings. */
const SETTLEMENT = 3;
/** The number of knowledge credits among its accounts. */
const KNOWLEDGE = 4;

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

const months: Rows = async ({ scene, things }) => {
  const account = idNumber(things.subaccount);
  const rows = await scene.app.store.query(`SELECT month FROM allocation_runs WHERE subaccount_id = ${account}`);
  return rows.map(({ month }) => monthText(Number(month)));
};

const text = (...values: unknown[]): string => values.map(String).join(" ");

/** Of an account's client prices and base: the milliseconds at which one of them became another. */
async function priceMoments({ scene, things }: Attempt): Promise<string[]> {
  const account = idNumber(things.subaccount);
  const [its] = await scene.app.store.query(`SELECT agency_id, created_at FROM subaccounts WHERE id = ${account}`);
  const points = await scene.app.store.query(
    `SELECT owner_id, tier, effective_at, price_micros FROM price_points WHERE agency_id = ${String(its?.["agency_id"])}` +
      ` AND owner_id IN (agency_id, ${account}) ORDER BY effective_at`,
  );
  const pricesAt = (at: bigint): string => {
    const passed = points.filter((point) => (point["effective_at"] as bigint) <= at);
    const each = passed.map((p): [string, string] => [text(p["owner_id"], p["tier"]), text(p["price_micros"])]);
    return JSON.stringify(Object.fromEntries(each));
  };
  const start = its?.["created_at"] as bigint;
  const instants = [...new Set(points.map((point) => point["effective_at"] as bigint))].filter((at) => at > start);
  const changes = instants.filter((at) => pricesAt(at) !== pricesAt(at - 1n));
  return [start, ...changes].map((at) => String(at / 1000n));
}

const lists: Record<string, Rows> = {
  "GET /v1/subaccounts": accounts,
  "GET /v1/calls": calls,
  "GET /v1/subaccounts/{subaccount}/purchases": (a) =>
    select(a, "pur", `SELECT id FROM purchases WHERE subaccount_id = ${ofAccount(a)}`),
  // The ledger's first four accounts are a sub-account's wallets and what is held of them.
  "GET /v1/subaccounts/{subaccount}/statement": (a) =>
    select(a, "pst", `SELECT posting_id AS id FROM ledger_entries WHERE owner_id = ${ofAccount(a)} AND account < 4`),
  "GET /v1/subaccounts/{subaccount}/auto_allocation/runs": months,
  "GET /v1/reservations": ofAgency("rsv", "reservations", "AND state = 0"),
  "GET /v1/subaccounts/{subaccount}/reservations": (a) =>
    select(a, "rsv", `SELECT id FROM reservations WHERE subaccount_id = ${ofAccount(a)} AND state = 0`),
  "GET /v1/subaccounts/{subaccount}/payment_methods": (a) =>
    select(a, "pmt", `SELECT id FROM payment_methods WHERE subaccount_id = ${ofAccount(a)} AND removed_at IS NULL`),
  "GET /v1/purchases/{purchase}/refunds": (a) =>
    select(a, "ref", `SELECT id FROM refunds WHERE purchase_id = ${idNumber(a.things.purchase)}`),
  "GET /v1/subaccounts/{subaccount}/adjustments": (a) =>
    select(a, "adj", `SELECT id FROM adjustments WHERE subaccount_id = ${ofAccount(a)} AND by_platform = 0`),
  // The ledger's account of credit.
  "GET /v1/agency/credit/entries": (a) =>
    select(
      a,
      "pst",
      `SELECT posting_id AS id FROM ledger_entries WHERE agency_id = ${agencyOf(a)} AND account = 8 ORDER BY seq DESC LIMIT ${PAGE}`,
    ),
  "GET /v1/minute_moves": ofAgency("mov", "minute_moves"),
  "GET /v1/subaccounts/{subaccount}/knowledge_statement": (a) =>
    select(
      a,
      "pst",
      `SELECT posting_id AS id FROM ledger_entries WHERE owner_id = ${ofAccount(a)} AND account = ${KNOWLEDGE}`,
    ),
  // Accounts that earned something.
  "GET /v1/profits": (a) =>
    select(a, "sub", `SELECT DISTINCT subaccount_id AS id FROM profit_changes WHERE agency_id = ${agencyOf(a)}`),
  "GET /v1/knowledge_transfers": ofAgency("kno", "knowledge_transfers"),
  "GET /v1/api_keys": ofAgency("key", "api_keys", "AND revoked_at IS NULL"),
  "GET /v1/engine_connections": ofAgency("eng", "engine_connections", "AND removed_at IS NULL"),
  "GET /v1/unmatched_calls": ofAgency("unc", "engine_deliveries", "AND state = 0"),
  "GET /v1/audit_events": ofAgency("aud", "audit_events"),
  "GET /v1/users": ofAgency("usr", "users"),
  "GET /v1/invitations": ofAgency("inv", "invitations", "AND state = 'pending'"),
  "GET /v1/me/sessions": sessions,
  "GET /v1/platform/agencies": (a) => select(a, "agy", "SELECT id FROM agencies"),
  // As the books have them; the list itself is read from the agency's trail.
  "GET /v1/platform/agencies/{agency}/settlements": (a) =>
    select(
      a,
      "pst",
      `SELECT id FROM ledger_postings WHERE agency_id = ${idNumber(a.things.agency)} AND kind = ${SETTLEMENT}`,
    ),
  "GET /v1/agency/renewals": ofAgency("rnw", "renewals"),
  "GET /v1/agency/renewals/{renewal}/short": () => Promise.resolve([]),
  "GET /v1/payouts": ofAgency("pay", "payouts"),
  "GET /v1/platform/jobs": (a) => select(a, "job", "SELECT id FROM jobs"),
  "GET /v1/platform/job_kinds": () => Promise.resolve(jobKinds()),
  "GET /v1/platform/payouts": (a) => select(a, "pay", "SELECT id FROM payouts"),
  "GET /v1/platform/agencies/{agency}/grants": (a) =>
    select(
      a,
      "adj",
      `SELECT id FROM adjustments WHERE agency_id = ${idNumber(a.things.agency)} AND by_platform = 1 ORDER BY id DESC LIMIT ${PAGE}`,
    ),
  "GET /v1/platform/plans": plans,
  "GET /v1/platform/prices": (a) => select(a, "bpr", "SELECT id FROM base_price_changes"),
  // The instants at which something changed; the walk sets the same prices again and again.
  "GET /v1/subaccounts/{subaccount}/price_history": priceMoments,
};

/** As the program's own table has them. */
function jobKinds(): string[] {
  const table = readFileSync(inSource("src/domain/jobs.def"), "utf8");
  return [...table.matchAll(/^JOB\(\w+, "(\w+)"/gm)].map(([, name = ""]) => name);
}

interface Row {
  id?: string;
  subaccount?: string;
  kind?: string;
  plan?: { code: string };
  month?: string;
  from?: string;
}

const nameOf = ({ id, subaccount, plan, month, kind, from }: Row): string =>
  id ?? subaccount ?? plan?.code ?? month ?? kind ?? String(Date.parse(from ?? ""));

/** Whether a list shows what it should; a list that nothing is known of is a fault of this file. */
export async function expectRows(a: Attempt, body: unknown): Promise<void> {
  const { data } = (body ?? {}) as { data?: Row[] };
  if (a.route.method !== "GET" || !Array.isArray(data)) return;
  const rows = lists[`${a.route.method} ${a.route.path}`];
  assert.ok(rows, "a list whose rows are not told in tests/api/walk/sight.ts");
  const shown = data.map(nameOf).sort();
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
  const { subaccount, purchase, pending, call, reservation } = scene.things.other;
  return [subaccount, purchase, pending, call, reservation];
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
