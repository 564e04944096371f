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

export async function freshStore(kind: StoreKind = storeKind()): Promise<Store> {
  return kind === "sqlite" ? SqliteStore.create() : PostgresStore.create();
}

class SqliteStore implements Store {
  readonly kind = "sqlite";
  readonly url: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.url = `sqlite:${join(folder, "store.db")}`;
  }

  static async create(): Promise<Store> {
    return new SqliteStore(await mkdtemp(join(tmpdir(), "minutebank-store-")));
  }

  query(sql: string): Promise<Row[]> {
    const db = new DatabaseSync(this.url.slice("sqlite:".length), { timeout: 10_000 });
    try {
      const statement = db.prepare(sql);
      statement.setReadBigInts(true);
      return Promise.resolve(statement.all());
    } finally {
      db.close();
    }
  }

  async drop(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
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

pg.types.setTypeParser(pg.types.builtins.INT8, BigInt);

class PostgresStore implements Store {
  readonly kind = "postgres";
  readonly url: string;
  readonly #cluster: string;
  readonly #name: string;

  private constructor(cluster: string, name: string) {
    this.#cluster = cluster;
    this.#name = name;
    this.url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href;
  }

  static async create(): Promise<Store> {
    const cluster = await clusterUrl();
    const name = `t_${randomBytes(6).toString("hex")}`;
    await createDatabase(cluster, name);
    return new PostgresStore(cluster, name);
  }

  async query(sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async drop(): Promise<void> {
    await dropDatabase(this.#cluster, this.#name);
    await releaseCluster();
  }
}
