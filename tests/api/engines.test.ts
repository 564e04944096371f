// Voice engines report by webhook: each with its own payload and signature; a call is charged once, whatever comes twice,
// late, out of order or tampered with, and what nobody can be charged for waits until somebody says whose it is.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import {
  connect,
  ENGINES,
  SECRET,
  send,
  signTwilio,
  unmatched,
  type EngineConnection,
  type Facts,
  type Receipt,
  type Sent,
  type Unmatched,
} from "../harness/engines.ts";
import { addSubaccount, walletOf, type CallResults } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = app.client();
const { id: account } = await addSubaccount(owner, "Harbor Dental", { reference: "acme-042" });
const { id: other } = await addSubaccount(owner, "Fennel Bakery");
ok(await owner.patch("/v1/agency", { timezone: "UTC" }));

const used = async (id = account): Promise<number> => -(await walletOf(owner, id)).premium_seconds;
const NOTHING: Receipt = { accepted: 0, duplicates: 0, unmatched: 0, ignored: 0 };

let calls = 0;
const facts = (some: Partial<Facts> = {}): Facts => ({
  ...{ id: `call-${++calls}`, seconds: 61, to: "+15550100", from: "+15550199", agent: "agent-1" },
  endedAt: new Date(Math.floor(Date.now() / 1000 - 60) * 1000),
  ...some,
});

/** What a step adds to the seconds used. */
async function charged(step: () => Promise<unknown>, id = account): Promise<number> {
  const before = await used(id);
  await step();
  return (await used(id)) - before;
}

async function waiting(connection: EngineConnection): Promise<Unmatched[]> {
  return unmatched(owner, `&connection=${connection.id}`);
}

const report = (name: string, some: Facts, connection: EngineConnection, now?: Date): Sent =>
  ENGINES[name]?.(some, connection.url, now) ?? assert.fail(name);

for (const name of Object.keys(ENGINES)) {
  test(`${name}: a call whose number is known is charged, once`, async () => {
    const rules = [{ key: "+15550100", subaccount: account }];
    const connection = await connect(owner, { engine: name, rules });
    const sent = report(name, facts({ id: `known-${name}` }), connection);
    const seconds = await charged(async () => {
      assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, accepted: 1 });
      assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, duplicates: 1 });
    });
    assert.equal(seconds, 61);
    const { data } = ok(await owner.get<{ data: Record<string, unknown>[] }>(`/v1/calls?q=known-${name}`));
    const [row] = data;
    assert.deepEqual(
      [
        row?.["external_id"],
        row?.["from"],
        row?.["to"],
        row?.["direction"],
        row?.["status"],
        row?.["duration_seconds"],
      ],
      [`known-${name}`, "+15550199", "+15550100", "inbound", "completed", 61],
    );
  });

  test(`${name}: a call of nobody waits, is assigned, and a retry of it charges nothing`, async () => {
    const connection = await connect(owner, { engine: name });
    const some = facts({ id: `nobody-${name}`, seconds: 30 });
    const sent = report(name, some, connection);
    assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, unmatched: 1 });
    assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, duplicates: 1 });
    const [row, ...more] = await waiting(connection);
    assert.ok(row);
    assert.deepEqual(more, []);
    assert.deepEqual([row.code, row.field, row.external_id], ["unknown_subaccount", "subaccount", some.id]);
    assert.deepEqual([row.duration_seconds, row.from, row.to, row.repeats], [30, some.from, some.to, 1]);
    assert.ok(row.keys.includes(some.to));

    const path = `/v1/unmatched_calls/${row.id}/assign`;
    const seconds = await charged(async () => {
      const assigned = ok(
        await owner.post<Unmatched & { billed_seconds: number; balances: object }>(path, {
          subaccount: account,
          remember: some.to,
        }),
      );
      assert.deepEqual([assigned.state, assigned.billed_seconds], ["charged", 30]);
      assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, duplicates: 1 });
    });
    assert.equal(seconds, 30);
    refused(await owner.post(path, { subaccount: account }), 409, "already_settled");
    assert.deepEqual(await waiting(connection), []);

    const next = report(name, facts({ id: `next-${name}`, seconds: 10 }), connection);
    assert.equal(await charged(() => send(engine, connection.url, next)), 10, "the number is remembered");
  });

  test(`${name}: what is not signed with the secret is refused, and nothing is kept`, async () => {
    const connection = await connect(owner, { engine: name });
    const some = facts();
    const right = report(name, some, connection);
    const forged = ENGINES[name]?.(some, connection.url, new Date(), "another secret of somebody") ?? right;
    refused(await send(engine, connection.url, forged), 401, "bad_signature");
    const headers = { "Content-Type": right.headers["Content-Type"] ?? "application/json" };
    refused(await send(engine, connection.url, { ...right, headers }), 401, "bad_signature");
    if (!["vapi", "cloudevents", "asterisk"].includes(name)) {
      const tampered = { ...right, body: right.body.replace("61", "62") };
      assert.notEqual(tampered.body, right.body);
      refused(await send(engine, connection.url, tampered), 401, "bad_signature");
    }
    assert.deepEqual(await waiting(connection), []);
    const [rows] = await app.store.query(
      `SELECT COUNT(*) AS n FROM engine_deliveries WHERE delivery_key LIKE '${some.id}%'`,
    );
    assert.equal(rows?.["n"], 0n);
  });
}

for (const name of ["retell", "elevenlabs"]) {
  test(`${name}: a signature of another time is a replay`, async () => {
    const connection = await connect(owner, { engine: name });
    for (const minutes of [-31, 6]) {
      const sent = report(name, facts(), connection, new Date(Date.now() + minutes * 60_000));
      refused(await send(engine, connection.url, sent), 401, "stale_signature");
    }
    assert.deepEqual(await waiting(connection), []);
    const late = report(name, facts(), connection, new Date(Date.now() - 29 * 60_000));
    assert.equal(ok(await send(engine, connection.url, late)).unmatched, 1);
  });
}

test("vapi: a signature over the body, or over its time and the body, is taken, and a bearer", async () => {
  const connection = await connect(owner, { engine: "vapi", subaccount: account });
  const { body } = report("vapi", facts(), connection);
  const digestOf = (text: string): string => createHmac("sha256", SECRET).update(text).digest("hex");
  const deliver = (headers: Record<string, string>, text = body): Promise<Reply> =>
    send(engine, connection.url, { body: text, headers });
  const signedAt = (at: number, names = ["X-Vapi-Signature", "X-Vapi-Timestamp"]): Record<string, string> => {
    const [signature = "", timestamp = ""] = names;
    return { [signature]: digestOf(`${at}.${body}`), [timestamp]: String(at) };
  };
  const now = Date.now();
  const right: Record<string, string>[] = [
    { "X-Vapi-Signature": digestOf(body) },
    { "X-Vapi-Signature": `sha256=${digestOf(body)}` },
    signedAt(now),
    signedAt(Math.floor(now / 1000)),
    signedAt(now, ["X-Signature", "X-Timestamp"]),
    { Authorization: `Bearer ${SECRET}` },
  ];
  for (const headers of right) assert.equal((await deliver(headers)).status, 200, JSON.stringify(headers));

  refused(await deliver({ "X-Vapi-Signature": digestOf(body) }, `${body} `), 401, "bad_signature");
  refused(await deliver(signedAt(now), `${body} `), 401, "bad_signature");
  refused(await deliver({ ...signedAt(now), "X-Vapi-Timestamp": String(now + 1) }), 401, "bad_signature");
  refused(await deliver({ "X-Vapi-Signature": digestOf(`${now}.${body}`) }), 401, "bad_signature");
  refused(await deliver({ ...signedAt(now), "X-Vapi-Timestamp": "now" }), 401, "bad_signature");
  for (const minutes of [-31, 6]) refused(await deliver(signedAt(now + minutes * 60_000)), 401, "stale_signature");
});

test("retell: the analysis may come before the end, and is the same call", async () => {
  const connection = await connect(owner, { engine: "retell", subaccount: account });
  const some = facts({ seconds: 40 });
  const ended = report("retell", some, connection);
  const { call } = JSON.parse(ended.body) as { call: object };
  const body = JSON.stringify({
    event: "call_analyzed",
    call: { ...call, call_analysis: { call_summary: "All well.", user_sentiment: "Positive" } },
  });
  const at = Date.now();
  const digest = createHmac("sha256", SECRET).update(`${body}${at}`).digest("hex");
  const analyzed = { body, headers: { "X-Retell-Signature": `v=${at},d=${digest}` } };
  const seconds = await charged(async () => {
    assert.equal(ok(await send(engine, connection.url, analyzed)).accepted, 1);
    assert.equal(ok(await send(engine, connection.url, ended)).duplicates, 1);
  });
  assert.equal(seconds, 40);
});

test("twilio: what happens before the end is ignored; who did not answer pays nothing", async () => {
  const connection = await connect(owner, { engine: "twilio", subaccount: account });
  const status = (id: string, CallStatus: string): Sent =>
    signTwilio(
      Object.entries({
        ...{ CallSid: id, From: "+1", To: "+2", CallStatus, Direction: "outbound-api", CallDuration: "7" },
        Timestamp: new Date().toUTCString().replace("GMT", "+0000"),
      }),
      connection.url,
    );
  const seconds = await charged(async () => {
    for (const early of ["queued", "initiated", "ringing", "in-progress"])
      assert.equal(ok(await send(engine, connection.url, status("CA1", early))).ignored, 1);
    assert.equal(ok(await send(engine, connection.url, status("CA1", "no-answer"))).accepted, 1);
    // Out of order: a late word from the beginning changes nothing.
    assert.equal(ok(await send(engine, connection.url, status("CA1", "ringing"))).ignored, 1);
    assert.equal(ok(await send(engine, connection.url, status("CA2", "completed"))).accepted, 1);
  });
  assert.equal(seconds, 7);
});

test("twilio: the URL may name the account, and is signed with it", async () => {
  const connection = await connect(owner, { engine: "twilio" });
  const url = `${connection.url}?subaccount=acme-042`;
  const sent = ENGINES["twilio"]?.(facts({ seconds: 5 }), url) ?? assert.fail();
  refused(await send(engine, connection.url, sent), 401, "bad_signature");
  assert.equal(await charged(() => send(engine, url, sent)), 5);
});

test("elevenlabs: a call that never began is a call without talk", async () => {
  const connection = await connect(owner, { engine: "elevenlabs", subaccount: account });
  const at = Math.floor(Date.now() / 1000);
  const data = { agent_id: "a", conversation_id: "conv-busy", failure_reason: "busy", metadata: { type: "twilio" } };
  const body = JSON.stringify({ type: "call_initiation_failure", event_timestamp: at, data });
  const digest = createHmac("sha256", SECRET).update(`${at}.${body}`).digest("hex");
  const headers = { "ElevenLabs-Signature": `t=${at},v0=${digest}` };
  assert.equal(await charged(() => send(engine, connection.url, { body, headers })), 0);
  const { data: rows } = ok(await owner.get<{ data: { status: string }[] }>("/v1/calls?q=conv-busy"));
  assert.equal(rows[0]?.status, "busy");
});

test("asterisk: several lines, one of them of a known account code; times are the agency's", async () => {
  const connection = await connect(owner, { engine: "asterisk" });
  const one = report("asterisk", facts({ seconds: 11 }), connection);
  const known = one.body.replace('""', '"acme-042"').replace(/call-\d+/, "line-2");
  const sent = { ...one, body: one.body + known };
  const seconds = await charged(async () => {
    assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, accepted: 1, unmatched: 1 });
  });
  assert.equal(seconds, 11);
});

test("cloudevents: in one piece, by headers and in batches, by webhook and by POST /v1/calls", async () => {
  const connection = await connect(owner, {
    engine: "cloudevents",
    rules: [{ key: "+15550100", subaccount: account }],
  });
  const machine = await app.machineClient(["calls:write"]);
  const auth = { Authorization: `Bearer ${SECRET}` };
  const event = (id: string): Record<string, unknown> => ({
    ...(JSON.parse(report("cloudevents", facts({ id, seconds: 3 }), connection).body) as object),
  });
  const attributes = (id: string): Record<string, string> => ({
    ...{ "ce-specversion": "1.0", "ce-id": id, "ce-source": "/engine/eu-1", "ce-type": "minutebank.call.recorded" },
    ...{ "ce-subject": "+15550100", "Content-Type": "application/json" },
  });
  const bodies: [string, Record<string, string>][] = [
    [JSON.stringify(event("ce-1")), { "Content-Type": "application/cloudevents+json" }],
    [JSON.stringify(event("ce-2")["data"]), attributes("ce-2")],
    ["\uFEFF " + JSON.stringify(event("ce-7")["data"]), attributes("ce-7")],
    ["\uFEFF" + JSON.stringify(event("ce-8")), { "Content-Type": "application/cloudevents+json" }],
    [JSON.stringify([event("ce-3"), event("ce-4")]), { "Content-Type": "application/cloudevents-batch+json" }],
  ];
  const seconds = await charged(async () => {
    for (const [body, headers] of bodies)
      assert.ok(ok(await send(engine, connection.url, { body, headers: { ...headers, ...auth } })).accepted > 0);
    const named = { ...(event("ce-5")["data"] as object), subaccount: account };
    const whole = JSON.stringify({ ...event("ce-5"), data: named });
    const single = { headers: { "Content-Type": "application/cloudevents+json" } };
    assert.equal(ok(await machine.post<CallResults>("/v1/calls", whole, single)).accepted, 1);
    const bare = JSON.stringify(named);
    assert.equal(ok(await machine.post<CallResults>("/v1/calls", bare, { headers: attributes("ce-5") })).duplicates, 1);
    assert.equal(ok(await machine.post<CallResults>("/v1/calls", bare, { headers: attributes("ce-6") })).accepted, 1);
  });
  assert.equal(seconds, 24);
});

const GENERIC = {
  when: [{ at: "/state", is: "over" }],
  rules: [
    { field: "id", at: "/uuid" },
    { field: "direction", at: "/dir", words: [{ from: "in", to: "inbound" }], otherwise: "outbound" },
    { field: "status", value: "completed" },
    { field: "started_at", at: "/begin", as: "epoch_seconds" },
    { field: "duration_seconds", at: "/length/0", as: "milliseconds" },
    { field: "tier", at: "/a~1b", words: [{ from: "gold", to: "premium" }], otherwise: "basic" },
    { field: "key", at: "/line" },
  ],
};
const now = (): number => Math.floor(Date.now() / 1000) - 60;
const payload = (id: string, some: object = {}): string =>
  JSON.stringify({
    uuid: id,
    state: "over",
    dir: "in",
    begin: now(),
    length: [1001],
    "a/b": "gold",
    line: "7",
    ...some,
  });

test("a mapping of one's own: pointers, words, units, constants", async () => {
  const connection = await connect(owner, { engine: "generic", secret: null, mapping: GENERIC, subaccount: account });
  const seconds = await charged(async () => {
    const sent = { body: payload("g-1"), headers: {} };
    assert.deepEqual(ok(await send(engine, connection.url, sent)), { ...NOTHING, accepted: 1 });
    assert.deepEqual(ok(await send(engine, connection.url, { ...sent, body: payload("g-2", { state: "rings" }) })), {
      ...NOTHING,
      ignored: 1,
    });
  });
  assert.equal(seconds, 2, "a begun second counts");
});

test("a result that makes no sense waits with its field named, and is charged when the mapping is mended", async () => {
  const connection = await connect(owner, { engine: "generic", mapping: GENERIC });
  const headers = { Authorization: `Bearer ${SECRET}` };
  const bad = { body: payload("g-3", { length: ["long"] }), headers };
  assert.equal(ok(await send(engine, connection.url, bad)).unmatched, 1);
  const [row] = await waiting(connection);
  assert.ok(row);
  assert.deepEqual([row.field, row.code, row.external_id], ["duration_seconds", "wrong_type", "g-3"]);
  const path = `/v1/unmatched_calls/${row.id}`;
  refused(await owner.post(`${path}/assign`, { subaccount: account }), 422, "invalid", "duration_seconds");
  const rules = GENERIC.rules.map((rule) =>
    rule.field === "duration_seconds" ? { field: "duration_seconds", value: "9" } : rule,
  );
  ok(await owner.patch(`/v1/engine_connections/${connection.id}`, { mapping: { ...GENERIC, rules } }));
  assert.equal(await charged(async () => ok(await owner.post(`${path}/assign`, { subaccount: account }))), 9);
});

test("the same id with another content waits, where ids are not the engine's alone; it can be dismissed", async () => {
  const connection = await connect(owner, { engine: "generic", mapping: GENERIC, subaccount: account });
  const headers = { Authorization: `Bearer ${SECRET}` };
  assert.equal(ok(await send(engine, connection.url, { body: payload("g-4"), headers })).accepted, 1);
  const leg = { body: payload("g-4", { length: [90_000] }), headers };
  assert.equal(ok(await send(engine, connection.url, leg)).unmatched, 1);
  const [row] = await waiting(connection);
  assert.equal(row?.code, "conflict");
  const path = `/v1/unmatched_calls/${row.id}`;
  refused(await owner.post(`${path}/assign`, { subaccount: account }), 409, "conflict");
  refused(await owner.post(`${path}/dismiss`, {}), 422, "invalid", "reason");
  const dismissed = ok(await owner.post<Unmatched>(`${path}/dismiss`, { reason: "A leg of the same call" }));
  assert.deepEqual([dismissed.state, dismissed.note], ["dismissed", "A leg of the same call"]);
  refused(await owner.post(`${path}/dismiss`, { reason: "Again" }), 409, "already_settled");
  assert.equal(ok(await send(engine, connection.url, leg)).duplicates, 1);
  assert.deepEqual(await waiting(connection), []);
});

test("an account that is named and not there is no reason to charge another", async () => {
  const mapping = { ...GENERIC, rules: [...GENERIC.rules, { field: "subaccount", at: "/who" }] };
  const connection = await connect(owner, { engine: "generic", mapping, subaccount: account });
  const headers = { Authorization: `Bearer ${SECRET}` };
  const sent = { body: payload("g-5", { who: "somebody" }), headers };
  assert.equal(ok(await send(engine, connection.url, sent)).unmatched, 1);
  const [row] = await waiting(connection);
  assert.deepEqual(row?.keys, ["somebody", "7"]);
  refused(
    await owner.post(`/v1/unmatched_calls/${row.id}/assign`, { subaccount: other, remember: "nothing of it" }),
    422,
    "invalid",
    "remember",
  );
  const remembered = { subaccount: other, remember: "somebody" };
  ok(await owner.post(`/v1/unmatched_calls/${row.id}/assign`, remembered));
  const next = { ...sent, body: payload("g-6", { who: "somebody" }) };
  assert.equal(await charged(() => send(engine, connection.url, next), other), 2);
});

interface Tested {
  calls: {
    outcome: string;
    call: Record<string, unknown> | null;
    subaccount: string | null;
    errors: { field: string }[];
  }[];
}

test("a mapping is tried before anything depends on it", async () => {
  const { id } = await connect(owner, {
    engine: "generic",
    mapping: GENERIC,
    rules: [{ key: "7", subaccount: account }],
  });
  const trial = async (input: object): Promise<Tested["calls"]> =>
    ok(await owner.post<Tested>("/v1/engine_connections/test", { engine: "generic", ...input })).calls;
  const [fine] = await trial({ connection: id, payload: payload("t-1") });
  assert.deepEqual([fine?.outcome, fine?.subaccount, fine?.call?.["duration_seconds"]], ["call", account, 2]);
  const [faulty] = await trial({ mapping: { rules: [{ field: "id", at: "/uuid" }] }, payload: payload("t-2") });
  assert.equal(faulty?.outcome, "faulty");
  assert.deepEqual(
    faulty.errors.map(({ field }) => field),
    ["direction", "status", "started_at", "duration_seconds"],
  );
  const [ignored] = await trial({ mapping: GENERIC, payload: "{}" });
  assert.deepEqual([ignored?.outcome, ignored?.call], ["ignored", null]);
  const mapping = { rules: [{ field: "id", at: "uuid" }, { field: "tier", at: "/a", as: "seconds" }, { field: "to" }] };
  const wrong = await owner.post("/v1/engine_connections/test", { engine: "generic", mapping, payload: "{}" });
  for (const field of ["rules.0.at", "rules.1.as", "rules.2.at"]) refused(wrong, 422, "invalid", field);
  refused(
    await owner.post("/v1/engine_connections/test", { engine: "generic", mapping: GENERIC, payload: "{" }),
    400,
    "bad_json",
  );
  assert.equal(await charged(() => trial({ connection: id, payload: payload("t-3") })), 0);
});

test("what a connection needs is asked for", async () => {
  const post = (input: object): ReturnType<typeof owner.post> =>
    owner.post("/v1/engine_connections", { name: "Engine", ...input });
  refused(await post({ engine: "vapi" }), 422, "invalid", "secret");
  refused(await post({ engine: "generic" }), 422, "invalid", "mapping");
  refused(await post({ engine: "siri" }), 422, "invalid", "engine");
  const rules = [{ key: "1", subaccount: "sub_0000000000001" }];
  refused(await post({ engine: "asterisk", rules }), 422, "invalid", "rules.0.subaccount");
});

test("a connection is shown with its URL, never with its secret; removed, it takes nothing and forgets nothing", async () => {
  const connection = await connect(owner, { engine: "vapi", name: "Vapi of the north" });
  const path = `/v1/engine_connections/${connection.id}`;
  const sent = report("vapi", facts(), connection);
  assert.equal(ok(await send(engine, connection.url, sent)).unmatched, 1);
  const shown = ok(await owner.get<EngineConnection>(path));
  assert.equal(shown.url, connection.url);
  assert.equal(JSON.stringify(shown).includes(SECRET), false);
  refused(await owner.patch(path, { secret: null }), 422, "invalid", "secret");
  ok(await owner.patch(path, { secret: "another-secret-of-ours", tier: "basic" }));
  refused(await send(engine, connection.url, sent), 401, "bad_signature");
  assert.equal((await owner.delete(path)).status, 204);
  refused(await owner.get(path), 404, "not_found");
  refused(await send(engine, connection.url, sent), 404, "not_found");
  const [row] = await waiting(connection);
  assert.ok(row);
  ok(await owner.post(`/v1/unmatched_calls/${row.id}/assign`, { subaccount: account }));
});

test("a URL of nobody, a body of nothing, and one that is too large", async () => {
  const connection = await connect(owner, { engine: "generic", mapping: GENERIC, secret: null });
  refused(await send(engine, `${connection.url}x`, { body: "{}", headers: {} }), 404, "not_found");
  refused(await send(engine, connection.url, { body: "", headers: {} }), 400, "bad_json");
  refused(await send(engine, connection.url, { body: "[1]", headers: {} }), 400, "bad_json");
  const large = `{"a":"${"x".repeat(2 * 1024 * 1024)}"}`;
  refused(await send(engine, connection.url, { body: large, headers: {} }), 413, "body_too_large");
});

test("two at once are one call", async () => {
  const connection = await connect(owner, { engine: "retell", subaccount: account });
  const sent = report("retell", facts({ seconds: 4 }), connection);
  const seconds = await charged(async () => {
    const replies = await Promise.all(Array.from({ length: 6 }, () => send(engine, connection.url, sent)));
    for (const reply of replies) assert.equal(reply.status, 200);
  });
  assert.equal(seconds, 4);
});

test("what was taken outlives a crash", async () => {
  const connection = await connect(owner, { engine: "vapi" });
  const sent = report("vapi", facts({ id: "crashed" }), connection);
  assert.equal(ok(await send(engine, connection.url, sent)).unmatched, 1);
  await app.crash();
  const again = await app.ownerClient();
  const rows = await unmatched(again, `&connection=${connection.id}`);
  assert.deepEqual(
    rows.map(({ external_id }) => external_id),
    ["crashed"],
  );
});
