// The secret key of a store: made beside a file, given to the nodes of a database, never another one.

import assert from "node:assert/strict";
import { chmod, copyFile, mkdtemp, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { Client, ok, refused } from "../harness/client.ts";
import { check, initAgency, minutebank, Server, type Owner } from "../harness/minutebank.ts";
import { freshStore, storeKind, type Store } from "../harness/store.ts";

const scratch = await mkdtemp(join(tmpdir(), "minutebank-key-"));
after(() => rm(scratch, { recursive: true }));

const isFile = storeKind() === "sqlite";
const fileOf = (store: Store): string => store.url.replace(/^sqlite:/, "");
const given = (file: string): string[] => ["--secret-key-file", file];

let keys = 0;
async function keyFile(text = "0123456789abcdef0123456789abcdef"): Promise<string> {
  const file = join(scratch, `key-${++keys}`);
  await writeFile(file, `${text}\n`);
  return file;
}

/** A store with an owner. */
async function prepared(): Promise<{ store: Store; owner: Owner }> {
  const store = await freshStore();
  after(() => store.drop());
  return { store, owner: await initAgency(store) };
}

async function serving<Result>(
  store: Store,
  args: string[],
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const server = await Server.start(store, { args, hasSecretKey: false });
  const client = new Client(server.url);
  try {
    return await work(client);
  } finally {
    client.close();
    await server.stop();
  }
}

/** Something is sealed with the key. */
async function seal(client: Client, owner: Owner): Promise<void> {
  await client.login(owner);
  ok(await client.post("/v1/me/totp", { password: owner.password }));
}

/** `serve` ends at once, and says why. */
async function refusesToStart(store: Store, args: string[], why: RegExp): Promise<void> {
  const done = await minutebank(["serve", "--listen", "127.0.0.1:0", "--store", store.url, ...args]);
  assert.notEqual(done.code, 0);
  assert.match(done.stderr, why);
  assert.ok(!done.stdout.includes("listening"));
}

test("a file of its own is made beside an SQLite store, for its owner's eyes only", async () => {
  const { store, owner } = await prepared();
  if (!isFile) return;
  await serving(store, [], (client) => seal(client, owner));
  const key = `${fileOf(store)}.key`;
  assert.equal((await stat(key)).mode & 0o777, 0o600);
  assert.match(await readFile(key, "utf8"), /^[\w-]{43}\n$/);
  await serving(store, [], (client) => client.login(owner));
  await check(store);
});

test("a store is refused with another key, or without its own, when something is sealed with that", async () => {
  const { store, owner } = await prepared();
  const [own, other] = [await keyFile(), await keyFile("fedcba9876543210fedcba9876543210")];
  await serving(store, given(own), (client) => seal(client, owner));
  await refusesToStart(store, given(other), /not the secret key that the store was used with/);
  await refusesToStart(store, [], isFile ? /\.key: it cannot be read/ : /--secret-key-file must name it/);
  await serving(store, given(await keyFile()), (client) => client.login(owner));
  const trimmed = await keyFile("  0123456789abcdef0123456789abcdef  ");
  await serving(store, given(trimmed), (client) => client.login(owner));
});

test("a copy of a file in which nothing is sealed needs no key", async () => {
  if (!isFile) return;
  const { store, owner } = await prepared();
  await serving(store, [], (client) => client.login(owner));
  await unlink(`${fileOf(store)}.key`);
  await serving(store, [], (client) => seal(client, owner));
  const copy = join(scratch, "copy.db");
  await copyFile(fileOf(store), copy);
  await refusesToStart({ ...store, url: `sqlite:${copy}` }, [], /copy\.db\.key: it cannot be read/);
});

test("without a key two-factor sign-in says what it needs, and the rest works", async () => {
  if (isFile) return;
  const { store, owner } = await prepared();
  await serving(store, [], async (client) => {
    await client.login(owner);
    refused(await client.post("/v1/me/totp", { password: owner.password }), 409, "secret_key_missing");
    refused(await client.patch("/v1/agency", { two_factor_required: true }), 409, "secret_key_missing");
  });
});

test("every node of a database opens what another has sealed", async () => {
  if (isFile) return;
  const { store, owner } = await prepared();
  const key = await keyFile();
  const [one, two] = [
    await Server.start(store, { args: [...given(key), "--node", "1"] }),
    await Server.start(store, { args: [...given(key), "--node", "2"] }),
  ];
  const client = await new Client(one.url).login(owner);
  ok(await client.post("/v1/me/totp", { password: owner.password }));
  const elsewhere = new Client(two.url).carrying(client);
  refused(await elsewhere.post("/v1/me/totp/confirm", { code: "000000" }), 403, "wrong_code");
  for (const each of [client, elsewhere]) each.close();
  for (const server of [one, two]) await server.stop();
});

for (const [what, text, why] of [
  ["too short", "short", /shorter than 32 characters/],
  ["too long", "x".repeat(2000), /longer than 1024 bytes/],
] as const) {
  test(`a key that is ${what} is refused`, async () => {
    const { store } = await prepared();
    await refusesToStart(store, given(await keyFile(text)), why);
  });
}

test("a key file that is not there is refused, one that all may read is told of", async () => {
  const { store, owner } = await prepared();
  await refusesToStart(store, given(join(scratch, "none")), /none: it cannot be read: No such file/);
  const open = await keyFile();
  await chmod(open, 0o644);
  const server = await Server.start(store, { args: given(open) });
  await server.stop();
  assert.match(server.logs, /secret_key_open_to_all/);
  assert.ok(owner.email && !server.logs.includes("0123456789abcdef"));
});
