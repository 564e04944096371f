// What the API has no way to make yet, put straight into the store: people who are no owners, a second agency.

import { Buffer } from "node:buffer";

import { minutebankOk } from "./minutebank.ts";
import type { Owner } from "./minutebank.ts";
import type { Row, Store, StoreKind } from "./store.ts";

export const ROLES = [
  "agency_owner",
  "agency_admin",
  "agency_member",
  "subaccount_admin",
  "subaccount_member",
] as const;
export type Role = (typeof ROLES)[number];

const ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** "sub_0k3v9m2c5x1qy" as the number that the store has. */
export function idNumber(id: string): bigint {
  const digits = Array.from(id.slice(id.indexOf("_") + 1));
  return digits.reduce((value, digit) => value * 32n + BigInt(ID_ALPHABET.indexOf(digit)), 0n);
}

/** The other way round. */
export function idText(prefix: string, number: bigint): string {
  const digits = Array.from(
    { length: 13 },
    (_, i) => ID_ALPHABET[Number((number >> BigInt(5 * (12 - i))) & 31n)] ?? "",
  );
  return `${prefix}_${digits.join("")}`;
}

/** Months are counted: 12 a year. */
export function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}

function literal(kind: StoreKind, value: unknown): string {
  if (value === null) return "NULL";
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString("hex");
    return kind === "sqlite" ? `X'${hex}'` : `'\\x${hex}'::bytea`;
  }
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  throw new Error(`no literal for a ${typeof value}`);
}

/** Rows of the same columns, in one statement. */
export async function insertRows(store: Store, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const values = rows.map(
    (row) =>
      `(${Object.values(row)
        .map((value) => literal(store.kind, value))
        .join(", ")})`,
  );
  await store.query(`INSERT INTO ${table} (${Object.keys(first).join(", ")}) VALUES ${values.join(", ")}`);
}

export async function insertRow(store: Store, table: string, row: Row): Promise<void> {
  await insertRows(store, table, [row]);
}

let people = 0;

/** Somebody of this role beside the owner, with the owner's password; reaches the granted sub-accounts, or all. */
export async function addPerson(
  store: Store,
  owner: Owner,
  role: Role,
  { grants = [] as readonly string[], reachesAll = false } = {},
): Promise<Owner> {
  const [pattern] = await store.query(
    `SELECT u.* FROM users u JOIN user_emails e ON e.user_id = u.id WHERE e.email_key = '${owner.email}'`,
  );
  if (!pattern) throw new Error(`there is no ${owner.email}`);
  const id = (pattern["id"] as bigint) + BigInt(++people);
  const email = `${role.replace("_", ".")}.${people}@northwind.example`;
  const { agency_id } = pattern;
  await insertRow(store, "users", { ...pattern, id, email, role, reaches_all: reachesAll ? 1 : 0 });
  await insertRow(store, "user_emails", { email_key: email, agency_id, user_id: id });
  for (const subaccount of grants) {
    await insertRow(store, "user_grants", { agency_id, user_id: id, subaccount_id: idNumber(subaccount) });
  }
  return { email, password: owner.password };
}

/** Sets a sub-account's status as suspending and removing leave it behind. One to be removed has no minutes left. */
async function setStatus(store: Store, subaccount: string, columns: Row): Promise<void> {
  const id = idNumber(subaccount);
  const set = Object.entries(columns).map(([name, value]) => `${name} = ${literal(store.kind, value)}`);
  await store.query(
    `UPDATE agencies SET version = version + 1 WHERE id = (SELECT agency_id FROM subaccounts WHERE id = ${id})`,
  );
  await store.query(
    `UPDATE subaccounts SET ${set.join(", ")}, version = (SELECT version FROM agencies a` +
      ` WHERE a.id = subaccounts.agency_id) WHERE id = ${id}`,
  );
}

const now_us = (): bigint => BigInt(Date.now()) * 1000n;

export async function suspend(store: Store, subaccount: string): Promise<void> {
  await setStatus(store, subaccount, {
    status: "suspended",
    suspension_note: "Invoice of May is open.",
    suspended_at: now_us(),
  });
}

export async function remove(store: Store, subaccount: string): Promise<void> {
  const id = idNumber(subaccount);
  await store.query(`DELETE FROM user_grants WHERE subaccount_id = ${id}`);
  await store.query(`UPDATE api_keys SET revoked_at = ${now_us()} WHERE subaccount_id = ${id} AND revoked_at IS NULL`);
  await setStatus(store, subaccount, { status: "removed", removed_at: now_us() });
}

/** Those that others refer to first. */
const TABLES = [
  "agencies",
  "subaccounts",
  "price_points",
  "plan_starts",
  "increment_points",
  "users",
  "user_emails",
  "user_grants",
  "sessions",
  "api_keys",
  "ledger_accounts",
  "ledger_postings",
  "ledger_entries",
  "profit_changes",
  "purchases",
  "payment_methods",
  "refunds",
  "adjustments",
  "call_sources",
  "calls",
  "reservations",
  "usage_hours",
  "usage_periods",
  "idempotency_keys",
  "audit_events",
  "audit_heads",
  "invitations",
  "invitation_grants",
  "user_totp",
  "recovery_codes",
  "known_devices",
  "user_links",
  "outbox",
  "email_changes",
  "jobs",
  "distribution_changes",
  "renewals",
  "renewal_shares",
  "payouts",
  "engine_connections",
  "engine_rules",
  "engine_deliveries",
];

/** Copies the agency of one store into another, where it lives beside those that are there. */
export async function moveIn(from: Store, to: Store): Promise<void> {
  for (const table of TABLES) {
    for (const row of await from.query(`SELECT * FROM ${table}`)) await insertRow(to, table, row);
  }
}

export interface Route {
  method: string;
  path: string;
  permission: string;
  /** Of API keys that may come in. */
  scopes: string;
  name: string;
}

/** The server's own table of routes, from `minutebank routes`. */
export async function servedRoutes(): Promise<Route[]> {
  const lines = (await minutebankOk(["routes"])).split("\n").filter(Boolean);
  return lines.map((line) => {
    const [method = "", path = "", permission = "", scopes = "", name = ""] = line.split("\t");
    return { method, path, permission, scopes: scopes === "-" ? "" : scopes, name };
  });
}
