// What the server does around the API: health, figures, headers, the console's files, slow and broken clients.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Send } from "../harness/client.ts";
import { addSubaccount, call, record } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const { port } = new URL(app.url);
const page: Send = { isDescribed: false };

test("it is alive and ready", async () => {
  assert.deepEqual(ok(await app.client().get("/healthz")), { status: "ok" });
  ok(await app.client().get("/readyz"));
});

const SAMPLE = /^([a-z_]+)(?:\{([^}]*)\})? (\S+)$/;

/** The figures by name and labels, from Prometheus' text format. */
async function figures(): Promise<Map<string, number>> {
  const text = ok(await app.client().get<string>("/metrics"));
  const typed = new Set([...text.matchAll(/^# TYPE (\w+) (?:counter|gauge|histogram)$/gm)].map(([, name]) => name));
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    samples.map((line) => {
      const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
      assert.ok(Number.isFinite(Number(value)) && value !== "", line);
      assert.ok(typed.has(name) || typed.has(name.replace(/_(bucket|sum|count)$/, "")), `${name} has no type`);
      return [labels === "" ? name : `${name}{${labels}}`, Number(value)];
    }),
  );
}

test("the figures count requests, their times, transactions, calls charged and known before", async () => {
  const { id } = await addSubaccount(owner, "Harbor Dental");
  const engine = await app.machineClient(["calls:write"]);
  const before = await figures();
  const minute = call({ id: "a", subaccount: id });
  await record(engine, [minute, call({ id: "b", subaccount: id }), minute]);
  await record(engine, [{ ...minute, duration_seconds: 61 }]);
  await record(engine, [{ ...minute, id: "c", duration_seconds: -1 }]);
  const missed = call({ id: "d", subaccount: id, status: "no_answer", duration_seconds: 0 });
  await record(engine, [missed]);
  await record(engine, [missed]);
  const after = await figures();
  const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);

  const calls = ["charged", "duplicate", "conflict", "rejected"].map((what) => grown(`mb_calls_${what}_total`));
  assert.deepEqual(calls, [3, 2, 1, 1]);
  assert.equal(grown('mb_http_requests_total{route="recordCalls",status="2xx"}'), 5);
  assert.equal(grown('mb_http_request_seconds_count{route="recordCalls"}'), 5);
  assert.equal(grown('mb_http_request_seconds_bucket{route="recordCalls",le="+Inf"}'), 5);
  assert.ok(grown("mb_writer_groups_total") >= 5 && grown("mb_writer_jobs_total") >= 5);
  assert.ok(grown("mb_writer_commit_seconds_total") > 0);
  for (const name of ["mb_writer_queue", "mb_writer_largest_group", "mb_writer_failed_groups_total"]) {
    assert.ok(after.has(name), name);
  }
  assert.ok((after.get("mb_resident_bytes") ?? 0) > 1_000_000);
});

test("the buckets of a histogram only grow", async () => {
  const all = await figures();
  const buckets = [...all].filter(([name]) => name.startsWith('mb_http_request_seconds_bucket{route="getMetrics"'));
  assert.ok(buckets.length > 5);
  const counts = buckets.map(([, count]) => count);
  assert.deepEqual(
    counts,
    [...counts].sort((x, y) => x - y),
  );
});

test("every answer names its request", async () => {
  const ids = await Promise.all(
    ["/healthz", "/v1/me", "/v1/nowhere"].map(async (path) => (await owner.get(path)).headers["x-request-id"]),
  );
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(String(id), /^\S+$/);
});

test("an answer that is worth it is packed for who takes that", async () => {
  const path = "/v1/audit_events?limit=500";
  const plain = await owner.get(path);
  assert.ok(plain.bytes.length > 1024);
  assert.equal(plain.headers["content-encoding"], undefined);
  for (const accepted of ["gzip", "br, gzip;q=0.5"]) {
    const packed = await owner.get(path, { ...page, headers: { "accept-encoding": accepted } });
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.match(String(packed.headers.vary), /accept-encoding/i);
    assert.deepEqual(gunzipSync(packed.bytes), plain.bytes);
  }
  for (const accepted of ["identity", "br", "gzip;q=0"]) {
    const reply = await owner.get(path, { ...page, headers: { "accept-encoding": accepted } });
    assert.equal(reply.headers["content-encoding"], undefined, accepted);
  }
});

test("a small answer is not packed", async () => {
  const reply = await app.client().get("/healthz", { headers: { "accept-encoding": "gzip" } });
  assert.equal(reply.headers["content-encoding"], undefined);
});

test("no answer of the API is kept by anybody on the way, nor taken for something else", async () => {
  for (const reply of [await owner.get("/v1/me"), await owner.get("/v1/nowhere")]) {
    assert.equal(reply.headers["cache-control"], "no-store");
    assert.equal(reply.headers["x-content-type-options"], "nosniff");
  }
});

test("HEAD is GET without the body", async () => {
  const answer = await raw("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /content-length: 15\r\n/i);
  assert.ok(answer.endsWith("\r\n\r\n"));
});

test("the console's page comes with a strict policy and a tag", async () => {
  const reply = await app.client().get<string>("/", page);
  assert.equal(reply.status, 200);
  assert.match(reply.body, /<!doctype html>/i);
  assert.doesNotMatch(reply.body, /<script>|<script [^>]*>[^<]|style="|onclick=/);
  const policy = String(reply.headers["content-security-policy"]);
  assert.match(policy, /default-src 'self'|default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(reply.headers["x-content-type-options"], "nosniff");

  const etag = String(reply.headers.etag);
  const again = await app.client().get("/", { ...page, headers: { "if-none-match": etag } });
  assert.deepEqual([again.status, again.bytes.length], [304, 0]);
  const newer = await app.client().get("/", { ...page, headers: { "if-none-match": '"older"' } });
  assert.deepEqual([newer.status, newer.headers.etag], [200, etag]);
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

const KIB = 1024;

test("headers of 15 KB are read, of 17 KB refused", async () => {
  const headers = (bytes: number) => ({ ...page, headers: { "x-long": "a".repeat(bytes) } });
  ok(await app.client().get("/healthz", headers(15 * KIB)));
  refused(await app.client().get("/healthz", headers(17 * KIB)), 431, "headers_too_large");
});

test("a request line of 17 KB is refused", async () => {
  const reply = await app.client().get(`/healthz?q=${"a".repeat(17 * KIB)}`, page);
  assert.ok([414, 431].includes(reply.status), String(reply.status));
  ok(await app.client().get("/healthz"));
});

test("headers without end are refused", async () => {
  const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(200 * KIB)}\r\n\r\n`);
  assert.match(answer, /^(HTTP\/1\.1 4(31|13|14|00)|$)/);
  ok(await app.client().get("/healthz"));
});

test("a body of 8 MB is read, one byte more refused, also when its length is not announced", async () => {
  const { id } = await addSubaccount(owner, "Large");
  const engine = await app.machineClient(["calls:write"]);
  const padded = (key: string, bytes: number): string =>
    JSON.stringify([call({ id: key, subaccount: id })]).padEnd(bytes);
  const chunked: Send = { headers: { "transfer-encoding": "chunked" } };
  const most = 8 * KIB * KIB;
  for (const send of [{}, chunked]) {
    const key = Object.keys(send).join();
    ok(await engine.post("/v1/calls", padded(`most ${key}`, most), send));
    refused(await engine.post("/v1/calls", padded(`more ${key}`, most + 1), send), 413, "body_too_large");
  }
});

test("a body that is no batch may have 64 KB", async () => {
  const input = (bytes: number): string => JSON.stringify({ name: "Wide", email: "wide@client.example" }).padEnd(bytes);
  refused(await owner.post("/v1/subaccounts", input(64 * KIB + 1)), 413, "body_too_large");
  ok(await owner.post("/v1/subaccounts", input(64 * KIB)));
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
