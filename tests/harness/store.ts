// A fresh store per test file, of the kind this run is about: MB_TEST_STORE=sqlite (default) or postgres.

import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";

import { createDatabase, dropDatabase, PostgresCluster } from "./postgres.ts";

export type StoreKind = "sqlite" | "postgres";
export type Row = Record<string, unknown>;

export interface Store {
  readonly kind: StoreKind;
  /** What `--store` takes. */
  readonly url: string;
  /** Rows as the store has them; integers are bigint. For looking behind the API, and for damage. */
  query(sql: string): Promise<Row[]>;
  drop(): Promise<void>;
}

export function storeKind(): StoreKind {
  const kind = process.env["MB_TEST_STORE"] ?? "sqlite";
  if (kind !== "sqlite" && kind !== "postgres") throw new Error(`MB_TEST_STORE=${kind}?`);
  return kind;
}

/** A new, empty store; `drop` takes it away. */
export async function freshStore(kind: StoreKind = storeKind()): Promise<Store> {
  return kind === "sqlite" ? freshSqlite() : freshPostgres();
}

/** The store at `url`, which stays when it is dropped here unless `drop` says how it goes. */
export function storeAt(url: string, drop: () => Promise<void> = () => Promise.resolve()): Store {
  return url.startsWith(SQLITE)
    ? { kind: "sqlite", url, query: (sql) => querySqlite(url.slice(SQLITE.length), sql), drop }
    : { kind: "postgres", url, query: (sql) => queryPostgres(url, sql), drop };
}

const SQLITE = "sqlite:";
const BUSY_TIMEOUT_MS = 10_000;

async function freshSqlite(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), "minutebank-store-"));
  return storeAt(`${SQLITE}${join(folder, "store.db")}`, () => rm(folder, { recursive: true, force: true }));
}

function querySqlite(file: string, sql: string): Promise<Row[]> {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    return Promise.resolve(statement.all());
  } finally {
    db.close();
  }
}

/** A cluster of this process's own, for a test file that runs without tests/run; gone with its last store. */
let ownCluster: Promise<PostgresCluster> | undefined;
let ownStores = 0;

async function clusterUrl(): Promise<string> {
  const shared = process.env["MB_TEST_PG_URL"];
  if (shared) return shared;
  ownCluster ??= PostgresCluster.create();
  ownStores += 1;
  return (await ownCluster).url();
}

async function releaseCluster(): Promise<void> {
  if (!ownCluster || --ownStores > 0) return;
  const cluster = await ownCluster;
  ownCluster = undefined;
  await cluster.destroy();
}

async function freshPostgres(): Promise<Store> {
  const cluster = await clusterUrl();
  const name = `t_${randomBytes(6).toString("hex")}`;
  await createDatabase(cluster, name);
  return storeAt(Object.assign(new URL(cluster), { pathname: `/${name}` }).href, async () => {
    await dropDatabase(cluster, name);
    await releaseCluster();
  });
}

pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);

async function queryPostgres(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
