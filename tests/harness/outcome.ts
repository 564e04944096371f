// What two requests came to, in words that do not depend on when it happened or which copy of the agency it happened in:
// both replies, and every row that the agency has in any table.

import type { Problem, Reply } from "./client.ts";
import { agencyTables, ID_LEAST, type Copy } from "./copies.ts";
import { idNumber } from "./rows.ts";
import type { Row, Store } from "./store.ts";

/** Replies kept under a key hold what the replies held; sign-ins are the copies' own. */
const TABLES_LEFT_OUT = ["idempotency_keys", "sessions", "audit_heads", "user_emails"];

/** Secrets, chance, and when somebody was last seen. */
const COLUMNS_LEFT_OUT = ["hint", "request_id", "last_seen_at", "last_used_at", "fingerprint", "user_agent", "address"];
const KEYS_LEFT_OUT = /"(secret|hint|request_id|link|next_cursor)":"[^"]*"/g;

const ID = /\b([a-z]{3,4})_([0-9a-hjkmnp-tv-z]{13})\b/g;
const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

export interface Outcome {
  first: string;
  second: string;
  rows: string[];
}

export class Words {
  readonly #ids: ReadonlyMap<bigint, number>;

  constructor(ids: Iterable<bigint>) {
    this.#ids = new Map([...ids].sort((a, b) => Number(a - b)).map((id, i) => [id, i]));
  }

  #number(value: bigint, copy: Copy): string {
    const known = this.#ids.get(copy.original(value));
    return known === undefined ? "new" : `#${known}`;
  }

  /** Text with what only this copy says so taken out. */
  text(text: string, copy: Copy): string {
    return text
      .replaceAll(KEYS_LEFT_OUT, (_, key: string) => `"${key}":"…"`)
      .replaceAll(ID, (_, kind: string, digits: string) => `${kind}_${this.#number(idNumber(`_${digits}`), copy)}`)
      .replaceAll(INSTANT, "then")
      .replaceAll(new RegExp(`\\b${copy.number}\\.(?=[a-z])`, "g"), "");
  }

  reply({ status, body }: Reply, copy: Copy, refusals: readonly string[] = []): string {
    if (refusals.includes((body as Partial<Problem> | undefined)?.code ?? ""))
      return `refused: ${refusals.join(" or ")}`;
    return this.text(`${status} ${JSON.stringify(body)}`, copy);
  }

  #value(value: unknown, copy: Copy): string {
    if (typeof value === "bigint") return value < ID_LEAST ? String(value) : this.#number(value, copy);
    if (typeof value === "string") return this.text(value, copy);
    return value instanceof Uint8Array ? "bytes" : String(value);
  }

  row(table: string, row: Row, copy: Copy): string {
    const told = Object.entries(row).filter(([column]) => !COLUMNS_LEFT_OUT.includes(column));
    return `${table} ${told.map(([column, value]) => `${column}=${this.#value(value, copy)}`).join(" ")}`;
  }
}

/** Tables of what counts from an instant on: whose it is, and the instant. */
const FROM_THEN_ON: Record<string, { of: string[]; at: string }> = {
  price_points: { of: ["agency_id", "owner_id", "tier"], at: "effective_at" },
  distribution_changes: { of: ["agency_id"], at: "changed_at" },
};

/** Of several from one instant on, as a frozen moment would leave them, the last one counts. */
function lastOf(table: string, rows: Row[]): Row[] {
  const kept = FROM_THEN_ON[table];
  if (kept === undefined) return rows;
  const last = new Map<string, Row>();
  for (const row of rows) {
    const key = kept.of.map((column) => String(row[column])).join(" ");
    const known = last.get(key);
    if (known === undefined || (known[kept.at] as bigint) < (row[kept.at] as bigint)) last.set(key, row);
  }
  return [...last.values()];
}

/** Every row of these agencies, by agency. */
export async function rowsOf(store: Store, copies: readonly Copy[], words: Words): Promise<Map<Copy, string[]>> {
  const byAgency = new Map(copies.map((copy) => [copy.agency, copy]));
  const found = new Map<Copy, string[]>(copies.map((copy) => [copy, []]));
  const agencies = [...byAgency.keys()].join(", ");
  for (const { name } of await agencyTables(store)) {
    if (TABLES_LEFT_OUT.includes(name)) continue;
    const of = name === "agencies" ? "id" : "agency_id";
    const rows = await store.query(`SELECT * FROM ${name} WHERE ${of} IN (${agencies})`);
    for (const row of lastOf(name, rows)) {
      const copy = byAgency.get(row[of] as bigint);
      if (copy) found.get(copy)?.push(words.row(name, row, copy));
    }
  }
  for (const rows of found.values()) rows.sort();
  return found;
}

/** Calls that the writer took together are charged in one posting: what is left of them is the sums. */
export function withoutPostings(outcome: Outcome): Outcome {
  const rows = outcome.rows
    .filter((row) => !/^ledger_(entries|postings) /.test(row))
    .map((row) => (row.startsWith("ledger_accounts ") ? row.replace(/ entries=\d+/, "") : row));
  return { ...outcome, rows };
}

export const isSame = (a: Outcome, b: Outcome): boolean =>
  a.first === b.first &&
  a.second === b.second &&
  a.rows.length === b.rows.length &&
  a.rows.every((row, i) => row === b.rows[i]);

/** What `seen` has otherwise than `expected`. */
export function differences(seen: Outcome, expected: Outcome): string[] {
  const only = (rows: string[], others: string[]): string[] => {
    const left = new Map<string, number>();
    for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
    return rows.filter((row) => {
      const n = left.get(row) ?? 0;
      left.set(row, n - 1);
      return n <= 0;
    });
  };
  const told = (mark: string, { first, second, rows }: Outcome, other: Outcome): string[] => [
    ...(first === other.first ? [] : [`${mark} first reply ${first}`]),
    ...(second === other.second ? [] : [`${mark} second reply ${second}`]),
    ...only(rows, other.rows).map((row) => `${mark} ${row}`),
  ];
  return [...told("seen    ", seen, expected), ...told("expected", expected, seen)];
}
