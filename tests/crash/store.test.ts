// A store that is full, read-only or gone: 503 with Retry-After, nothing half done, and all well again by itself.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Client, ok, refused, type Reply } from "../harness/client.ts";
import { check, initAgency, Server } from "../harness/minutebank.ts";
import { PostgresCluster } from "../harness/postgres.ts";
import { runOk } from "../harness/process.ts";
import { addSubaccount, call, walletOf, type CallRecord, type CallResults } from "../harness/scene.ts";
import { storeAt, storeKind, type Store } from "../harness/store.ts";

const SENDERS = 6;
const RECOVERY_MS = 30_000;

interface Scene {
  store: Store;
  server: Server;
  owner: Client;
  engine: Client;
  account: string;
}

async function begin(store: Store): Promise<Scene> {
  const signIn = await initAgency(store);
  const server = await Server.start(store);
  const owner = await new Client(server.url).login(signIn);
  const key = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: "engine", scopes: ["calls:write"] }));
  const engine = new Client(server.url, { key: key.secret });
  const { id: account } = await addSubaccount(owner, "Harbor Dental");
  return { store, server, owner, engine, account };
}

async function end({ store, server, owner, engine }: Scene): Promise<void> {
  owner.close();
  engine.close();
  await server.stop();
  await check(store);
}

let ids = 0;

function batch(account: string): CallRecord[] {
  return Array.from({ length: 10 }, () => call({ id: `s-${++ids}`, subaccount: account, duration_seconds: 7 }));
}

/** Sends until it is taken; how often it was refused for the store's sake. */
async function sendStubbornly(engine: Client, calls: CallRecord[]): Promise<number> {
  const deadline = Date.now() + RECOVERY_MS;
  for (let refusals = 0; ; refusals += 1) {
    const reply: Reply = await engine.post("/v1/calls", calls);
    if (reply.status === 200) {
      const { accepted, duplicates } = reply.body as CallResults;
      assert.equal(accepted + duplicates, calls.length);
      return refusals;
    }
    refused(reply, 503, "store_unavailable");
    assert.match(String(reply.headers["retry-after"]), /^[1-9]\d*$/);
    assert.ok(Date.now() < deadline, "it does not recover");
    await sleep(100);
  }
}

async function underLoad(scene: Scene, trouble: () => Promise<void>): Promise<number> {
  let isOver = false;
  let sent_seconds = 0;
  let refusals = 0;
  const sender = async (): Promise<void> => {
    while (!isOver) {
      const calls = batch(scene.account);
      refusals += await sendStubbornly(scene.engine, calls);
      sent_seconds += 7 * calls.length;
    }
  };
  const before = (await walletOf(scene.owner, scene.account)).premium_seconds;
  const senders = Array.from({ length: SENDERS }, sender);
  await trouble();
  isOver = true;
  await Promise.all(senders);
  assert.equal((await walletOf(scene.owner, scene.account)).premium_seconds, before - sent_seconds);
  return refusals;
}

async function onPostgres(): Promise<void> {
  const cluster = await PostgresCluster.create();
  after(() => cluster.destroy());
  const scene = await begin(storeAt(cluster.url()));

  test("PostgreSQL restarted under load", async () => {
    await underLoad(scene, async () => {
      await sleep(500);
      await cluster.restart();
      await sleep(500);
    });
  });

  test("PostgreSQL killed under load and away for a while", async () => {
    const refusals = await underLoad(scene, async () => {
      await sleep(300);
      await cluster.kill();
      await sleep(1000);
      assert.equal((await scene.owner.get("/readyz")).status, 503);
      assert.equal((await scene.owner.get("/healthz")).status, 200);
      refused(await scene.owner.get("/v1/subaccounts"), 503, "store_unavailable");
      await cluster.start();
      await sleep(500);
    });
    assert.ok(refusals > 0);
  });

  test("PostgreSQL stands still under load, connections and all, and what waited is answered when it goes on", async () => {
    const refusals = await underLoad(scene, async () => {
      for (let stall_ms = 100; stall_ms <= 1600; stall_ms *= 2) {
        await sleep(50);
        await cluster.pause();
        ok(await scene.owner.get("/healthz"));
        await sleep(stall_ms);
        await cluster.resume();
      }
    });
    assert.equal(refusals, 0, "nobody need come again");
  });

  test("PostgreSQL turns read-only under load, and writes again later", async () => {
    const refusals = await underLoad(scene, async () => {
      await sleep(300);
      await setReadOnly(scene.store, "on");
      await sleep(1000);
      ok(await scene.owner.get("/v1/subaccounts"));
      refused(await scene.owner.patch("/v1/agency", { name: "Read-only" }), 503, "store_unavailable");
      await setReadOnly(scene.store, "off");
      await sleep(300);
    });
    assert.ok(refusals > 0);
  });

  test("a stale balance served on a time-out: while the store is gone there is no figure", async () => {
    await cluster.kill();
    await expectNoFigures(scene);
    await cluster.start();
    await untilReady(scene);
  });

  test("it ends well, and every invariant holds", () => end(scene));
}

async function setReadOnly(store: Store, value: "on" | "off"): Promise<void> {
  await store.query(`ALTER SYSTEM SET default_transaction_read_only = '${value}'`);
  await store.query("SELECT pg_reload_conf()");
}

/** Errors, never what was true a while ago. */
async function expectNoFigures({ owner, account }: Scene): Promise<void> {
  const paths = [`/v1/subaccounts/${account}`, "/v1/agency", "/v1/agency/overview", "/v1/calls", "/readyz"];
  for (const path of paths) refused(await owner.get(path), 503, "store_unavailable");
  ok(await owner.get("/healthz"));
}

async function untilReady({ owner }: Scene): Promise<void> {
  const deadline = Date.now() + RECOVERY_MS;
  while ((await owner.get("/readyz")).status !== 200) {
    assert.ok(Date.now() < deadline, "it does not recover");
    await sleep(100);
  }
}

async function asRoot(...command: string[]): Promise<void> {
  await runOk("env", [...(process.getuid?.() === 0 ? [] : ["sudo", "-n"]), ...command]);
}

/** A disk of this size, of which the tests can fill the rest. */
async function smallDisk(bytes: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "minutebank-disk-"));
  await asRoot("mount", "-t", "tmpfs", "-o", `size=${bytes},mode=0777`, "tmpfs", folder);
  after(async () => {
    await asRoot("umount", "--lazy", folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

async function onSqlite(): Promise<void> {
  const size = 64 * 1024 * 1024;
  const folder = await smallDisk(size);
  const scene = await begin(storeAt(`sqlite:${join(folder, "store.db")}`));
  const filler = join(folder, "filler");

  test("the disk runs full under load, and has room again later", async () => {
    const refusals = await underLoad(scene, async () => {
      await sleep(300);
      await writeFile(filler, Buffer.alloc(size)).catch(() => undefined);
      await sleep(1500);
      ok(await scene.owner.get("/v1/subaccounts"));
      await rm(filler);
      await sleep(300);
    });
    assert.ok(refusals > 0);
  });

  const away = join(folder, "away");
  const FILES = ["store.db", "store.db-wal", "store.db-shm"];

  const moveAway = async (): Promise<void> => {
    await mkdir(away, { recursive: true });
    for (const file of FILES) await rename(join(folder, file), join(away, file));
  };
  /** SQLite folds the log into the file when it lets go of it. */
  const moveBack = async (): Promise<void> => {
    for (const file of [...FILES].reverse()) {
      if (existsSync(join(away, file))) await rename(join(away, file), join(folder, file));
    }
  };

  test("the store's file is moved away under load, and comes back later", async () => {
    const refusals = await underLoad(scene, async () => {
      await sleep(300);
      await moveAway();
      await sleep(1000);
      await expectNoFigures(scene);
      assert.ok(!existsSync(join(folder, "store.db")), "no new store takes its place");
      await moveBack();
      await sleep(300);
    });
    assert.ok(refusals > 0);
  });

  test("the store's file is moved to a read-only disk under load, and back later", async () => {
    const refusals = await underLoad(scene, async () => {
      await moveAway();
      await asRoot("mount", "--bind", away, away);
      await asRoot("mount", "-o", "remount,bind,ro", away);
      await symlink(join(away, "store.db"), join(folder, "store.db"));
      await sleep(1000);
      refused(await scene.owner.patch("/v1/agency", { name: "Read-only" }), 503, "store_unavailable");
      await asRoot("umount", "--lazy", away);
      await rm(join(folder, "store.db"));
      await moveBack();
      await sleep(300);
    });
    assert.ok(refusals > 0);
  });

  test("a stale balance served on a time-out: while the store is gone there is no figure", async () => {
    const file = join(folder, "store.db");
    await rename(file, `${file}.away`);
    await expectNoFigures(scene);
    await rename(`${file}.away`, file);
    await untilReady(scene);
  });

  test("it ends well, and every invariant holds", () => end(scene));
}

await (storeKind() === "postgres" ? onPostgres() : onSqlite());
