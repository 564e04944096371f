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
  // When a key was used last is noted some time later.
  return replies.map(
    (reply) =>
      JSON.parse(
        JSON.stringify(ok(reply), (name, value: unknown) => (name === "last_used_at" ? null : value)),
      ) as unknown,
  );
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
  ["half a surrogate pair", json({}).replace("{", '{"agent":"\\ud83d",'), 400, "bad_text"],
  ["an empty batch", "[]", 422, "empty_batch"],
  ["a batch over the limit", JSON.stringify(Array(1001).fill(0)), 413, "batch_too_large"],
];

for (const [name, body, status, code] of WHOLE_BODIES) {
  test(`${name} is refused whole`, async () => {
    refused(await sendCalls(body), status, code);
  });
}

test("JSON nested 16 deep is read", async () => {
  const { results } = ok(await sendCalls(`${"[".repeat(16)}${"]".repeat(16)}`)) as CallResults;
  assert.deepEqual(
    results.map(({ id, code }) => ({ id, code })),
    [{ id: null, code: "wrong_type" }],
  );
});

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
  ["an integer below -2^53", json({}).replace(":60", ":-9007199254740993"), "too_small", "duration_seconds"],
  ["a number that no double holds", json({}).replace(":60", ":1e999"), "too_large", "duration_seconds"],
  ["a duration of null", json({ duration_seconds: null }), "required", "duration_seconds"],
  ["an integer above 2^53", json({}).replace(":60", ":9007199254740993"), "too_large", "duration_seconds"],
  ["a negative duration", json({ duration_seconds: -1 }), "too_small", "duration_seconds"],
  ["a duration over a day", json({ duration_seconds: 86_401 }), "too_large", "duration_seconds"],
  ["a time without a zone", json({ started_at: "2026-11-23T08:12:45" }), "bad_time", "started_at"],
  ["a date that does not exist", json({ started_at: "2026-02-30T08:12:45Z" }), "bad_time", "started_at"],
  ["a time with an unknown zone", json({ started_at: "2026-11-23T08:12:45 CET" }), "bad_time", "started_at"],
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
  [
    "an answer before the start",
    json({ started_at: "2026-01-02T00:00:00Z", answered_at: "2026-01-01T00:00:00Z" }),
    "ended_before_start",
    "answered_at",
  ],
  [
    "more talk than there was time",
    json({ started_at: "2026-01-01T00:00:00Z", ended_at: "2026-01-01T00:00:58Z" }),
    "too_large",
    "duration_seconds",
  ],
  ["an unknown sub-account", json({ subaccount: "sub_0000000000001" }), "unknown_subaccount", "subaccount"],
  ["an unknown reference", json({ subaccount: "acme-043" }), "unknown_subaccount", "subaccount"],
  ["an unknown tier", json({ tier: "gold" }), "not_allowed_value", "tier"],
  ["an unknown status", json({ status: "answered" }), "not_allowed_value", "status"],
  ["an unknown direction", json({ direction: "sideways" }), "not_allowed_value", "direction"],
  ["an id over the limit", json({ id: "x".repeat(129) }), "too_long", "id"],
  ["a source over the limit", json({ source: "x".repeat(65) }), "too_long", "source"],
  ["an empty id", json({ id: "" }), "too_short", "id"],
  ["an agent's name that is too long", json({ agent: "é".repeat(121) }), "too_long", "agent"],
];

for (const [name, body, code, field] of RECORDS) {
  test(`${name} is refused by its field`, () => recordRefused(body, code, field));
}

const EVENT = {
  ...{ specversion: "1.0", id: "event", source: "/engine/eu-1", type: "minutebank.call.recorded" },
  data: { ...call({ id: "", subaccount: account }), id: undefined },
};

const EVENTS: [string, object, string, string][] = [
  ["another version", { specversion: "2.0" }, "not_allowed_value", "specversion"],
  ["another type", { type: "com.example.else" }, "not_allowed_value", "type"],
  ["other content", { datacontenttype: "text/xml" }, "not_allowed_value", "datacontenttype"],
  ["no source", { source: undefined }, "required", "source"],
  ["no data", { data: undefined }, "required", "data"],
  ["a wrong record inside", { data: { ...EVENT.data, duration_seconds: -1 } }, "too_small", "data.duration_seconds"],
];

for (const [name, facts, code, field] of EVENTS) {
  test(`a CloudEvent with ${name} is refused by its field`, async () => {
    const body = JSON.stringify([{ ...EVENT, ...facts }]);
    const { results } = ok(await sendCalls(body, "application/cloudevents-batch+json")) as CallResults & {
      results: { field?: string }[];
    };
    assert.deepEqual([results[0]?.status, results[0]?.code, results[0]?.field], ["rejected", code, field]);
  });
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

for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", undefined]) {
  test(`an object of the content type ${String(type)} is refused`, async () => {
    const body = { name: "A", email: "a@client.example" };
    const send = { body: Buffer.from(JSON.stringify(body)), headers: { "content-type": type ?? "" } };
    refused(await owner.post("/v1/subaccounts", send.body, send), 415, "wrong_content_type");
  });
}

const OBJECTS: [string, string | Buffer, string][] = [
  ["truncated JSON", '{"name":"A"', "bad_json"],
  ["an array", "[]", "bad_json"],
  ["JSON nested too deep", `{"name":${"[".repeat(20)}${"]".repeat(20)}}`, "too_deep"],
  ["invalid UTF-8", Buffer.from('{"name":"caf\u00e9","email":"a@client.example"}', "latin1"), "bad_text"],
  ["a repeated field", '{"name":"A","name":"B","email":"a@client.example"}', "repeated_field"],
  ["a repeated field inside", '{"prices":{"basic":"1.00","basic":"2.00"}}', "repeated_field"],
];

for (const [name, body, code] of OBJECTS) {
  test(`POST /v1/subaccounts: ${name}`, async () => {
    refused(await owner.post("/v1/subaccounts", body), 400, code);
  });
}

test("a post that takes no body refuses one", async () => {
  refused(await owner.post("/v1/purchases/pur_0000000000001/mark_paid", { paid: true }), 400, "bad_request");
});

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
  ["/v1/subaccounts?limit=1&limit=2", 400, "repeated_field", "limit"],
  ["/v1/subaccounts?q=%zz", 400, "bad_request", "q"],
  ["/v1/subaccounts?q=%ff", 400, "bad_request", "q"],
  ["/v1/subaccounts?q=%00", 400, "bad_request", "q"],
  ["/v1/subaccounts?q=", 422, "invalid", "q"],
  ["/v1/calls?from=yesterday", 422, "invalid", "from"],
  ["/v1/calls?from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z", 422, "invalid", "to"],
  ["/v1/audit_events?actor=sub_0000000000001", 422, "invalid", "actor"],
  ["/v1/calls?tier=gold", 422, "invalid", "tier"],
];

for (const [path, status, code, field] of QUERIES) {
  test(`GET ${path} is refused by its parameter`, async () => {
    refused(await owner.get(path), status, code, field);
  });
}

test("a cursor of another list is refused", async () => {
  const { next_cursor } = ok(await owner.get<{ next_cursor: string }>("/v1/audit_events?limit=1"));
  refused(await owner.get(`/v1/calls?cursor=${next_cursor}`), 400, "bad_cursor", "cursor");
});

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

test("a key like ours that was never made, and one with a letter changed, let nobody in", async () => {
  const { secret } = ok(await owner.post<{ secret: string }>("/v1/api_keys", { name: "k", scopes: ["read"] }));
  before = await state(); // the key is there now
  ok(await app.client({ key: secret }).get("/v1/subaccounts"));
  const last = secret.at(-1) === "A" ? "E" : "A";
  for (const key of [secret.slice(0, -1) + last, secret.slice(0, -43) + "A".repeat(43), `${secret}A`]) {
    refused(await app.client({ key }).get("/v1/subaccounts"), 401, "bad_api_key");
  }
});

test("a key without the scope is told so", async () => {
  refused(await engine.get("/v1/subaccounts"), 403, "scope_missing");
});

test("a method that a path does not have is refused", async () => {
  refused(await owner.delete("/v1/subaccounts"), 405, "method_not_allowed");
});
