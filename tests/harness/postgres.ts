// A PostgreSQL of the tests' own: private folder, private port.

import type { ChildProcess } from "node:child_process";
import { chown, mkdtemp, readFile, rm, statfs } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

import { exited, exitedWithin, runOk, spawnTied } from "./process.ts";

const PROGRAMS = "/usr/lib/postgresql/15/bin";
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 30_000;

const SETTINGS = {
  max_connections: "200",
  shared_buffers: "128MB",
  max_wal_size: "1GB",
  log_min_messages: "warning",
  listen_addresses: "127.0.0.1",
  recovery_init_sync_method: "syncfs", // after a kill it is back in a fifth of the time
};

/** What a commit waits for. Only the machine's own end tells them apart, not that of any process. */
const COMMITS = {
  asInProduction: { fsync: "on", synchronous_commit: "on" },
  withoutDisk: { fsync: "off", synchronous_commit: "on", full_page_writes: "off" },
};

const IN_MEMORY = "/dev/shm";
/** Databases of many tests at once, and the log. */
const ROOM_IN_MEMORY_BYTES = 4 * 1024 ** 3;

/** A database is a thousand files: where no disk is to be waited for, none need be made on one. */
async function parentFolder(commits: keyof typeof COMMITS): Promise<string> {
  if (commits === "asInProduction") return tmpdir();
  const { bavail, bsize } = await statfs(IN_MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize >= ROOM_IN_MEMORY_BYTES ? IN_MEMORY : tmpdir();
}

/** PostgreSQL refuses to run as root. */
const user = process.getuid?.() === 0 ? "postgres" : undefined;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Dead, though nobody may have asked yet how it ended. */
async function hasEnded(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => undefined);
  return status === undefined || /\) [ZX] /.test(status);
}

/** A server does not start while processes of the one before it have its memory. */
async function untilEnded(processes: readonly number[]): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  for (const pid of processes) {
    while (!(await hasEnded(pid))) {
      if (Date.now() > deadline) throw new Error(`process ${pid} of PostgreSQL does not end`);
      await sleep(5);
    }
  }
}

async function giveTo(path: string, owner: string): Promise<void> {
  const id = async (flag: string): Promise<number> => Number(await runOk("id", [flag, owner]));
  await chown(path, await id("-u"), await id("-g"));
}

export class PostgresCluster {
  readonly port: number;
  readonly #folder: string;
  readonly #commits: keyof typeof COMMITS;
  #server: ChildProcess | undefined;

  private constructor(folder: string, port: number, commits: keyof typeof COMMITS) {
    this.#folder = folder;
    this.port = port;
    this.#commits = commits;
  }

  /** A new, running cluster. */
  static async create(commits: keyof typeof COMMITS = "asInProduction"): Promise<PostgresCluster> {
    const folder = await mkdtemp(join(await parentFolder(commits), "minutebank-pg-"));
    if (user) await giveTo(folder, user);
    const initdb = ["-D", join(folder, "data"), "-U", "postgres", "--auth=trust", "--no-sync"];
    await runOk(`${PROGRAMS}/initdb`, [...initdb, "--encoding=UTF8", "--locale=C.UTF-8"], {
      user,
      cwd: folder,
    });
    const cluster = new PostgresCluster(folder, await freePort(), commits);
    await cluster.start();
    return cluster;
  }

  /** The address of one of its databases; the role `postgres` needs no password here. */
  url(database = "postgres"): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async start(): Promise<void> {
    const settings = Object.entries({
      ...SETTINGS,
      ...COMMITS[this.#commits],
      port: String(this.port),
      unix_socket_directories: this.#folder,
    }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    this.#server = spawnTied(`${PROGRAMS}/postgres`, ["-D", join(this.#folder, "data"), ...settings], {
      user,
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
      signalOnParentDeath: "QUIT",
    });
    const log: string[] = [];
    this.#server.stderr?.setEncoding("utf8").on("data", (line: string) => log.push(line));
    await this.#untilReady(log);
  }

  async #untilReady(log: string[]): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const client = new pg.Client({ connectionString: this.url() });
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        if (this.#server?.exitCode !== null || Date.now() > deadline) {
          throw new Error(`PostgreSQL did not start:\n${log.join("")}`, { cause: error });
        }
        await sleep(50);
      }
    }
  }

  /** Fast shutdown: open transactions are rolled back, the rest is kept. */
  async stop(): Promise<void> {
    if (!this.#server) return;
    this.#server.kill("SIGINT");
    await exitedWithin(this.#server, STOP_TIMEOUT_MS);
    this.#server = undefined;
  }

  /** As if the machine lost its power: no shutdown of any kind, for any of its processes. */
  async kill(): Promise<void> {
    if (!this.#server) return;
    this.#server.kill("SIGSTOP"); // so that none is born that is not in the list
    const processes = await this.#children();
    this.#server.kill("SIGKILL");
    for (const pid of processes) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It was gone already.
      }
    }
    await exited(this.#server);
    this.#server = undefined;
    await untilEnded(processes);
  }

  /** As if whatever it is on stood still: connections stay, nothing is answered. */
  async pause(): Promise<void> {
    await this.#signal("SIGSTOP");
  }

  async resume(): Promise<void> {
    await this.#signal("SIGCONT");
  }

  async #signal(signal: "SIGSTOP" | "SIGCONT"): Promise<void> {
    const pid = this.#server?.pid;
    if (pid === undefined) throw new Error("PostgreSQL does not run");
    for (const one of [pid, ...(await this.#children())]) process.kill(one, signal);
  }

  async #children(): Promise<number[]> {
    const pid = this.#server?.pid;
    const list = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    return list.split(" ").filter(Boolean).map(Number);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function administer(clusterUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A new database; `template`, which nobody may be using, is what it begins as. */
export async function createDatabase(clusterUrl: string, name: string, template = "template0"): Promise<void> {
  await administer(clusterUrl, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
}

export async function dropDatabase(clusterUrl: string, name: string): Promise<void> {
  await administer(clusterUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}
