// What the server does around the API: health, figures, headers, the console's files, slow and broken clients.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { startApp } from "../harness/app.ts";
import { ok, type Send } from "../harness/client.ts";
import { addSubaccount, call, record } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const { port } = new URL(app.url);
const page: Send = { isDescribed: false };

test("it is alive and ready", async () => {
  assert.deepEqual(ok(await app.client().get("/healthz")), { status: "ok" });
  ok(await app.client().get("/readyz"));
});

test("the figures count what was charged", async () => {
  const { id } = await addSubaccount(owner, "Harbor Dental");
  const calls = [call({ id: "a", subaccount: id }), call({ id: "a", subaccount: id })];
  await record(await app.machineClient(["calls:write"]), calls);
  const text = ok(await app.client().get<string>("/metrics"));
  assert.match(text, /^# TYPE \w+ (counter|gauge|histogram)$/m);
  assert.match(text, /^mb_calls_charged_total 1$/m);
});

test("every answer names its request", async () => {
  const ids = await Promise.all(
    ["/healthz", "/v1/me", "/v1/nowhere"].map(async (path) => (await owner.get(path)).headers["x-request-id"]),
  );
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(String(id), /^\S+$/);
});

test("an answer may be packed", async () => {
  const packed = await owner.get("/v1/audit_events?limit=500", { ...page, headers: { "accept-encoding": "gzip" } });
  const plain = await owner.get("/v1/audit_events?limit=500");
  if (packed.headers["content-encoding"] === "gzip") assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
  else assert.deepEqual(packed.bytes, plain.bytes);
});

test("the console's page comes with a strict policy and a tag", async () => {
  const reply = await app.client().get<string>("/", page);
  assert.equal(reply.status, 200);
  assert.match(reply.body, /<!doctype html>/i);
  assert.doesNotMatch(reply.body, /<script>|<script [^>]*>[^<]|style="|onclick=/);
  const policy = String(reply.headers["content-security-policy"]);
  assert.match(policy, /default-src 'self'|default-src 'none'/);
  assert.doesNotMatch(policy.replace(/style-src[^;]*/, ""), /unsafe-inline|unsafe-eval/);
  assert.equal(reply.headers["x-content-type-options"], "nosniff");

  const etag = String(reply.headers.etag);
  const again = await app.client().get("/", { ...page, headers: { "if-none-match": etag } });
  assert.deepEqual([again.status, again.bytes.length], [304, 0]);
});

test("its hashed files may be kept for ever, packed for who takes that", async () => {
  const { body } = await app.client().get<string>("/", page);
  const path = /\/assets\/[^"]+\.js/.exec(body)?.[0];
  assert.ok(path);
  const packed = await app.client().get(path, { ...page, headers: { "accept-encoding": "gzip" } });
  assert.match(String(packed.headers["cache-control"]), /immutable/);
  assert.equal(packed.headers["content-encoding"], "gzip");
  const plain = await app.client().get(path, page);
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
});

test("the console's own paths give its page, what is no path gives 404", async () => {
  assert.equal((await app.client().get("/subaccounts", { ...page, headers: { accept: "text/html" } })).status, 200);
  assert.equal((await app.client().get("/assets/none-0000.js", page)).status, 404);
  assert.equal((await app.client().get("/v1/nowhere")).status, 404);
});

for (const path of [
  "/../etc/passwd",
  "/assets/../../etc/passwd",
  "/assets/%2e%2e/%2e%2e/etc/passwd",
  "/%00",
  "/assets/\\..\\x",
]) {
  test(`${path} gives no file`, async () => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.doesNotMatch(answer, /root:/);
    assert.match(answer, /^HTTP\/1\.1 (200|4\d\d)/);
  });
}

/** What the server says to these very bytes before it closes. */
async function raw(bytes: string): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.end(bytes));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", failed);
    socket.on("close", () => {
      done(Buffer.concat(chunks).toString("latin1"));
    });
  });
}

test("headers over the limit are refused", async () => {
  const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(40_000)}\r\n\r\n`);
  assert.match(answer, /^(HTTP\/1\.1 4(31|13|00)|$)/);
  ok(await app.client().get("/healthz"));
});

for (const [name, bytes] of [
  ["no HTTP", "hello\r\n\r\n"],
  ["half a request", "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"],
  ["a negative length", "POST /v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
  ["a broken chunk", "POST /v1/calls HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
] as const) {
  test(`${name} harms nobody else`, async () => {
    await raw(bytes);
    ok(await app.client().get("/readyz"));
  });
}
