// A fresh store per test file, of the kind this run is about: MB_TEST_STORE=sqlite (default) or postgres.

import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
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
  /** Rows as the store has them; integers are bigint. For looking behind the API. */
  query(sql: string): Promise<Row[]>;
  /** Changes what no program would: foreign keys do not hold meanwhile, on SQLite no constraint. */
  damage(sql: string): Promise<void>;
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
    ? {
        kind: "sqlite",
        url,
        query: (sql) => querySqlite(sqliteFile(url), sql),
        damage: (sql) => damageSqlite(sqliteFile(url), sql),
        drop,
      }
    : {
        kind: "postgres",
        url,
        query: (sql) => queryPostgres(url, sql),
        damage: (sql) => damagePostgres(url, sql),
        drop,
      };
}

/** Another store that holds what `store` holds now; no server may have it open. */
export async function copyOf(store: Store): Promise<Store> {
  if (store.kind === "postgres") return freshPostgres(new URL(store.url).pathname.slice(1));
  const copy = await freshSqlite();
  await store.query("PRAGMA wal_checkpoint(TRUNCATE)");
  await copyFile(sqliteFile(store.url), sqliteFile(copy.url));
  return copy;
}

const SQLITE = "sqlite:";
const BUSY_TIMEOUT_MS = 10_000;

/** Where the store at a SQLite address is. */
export function sqliteFile(url: string): string {
  return url.slice(SQLITE.length);
}

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

function damageSqlite(file: string, sql: string): Promise<void> {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
  try {
    db.exec(`PRAGMA ignore_check_constraints = ON; ${sql}`);
  } finally {
    db.close();
  }
  return Promise.resolve();
}

/** A cluster of this process's own, for a test file that runs without tests/run; gone with its last store. */
let ownCluster: Promise<PostgresCluster> | undefined;
let ownStores = 0;

async function clusterUrl(): Promise<string> {
  const shared = process.env["MB_TEST_PG_URL"];
  if (shared) return shared;
  ownCluster ??= PostgresCluster.create("withoutDisk");
  ownStores += 1;
  return (await ownCluster).url();
}

async function releaseCluster(): Promise<void> {
  if (!ownCluster || --ownStores > 0) return;
  const cluster = await ownCluster;
  ownCluster = undefined;
  await cluster.destroy();
}

async function freshPostgres(template?: string): Promise<Store> {
  const cluster = await clusterUrl();
  const name = `t_${randomBytes(6).toString("hex")}`;
  await createDatabase(cluster, name, template);
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

/** PostgreSQL's CHECK constraints hold whatever one says. */
async function damagePostgres(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET session_replication_role = replica; ${sql}`);
  } finally {
    await client.end();
  }
}
