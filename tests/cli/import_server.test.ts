// minutebank import calls --url: through a running server, that may be busy, restart, or refuse.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { addClients, CLIENTS, NOTHING, told, usedBy } from "../harness/books.ts";
import { awkSums, cdrCsv, messyCdrFile, type Cdr } from "../harness/cdr.ts";
import { ok, type Client } from "../harness/client.ts";
import { minutebank, Server, startMinutebank } from "../harness/minutebank.ts";
import { collect, exitedWithin, type Finished } from "../harness/process.ts";
import { chance } from "../harness/seed.ts";

const ASTERISK = ["--format", "asterisk-csv", "--map", "accountcode=subaccount"];
const END_TIMEOUT_MS = 60_000;

const scratch = await mkdtemp(join(tmpdir(), "minutebank-import-"));
after(() => rm(scratch, { recursive: true }));
const dice = chance("import through a server");

const app = await startApp();
const owner = await app.ownerClient();
await addClients(owner);

async function keyOf(client: Client, ...scopes: string[]): Promise<string> {
  return ok(await client.post<{ secret: string }>("/v1/api_keys", { name: scopes.join(" "), scopes })).secret;
}

const key = await keyOf(owner, "calls:write", "read");

let files = 0;
let ids = 0;
const fresh = (facts: Partial<Cdr> = {}): string => cdrCsv({ uniqueid: `1773130360.${++ids}`, ...facts });

async function file(...lines: string[]): Promise<string> {
  const path = join(scratch, `${++files}.csv`);
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

/** Imports through the server at `url`; the key goes in as a variable. */
function send(url: string, path: string, args: string[] = [], secret = key): Promise<Finished> {
  return minutebank(["import", "calls", path, "--url", url, ...ASTERISK, ...args], {
    env: { ...process.env, MINUTEBANK_KEY: secret },
  });
}

async function premium(reference: string): Promise<number> {
  return (await usedBy(owner))[reference]?.premium ?? 0;
}

test("records are charged by the server, once", async () => {
  const path = await file(
    fresh({ billsec: 60 }),
    fresh({ accountcode: "acme", billsec: 7 }),
    fresh({ accountcode: "nobody" }),
    "out of disk space",
    fresh({ billsec: 30 }),
  );
  const before = await premium("harbor");
  const first = await send(app.url, path);
  assert.equal(first.code, 1);
  assert.deepEqual(told(first), { ...NOTHING, lines: 5, charged: 3, rejected: 2 }, first.stderr);
  assert.match(first.stdout, /^Harbor Dental +harbor +sub_\w{13} +2 +0 +90$/m);
  assert.match(first.stdout, /^Acme Solar +acme +sub_\w{13} +1 +0 +7$/m);
  const again = await send(app.url, path);
  assert.deepEqual(told(again), { ...NOTHING, lines: 5, duplicates: 3, rejected: 2 });
  assert.equal((await premium("harbor")) - before, 90);
});

test("what is imported through a server is known when it comes straight, and the other way", async () => {
  const line = fresh({ billsec: 11 });
  const changed = line.replace("+15550100", "+15550199");
  const before = await premium("harbor");
  assert.equal((await send(app.url, await file(line))).code, 0);
  const conflict = await send(app.url, await file(changed));
  assert.deepEqual(told(conflict), { ...NOTHING, lines: 1, conflicts: 1 });
  assert.equal((await premium("harbor")) - before, 11);
});

test("the store that a server holds", async () => {
  const path = await file(fresh({ billsec: 13 }));
  const before = await premium("harbor");
  const done = await minutebank(["import", "calls", path, "--store", app.store.url, ...ASTERISK]);
  if (app.store.kind === "sqlite") {
    assert.equal(done.code, 1);
    assert.match(done.stderr, /--url http:\/\/HOST:PORT/);
    assert.equal(await premium("harbor"), before);
  } else {
    assert.equal(done.code, 0, done.stderr);
    assert.equal((await premium("harbor")) - before, 13);
  }
});

test("the key comes from a file, a variable or the command line, and is never told", async () => {
  const keyFile = join(scratch, "key");
  await writeFile(keyFile, `${key}\n`, { mode: 0o600 });
  const base = ["import", "calls", await file(fresh()), "--url", app.url, ...ASTERISK];
  for (const args of [
    ["--key-file", keyFile],
    ["--key", key],
  ]) {
    const done = await minutebank([...base, ...args]);
    assert.equal(done.code, 0, done.stderr);
    assert.ok(!(done.stdout + done.stderr).includes(key));
  }
  const without = await minutebank(base);
  assert.equal(without.code, 1);
  assert.match(without.stderr, /--key-file.*MINUTEBANK_KEY/);
  const missing = await minutebank([...base, "--key-file", join(scratch, "nowhere")]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /--key-file/);
});

test("a key that may only record needs the time zone, and sees no names", async () => {
  const narrow = await keyOf(owner, "calls:write");
  const path = await file(fresh({ billsec: 5 }));
  const blind = await send(app.url, path, [], narrow);
  assert.equal(blind.code, 1);
  assert.match(blind.stderr, /--timezone ZONE/);
  const done = await send(app.url, path, ["--timezone", "UTC"], narrow);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(told(done), { ...NOTHING, lines: 1, charged: 1 });
  assert.match(done.stdout, /sub_\w{13} +1 +0 +5$/m);
});

test("a key that the server refuses ends it with the server's words", async () => {
  const path = await file(fresh());
  const before = await premium("harbor");
  for (const [secret, why] of [
    ["mbk_nonsense", /bad_api_key/],
    [await keyOf(owner, "read"), /scope_missing/],
  ] as const) {
    const done = await send(app.url, path, ["--timezone", "UTC"], secret);
    assert.equal(done.code, 1);
    assert.match(done.stderr, why);
  }
  assert.equal(await premium("harbor"), before);
});

test("a dry run matches against the agency's list, and sends no record", async () => {
  const twice = fresh({ billsec: 4 });
  const path = await file(twice, fresh({ accountcode: "nobody" }), fresh({ billsec: 9 }), twice);
  const before = await premium("harbor");
  const done = await send(app.url, path, ["--dry-run"]);
  assert.deepEqual(told(done), { ...NOTHING, lines: 4, charged: 2, duplicates: 1, rejected: 1 }, done.stderr);
  assert.match(done.stdout, /^dry run: nothing was changed$/m);
  assert.match(done.stdout, /premium talk/);
  assert.equal(await premium("harbor"), before);

  const narrow = await keyOf(owner, "calls:write");
  const blind = await send(app.url, path, ["--dry-run", "--timezone", "UTC"], narrow);
  assert.equal(blind.code, 1);
  assert.match(blind.stderr, /scope "read"/);
});

test("an address that is none, and one where nobody answers with sense", async () => {
  const path = await file(fresh());
  const none = await send("ftp://127.0.0.1/", path);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /--url/);
  const elsewhere = await send(`${app.url}/elsewhere`, path, ["--timezone", "UTC"]);
  assert.equal(elsewhere.code, 1);
});

test("a server killed and started again on the way charges each line once", async () => {
  const path = join(scratch, "restarts.csv");
  const messy = messyCdrFile(dice, CLIENTS, 6000);
  await writeFile(path, messy.bytes);
  const before = await usedBy(owner);
  const listen = new URL(app.url).host;
  const { store } = app;
  await app.server.stop();

  let server = await Server.start(store, { listen });
  const child = startMinutebank(
    ["import", "calls", path, "--url", server.url, ...ASTERISK, "--batch", "20", "--source", "restarts"],
    { MINUTEBANK_KEY: key },
  );
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  for (let kill = 0; kill < 3; kill += 1) {
    await sleep(dice.int(50, 200));
    await server.kill();
    await sleep(dice.int(0, 100));
    server = await Server.start(store, { listen });
  }
  const { code } = await exitedWithin(child, END_TIMEOUT_MS);
  assert.match(stderr(), /server_unavailable/);
  const done = told({ code, signal: null, stdout: stdout(), stderr: stderr() });
  // What a killed server had charged and not yet said is a duplicate when it is sent again.
  assert.equal(done.charged + done.duplicates, messy.good + messy.repeated, stderr());
  await server.stop();

  await app.restart();
  const client = await app.ownerClient();
  const now = await usedBy(client);
  for (const [name, seconds] of Object.entries(await awkSums(path, CLIENTS))) {
    assert.equal((now[name]?.premium ?? 0) - (before[name]?.premium ?? 0), seconds, name);
  }
});

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Something that answers like a server in trouble; takes one answer after the other, the last again and again. */
async function trouble(...answers: [Answer, ...Answer[]]): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method !== "POST") return void response.writeHead(404).end();
      assert.equal(request.headers.authorization, `Bearer ${key}`);
      const body = Buffer.concat(chunks).toString();
      seen.push(body);
      const answer = answers[Math.min(seen.length, answers.length) - 1] ?? answers[0];
      answer(request, response, body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const records = (body: string): string[] => body.trimEnd().split("\n");

const accepts: Answer = (_, response, body) => {
  const results = records(body).map(() => ({
    ...{ id: "x", status: "accepted", charged: "sub_0k3v9m2c5x1qy", billed_seconds: 60, balance: "of a newer server" },
  }));
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ accepted: results.length, duplicates: 0, rejected: 0, results }));
};

const answers =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end();

const drops: Answer = (request) => void request.socket.destroy();

const halfAnswers: Answer = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
  response.write('{"accepted":', () => response.destroy());
};

test("a server in trouble is asked again until it answers", async () => {
  const { url, seen } = await trouble(
    answers(503, { "Retry-After": "1" }),
    answers(429),
    answers(502),
    drops,
    halfAnswers,
    accepts,
  );
  const done = await send(url, await file(fresh(), fresh()), ["--timezone", "UTC"]);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(told(done), { ...NOTHING, lines: 2, charged: 2 });
  assert.equal(seen.length, 6);
  assert.equal(new Set(seen).size, 1);
});

test("a request that is too large is sent in parts", async () => {
  const { url, seen } = await trouble((request, response, body) => {
    if (records(body).length > 3) answers(413)(request, response, body);
    else accepts(request, response, body);
  });
  const lines = Array.from({ length: 20 }, () => fresh());
  const done = await send(url, await file(...lines), ["--timezone", "UTC"]);
  assert.deepEqual(told(done), { ...NOTHING, lines: 20, charged: 20 }, done.stderr);
  const arrived = seen.filter((body) => records(body).length <= 3).flatMap(records);
  assert.equal(new Set(arrived).size, 20);
  assert.equal(arrived.length, 20);
});

test("an answer that does not fit ends it", async () => {
  for (const answer of [
    answers(500),
    answers(200),
    ((_, response) => void response.writeHead(200).end('{"results":[]}')) satisfies Answer,
    answers(301, { Location: "http://127.0.0.1:1/" }),
  ]) {
    const { url, seen } = await trouble(answer);
    const done = await send(url, await file(fresh()), ["--timezone", "UTC"]);
    assert.equal(done.code, 1);
    assert.deepEqual(told(done), NOTHING);
    assert.match(done.stderr, /^minutebank import: /m);
    assert.equal(seen.length, 1);
  }
});

test("it can be stopped while the server is away", async () => {
  const { url, seen } = await trouble(answers(503, { "Retry-After": "60" }));
  const path = await file(fresh());
  const child = startMinutebank(["import", "calls", path, "--url", url, ...ASTERISK, "--timezone", "UTC"], {
    MINUTEBANK_KEY: key,
  });
  const stderr = collect(child.stderr);
  while (seen.length === 0 && child.exitCode === null) await sleep(10);
  child.kill("SIGINT");
  const { code } = await exitedWithin(child, END_TIMEOUT_MS);
  assert.equal(code, 1);
  assert.match(stderr(), /server_unavailable/);
  assert.match(stderr(), /stopped/);
});
