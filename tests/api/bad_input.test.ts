// Bad input: nothing changes, and the answer names what is wrong and where.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply, type Send } from "../harness/client.ts";
import { addSubaccount, call, record, sell, type CallRecord, type CallResults } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const { id: account } = await addSubaccount(owner, "Harbor Dental", { reference: "acme-042" });
await sell(owner, account, "premium", 6000);
await record(engine, [call({ id: "before", subaccount: account })]);

/** All that bad input could have changed. */
async function state(): Promise<unknown> {
  const paths = ["/v1/subaccounts", "/v1/calls", "/v1/agency", `/v1/subaccounts/${account}/statement`, "/v1/api_keys"];
  const replies = await Promise.all(paths.map((path) => owner.get(path)));
  return replies.map(ok);
}

let before: unknown;
beforeEach(async () => {
  before = await state();
});
afterEach(async () => {
  assert.deepEqual(await state(), before, "nothing changes");
});

async function sendCalls(body: string | Buffer, type = "application/json"): Promise<Reply> {
  return engine.post("/v1/calls", body, { headers: { "Content-Type": type } });
}

/** The one record is refused by itself: its code and its field. */
async function recordRefused(body: string, code: string, field?: string): Promise<void> {
  const { rejected, accepted, results } = ok(await sendCalls(body)) as CallResults & { results: { field?: string }[] };
  assert.deepEqual({ accepted, rejected }, { accepted: 0, rejected: 1 });
  const [result] = results;
  assert.deepEqual({ code: result?.code, field: result?.field }, { code, field });
}

const json = (facts: object): string => JSON.stringify({ ...call({ id: "bad", subaccount: account }), ...facts });
const without = (field: keyof CallRecord): string => json({ [field]: undefined });

const WHOLE_BODIES: [string, string | Buffer, number, string][] = [
  ["an empty body", "", 400, "bad_json"],
  ["JSON that is none", "{id: 1}", 400, "bad_json"],
  ["truncated JSON", json({}).slice(0, -10), 400, "bad_json"],
  ["text after the JSON", `${json({})} x`, 400, "bad_json"],
  [
    "a number with a leading zero",
    json({}).replace('"duration_seconds":60', '"duration_seconds":060'),
    400,
    "bad_json",
  ],
  ["NaN", json({}).replace('"duration_seconds":60', '"duration_seconds":NaN'), 400, "bad_json"],
  ["a body that is no record", "17", 400, "bad_json"],
  ["JSON nested 17 deep", `${"[".repeat(17)}${"]".repeat(17)}`, 400, "too_deep"],
  ["JSON nested 100,000 deep", "[".repeat(100_000), 400, "too_deep"],
  ["invalid UTF-8", Buffer.from(json({ agent: "caf\u00e9" }), "latin1"), 400, "bad_text"],
  ["a NUL", json({ agent: "a\u0000b" }).replace("\\u0000", "\0"), 400, "bad_text"],
  ["an escaped NUL", json({ agent: "a\u0000b" }), 400, "bad_text"],
  ["an empty batch", "[]", 422, "empty_batch"],
  ["a batch over the limit", JSON.stringify(Array(1001).fill(0)), 413, "batch_too_large"],
];

for (const [name, body, status, code] of WHOLE_BODIES) {
  test(`${name} is refused whole`, async () => {
    refused(await sendCalls(body), status, code);
  });
}

test("a body over the limit is refused", async () => {
  refused(await sendCalls(" ".repeat(8 * 1024 * 1024 + 1)), 413, "body_too_large");
});

test("an empty NDJSON body is an empty batch", async () => {
  refused(await sendCalls("\r\n\n", "application/x-ndjson"), 422, "empty_batch");
});

for (const type of ["text/plain", "application/xml", "application/json-seq"]) {
  test(`the content type ${type} is refused`, async () => {
    refused(await sendCalls(json({}), type), 415, "wrong_content_type");
  });
}

const RECORDS: [string, string, string, string?][] = [
  ["a record that is no object", "[17]", "wrong_type"],
  ["an unknown field", json({ colour: "red" }), "unknown_field", "colour"],
  ["a repeated field", json({}).replace("{", '{"id":"again",'), "repeated_field", "id"],
  ["no id", without("id"), "required", "id"],
  ["no sub-account", without("subaccount"), "required", "subaccount"],
  ["no duration", without("duration_seconds"), "required", "duration_seconds"],
  ["no start", without("started_at"), "required", "started_at"],
  ["a duration in quotes", json({ duration_seconds: "60" }), "wrong_type", "duration_seconds"],
  ["a duration with a fraction", json({ duration_seconds: 60.5 }), "wrong_type", "duration_seconds"],
  ["an id that is a number", json({ id: 17 }), "wrong_type", "id"],
  ["an integer above 2^53", json({}).replace(":60", ":9007199254740993"), "too_large", "duration_seconds"],
  ["a negative duration", json({ duration_seconds: -1 }), "too_small", "duration_seconds"],
  ["a duration over a day", json({ duration_seconds: 86_401 }), "too_large", "duration_seconds"],
  ["a time without a zone", json({ started_at: "2026-11-23T08:12:45" }), "bad_time", "started_at"],
  ["a date that does not exist", json({ started_at: "2026-02-30T08:12:45Z" }), "bad_time", "started_at"],
  ["a time that is a number", json({ started_at: 1_764_000_000 }), "wrong_type", "started_at"],
  ["a start in the far future", json({ started_at: "2199-01-01T00:00:00Z" }), "in_future", "started_at"],
  ["a start long ago", json({ started_at: "1999-12-31T23:59:59Z" }), "too_old", "started_at"],
  [
    "an end before the start",
    json({ started_at: "2026-01-02T00:00:00Z", ended_at: "2026-01-01T00:00:00Z" }),
    "ended_before_start",
    "ended_at",
  ],
  ["talk time without an answer", json({ status: "no_answer" }), "talk_without_answer", "duration_seconds"],
  ["an unknown sub-account", json({ subaccount: "sub_0000000000001" }), "unknown_subaccount", "subaccount"],
  ["an unknown reference", json({ subaccount: "acme-043" }), "unknown_subaccount", "subaccount"],
  ["an unknown tier", json({ tier: "gold" }), "not_allowed_value", "tier"],
  ["an unknown status", json({ status: "answered" }), "not_allowed_value", "status"],
  ["an unknown direction", json({ direction: "sideways" }), "not_allowed_value", "direction"],
  ["an empty id", json({ id: "" }), "too_short", "id"],
  ["an agent's name that is too long", json({ agent: "é".repeat(121) }), "too_long", "agent"],
];

for (const [name, body, code, field] of RECORDS) {
  test(`${name} is refused by its field`, () => recordRefused(body, code, field));
}

const WRITES: [string, string, unknown, number, string, string?][] = [
  ["an unknown field", "/v1/subaccounts", { nmae: "Acme" }, 400, "unknown_field", "nmae"],
  ["no name", "/v1/subaccounts", { email: "a@client.example" }, 422, "invalid", "name"],
  [
    "a name of blanks and controls",
    "/v1/subaccounts",
    { name: "\u0007", email: "a@client.example" },
    422,
    "invalid",
    "name",
  ],
  ["an email that is none", "/v1/subaccounts", { name: "A", email: "a at b" }, 422, "invalid", "email"],
  [
    "an email that is taken",
    "/v1/subaccounts",
    { name: "A", email: "HARBOR.DENTAL@client.example" },
    409,
    "email_taken",
  ],
  [
    "a reference that is taken",
    "/v1/subaccounts",
    { name: "A", email: "a@client.example", reference: "acme-042" },
    409,
    "reference_taken",
  ],
  [
    "a price that is a number",
    "/v1/subaccounts",
    { name: "A", email: "a@client.example", prices: { basic: 0.12, premium: "0.20" } },
    422,
    "invalid",
    "prices.basic",
  ],
  ["no tier", `/v1/subaccounts/${account}/purchases`, { seconds: 60 }, 422, "invalid", "tier"],
  ["zero seconds", `/v1/subaccounts/${account}/purchases`, { tier: "basic", seconds: 0 }, 422, "invalid", "seconds"],
  [
    "seconds above 2^53",
    `/v1/subaccounts/${account}/purchases`,
    '{"tier":"basic","seconds":9007199254740993}',
    422,
    "invalid",
    "seconds",
  ],
  ["an unknown scope", "/v1/api_keys", { name: "engine", scopes: ["calls:erase"] }, 422, "invalid", "scopes.0"],
];

for (const [name, path, body, status, code, field] of WRITES) {
  test(`POST ${path.replace(account, "{subaccount}")}: ${name}`, async () => {
    refused(await owner.post(path, body), status, code, field);
  });
}

test("a price below base is refused by its tier", async () => {
  const reply = await owner.put(`/v1/subaccounts/${account}/prices`, { basic: "0.01", premium: "0.20" });
  assert.equal(reply.status, 422);
  refused(reply, 422, (reply.body as { code: string }).code, "basic");
});

const foreign = "sub_0000000000001";
for (const path of [
  `/v1/subaccounts/${foreign}`,
  `/v1/subaccounts/${foreign}/statement`,
  "/v1/calls/call_0000000000001",
]) {
  test(`GET ${path}: what is not one's own is not there`, async () => {
    refused(await owner.get(path), 404, "not_found");
  });
}

test("a path's id of another kind is not there", async () => {
  refused(await owner.get("/v1/subaccounts/pur_0000000000001"), 404, "not_found");
});

const QUERIES: [string, number, string, string][] = [
  ["/v1/subaccounts?limit=0", 422, "invalid", "limit"],
  ["/v1/subaccounts?limit=501", 422, "invalid", "limit"],
  ["/v1/subaccounts?sort=shoe_size", 422, "invalid", "sort"],
  ["/v1/subaccounts?colour=red", 400, "unknown_parameter", "colour"],
  ["/v1/calls?from=yesterday", 422, "invalid", "from"],
  ["/v1/calls?tier=gold", 422, "invalid", "tier"],
];

for (const [path, status, code, field] of QUERIES) {
  test(`GET ${path} is refused by its parameter`, async () => {
    refused(await owner.get(path), status, code, field);
  });
}

test("a cursor that was made up is refused", async () => {
  refused(await owner.get("/v1/calls?cursor=bm90IG91cnM"), 400, "bad_cursor");
});

const unsigned: Send = { body: { name: "A", email: "a@client.example" } };

test("a write without Origin is refused", async () => {
  const visitor = app.client({ origin: null }).carrying(owner);
  refused(await visitor.post("/v1/subaccounts", unsigned.body), 403, "bad_origin");
});

for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"]) {
  test(`a write from the origin ${origin} is refused`, async () => {
    refused(await app.client({ origin }).carrying(owner).post("/v1/subaccounts", unsigned.body), 403, "bad_origin");
  });
}

test("nobody gets in without a session", async () => {
  refused(await app.client().get("/v1/subaccounts"), 401, "not_signed_in");
});

test("a session that does not exist lets nobody in", async () => {
  const headers = { cookie: `mb_session=${"A".repeat(43)}` };
  const reply = await app.client().get("/v1/subaccounts", { headers });
  assert.equal(reply.status, 401);
});

for (const key of ["mbk_wrong", `mbk_${"A".repeat(43)}`, "", "é"]) {
  test(`the key "${key}" lets nobody in`, async () => {
    const headers = { authorization: Buffer.from(`Bearer ${key}`).toString("latin1") };
    const reply = await app.client().get("/v1/subaccounts", { headers });
    assert.equal(reply.status, 401);
  });
}

test("a key without the scope is told so", async () => {
  refused(await engine.get("/v1/subaccounts"), 403, "scope_missing");
});

test("a method that a path does not have is refused", async () => {
  refused(await owner.delete("/v1/subaccounts"), 405, "method_not_allowed");
});
