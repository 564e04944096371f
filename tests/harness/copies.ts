// Many agencies that are alike, each in a world of its own: copies of the one that a store has, made by the store itself.
// Ids and sign-ins are every copy's own, all else is the pattern's; the audit trail, which knows whose it is, begins anew.

import { blake2b } from "@noble/hashes/blake2.js";
import { randomBytes } from "node:crypto";

import type { Client } from "./client.ts";
import { idNumber, idText } from "./rows.ts";
import type { Row, Store } from "./store.ts";

/** Ids and instants are above it, amounts of money and time below. */
export const ID_LEAST = 2n ** 50n;

/** From one copy's ids to the next one's, into the past, so that what comes later is newer: four seconds. */
const STEP = 2n ** 34n;

/** Rows that are not copied: they hold replies, hashes over themselves, or secrets. */
const LEFT_OUT = ["idempotency_keys", "audit_events", "audit_heads", "outbox", "user_links", "sessions", "api_keys"];
const SECRETS = { sessions: "token_hash", api_keys: "secret_hash" } as const;

interface Table {
  name: string;
  columns: { name: string; isInteger: boolean }[];
}

/** The store's tables that hold what is an agency's. */
export async function agencyTables(store: Store): Promise<Table[]> {
  const sql =
    store.kind === "sqlite"
      ? "SELECT m.name AS table_name, p.name AS column_name, p.type AS data_type FROM sqlite_master m" +
        " JOIN pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY m.name, p.cid"
      : "SELECT table_name, column_name, data_type FROM information_schema.columns" +
        " WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position";
  const tables = new Map<string, Table>();
  for (const row of await store.query(sql)) {
    const name = String(row["table_name"]);
    const table = tables.get(name) ?? { name, columns: [] };
    table.columns.push({ name: String(row["column_name"]), isInteger: /^bigint$/i.test(String(row["data_type"])) });
    tables.set(name, table);
  }
  return [...tables.values()].filter(
    ({ name, columns }) => name === "agencies" || columns.some((column) => column.name === "agency_id"),
  );
}

/** Instants stay what they are. */
const isId = ({ name, isInteger }: Table["columns"][number]): boolean =>
  isInteger && name !== "at" && !name.endsWith("_at");

/** One address signs in one person, in the whole store. */
const isAddress = (table: Table, column: string): boolean =>
  (table.name === "users" && column === "email") || (table.name === "user_emails" && column === "email_key");

function copySql(table: Table, agency: bigint, first: number, last: number): string {
  const values = table.columns.map((column) => {
    if (isAddress(table, column.name)) return `k.n || '.' || t.${column.name}`;
    if (!isId(column)) return `t.${column.name}`;
    return `CASE WHEN t.${column.name} >= ${ID_LEAST} THEN t.${column.name} - k.n * ${STEP} ELSE t.${column.name} END`;
  });
  const names = table.columns.map(({ name }) => name).join(", ");
  const of = table.name === "agencies" ? "id" : "agency_id";
  return (
    `INSERT INTO ${table.name} (${names}) WITH RECURSIVE k (n) AS (SELECT CAST(${first} AS BIGINT) UNION ALL` +
    ` SELECT n + 1 FROM k WHERE n < ${last}) SELECT ${values.join(", ")} FROM ${table.name} t CROSS JOIN k` +
    ` WHERE t.${of} = ${agency}`
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export class Copy {
  readonly number: number;
  readonly agency: bigint;
  readonly #secrets: ReadonlyMap<string, string>;

  constructor(number: number, agency: bigint, secrets: ReadonlyMap<string, string>) {
    this.number = number;
    this.agency = agency;
    this.#secrets = secrets;
  }

  /** This copy's id of what has `id` in the pattern. */
  id(id: string): string {
    return idText(id.slice(0, id.indexOf("_")), idNumber(id) - this.#shift);
  }

  /** The other way round: the number that the pattern has, if it is one of its ids. */
  original(number: bigint): bigint {
    return number + this.#shift;
  }

  /** The secret of the session of this person, or of the API key of this name. */
  secret(of: string): string {
    const secret = this.#secrets.get(of);
    if (secret === undefined) throw new Error(`nobody is signed in as ${of}`);
    return secret;
  }

  get #shift(): bigint {
    return BigInt(this.number) * STEP;
  }
}

interface SignIn {
  table: keyof typeof SECRETS;
  name: string;
  row: Row;
}

export class Pattern {
  readonly #store: Store;
  readonly #agency: bigint;
  readonly #tables: Table[];
  /** Session and key rows, each with the name that its secret is asked for by. */
  readonly #signIns: SignIn[];
  #copies = 0;

  private constructor(store: Store, agency: bigint, tables: Table[], signIns: SignIn[]) {
    this.#store = store;
    this.#agency = agency;
    this.#tables = tables;
    this.#signIns = signIns;
  }

  /** The agency as it is now, with everybody who is signed in. */
  static async of(store: Store, agency: string): Promise<Pattern> {
    const number = idNumber(agency);
    const sessions = await store.query(
      "SELECT s.*, u.email FROM sessions s JOIN users u ON u.agency_id = s.agency_id AND u.id = s.user_id" +
        ` WHERE s.agency_id = ${number} ORDER BY s.id`,
    );
    const keys = await store.query(`SELECT * FROM api_keys WHERE agency_id = ${number}`);
    return new Pattern(store, number, await agencyTables(store), [
      ...sessions.map(({ email, ...row }) => ({ table: "sessions" as const, name: String(email), row })),
      ...keys.map((row) => ({ table: "api_keys" as const, name: String(row["name"]), row })),
    ]);
  }

  /** All ids that the pattern's rows have. */
  async ids(): Promise<Set<bigint>> {
    const ids = new Set<bigint>();
    for (const table of this.#tables) {
      const of = table.name === "agencies" ? "id" : "agency_id";
      for (const row of await this.#store.query(`SELECT * FROM ${table.name} WHERE ${of} = ${this.#agency}`)) {
        for (const column of table.columns.filter(isId)) {
          const value = row[column.name];
          if (typeof value === "bigint" && value >= ID_LEAST) ids.add(value);
        }
      }
    }
    return ids;
  }

  /** `count` more agencies. */
  async copy(count: number): Promise<Copy[]> {
    const first = this.#copies + 1;
    this.#copies += count;
    const tables = this.#tables.filter(({ name }) => !LEFT_OUT.includes(name));
    const statements = tables.map((table) => copySql(table, this.#agency, first, this.#copies));
    const copies = Array.from({ length: count }, (_, i) => this.#signIn(first + i, statements));
    await this.#store.damage(statements.join(";\n"));
    return copies;
  }

  /** Everybody again, by secrets of their own. */
  #signIn(number: number, statements: string[]): Copy {
    const shift = BigInt(number) * STEP;
    const agency = this.#agency - shift;
    const hint = idText("agy", agency).slice("agy_".length);
    const secrets = new Map<string, string>();
    for (const { table, name, row } of this.#signIns) {
      const token = `${hint}_${randomBytes(32).toString("base64url")}`;
      const secret = table === "api_keys" ? `mbk_${token}` : token;
      const hash = hex(blake2b(Buffer.from(secret), { dkLen: 32 }));
      secrets.set(name, secret);
      const values = Object.entries(row).map(([column, value]) => this.#literal(table, column, value, hash, shift));
      statements.push(`INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${values.join(", ")})`);
    }
    return new Copy(number, agency, secrets);
  }

  #literal(table: keyof typeof SECRETS, column: string, value: unknown, hash: string, shift: bigint): string {
    if (column === SECRETS[table]) return this.#store.kind === "sqlite" ? `X'${hash}'` : `'\\x${hash}'::bytea`;
    if (value === null) return "NULL";
    if (typeof value === "bigint")
      return String(isId({ name: column, isInteger: true }) && value >= ID_LEAST ? value - shift : value);
    if (typeof value === "string" || typeof value === "number") return `'${String(value).replaceAll("'", "''")}'`;
    throw new Error(`${table}.${column} is a ${typeof value}`);
  }
}

/** A client that carries the session of the copy's person of this address. */
export function signedIn(client: Client, cookie: string, copy: Copy, email: string): Client {
  return client.carrying({ cookies: new Map([[cookie, copy.secret(email)]]) });
}
