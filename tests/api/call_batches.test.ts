// Batches in all their forms: each record has its own result, and a bad one never stops the good ones.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok } from "../harness/client.ts";
import { addSubaccount, call, record, walletOf, type CallRecord, type CallResults } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write", "read"]);
const { id: account } = await addSubaccount(owner, "Harbor Dental", { reference: "acme-042" });

const used = async (): Promise<number> => -(await walletOf(owner, account)).premium_seconds;
const minute = (id: string, facts: Partial<CallRecord> = {}): CallRecord => call({ id, subaccount: account, ...facts });
const statuses = ({ results }: CallResults): string[] => results.map(({ status }) => status);

async function send(body: string | Buffer, type: string): Promise<CallResults> {
  return ok(await engine.post<CallResults>("/v1/calls", body, { headers: { "Content-Type": type } }));
}

/** What a step adds to the seconds used. */
async function charged(step: () => Promise<unknown>): Promise<number> {
  const before = await used();
  await step();
  return (await used()) - before;
}

test("one record, not in an array", async () => {
  const seconds = await charged(async () => {
    assert.deepEqual(statuses(await send(JSON.stringify(minute("one")), "application/json")), ["accepted"]);
  });
  assert.equal(seconds, 60);
});

test("an accepted record's result says whose wallet paid, and how many seconds; no other does", async () => {
  const twice = minute("paid", { duration_seconds: 61 });
  const { results } = await record(engine, [twice, twice, minute("nobody's", { subaccount: "nobody" })]);
  assert.deepEqual(
    results.map(({ charged: paid, billed_seconds }) => [paid, billed_seconds]),
    [
      [account, 61],
      [undefined, undefined],
      [undefined, undefined],
    ],
  );
});

test("a sub-account may be named by its reference", async () => {
  const seconds = await charged(() => record(engine, [minute("by-reference", { subaccount: "acme-042" })]));
  assert.equal(seconds, 60);
});

const LINES = ["line-1", "line-2", "line-3"];
const NDJSON: [string, (records: string[]) => string | Buffer][] = [
  ["LF", (records) => records.map((line) => `${line}\n`).join("")],
  ["CRLF", (records) => records.map((line) => `${line}\r\n`).join("")],
  ["no last newline", (records) => records.join("\n")],
  ["a byte order mark", (records) => `\ufeff${records.join("\n")}\n`],
  ["empty lines", (records) => `\n\n${records.join("\n\n")}\n\n`],
];

for (const [name, body] of NDJSON) {
  test(`NDJSON with ${name}`, async () => {
    const records = LINES.map((id) => JSON.stringify(minute(`${name} ${id}`)));
    const seconds = await charged(async () => {
      const { accepted, rejected } = await send(body(records), "application/x-ndjson");
      assert.deepEqual({ accepted, rejected }, { accepted: 3, rejected: 0 });
    });
    assert.equal(seconds, 180);
  });
}

test("an NDJSON line that is no JSON is refused alone", async () => {
  const lines = [JSON.stringify(minute("good-1")), "{", JSON.stringify(minute("good-2"))].join("\n");
  const results = await send(lines, "application/x-ndjson");
  assert.deepEqual(statuses(results), ["accepted", "rejected", "accepted"]);
  assert.deepEqual([results.results[1]?.id, results.results[1]?.code], [null, "bad_json"]);
});

test("a CloudEvents batch", async () => {
  const { id, ...data } = { ...minute("event-1"), source: undefined };
  const event = {
    ...{ specversion: "1.0", id, source: "/engine/eu-1", type: "minutebank.call.recorded", data },
    ...{ time: "2026-11-23T08:12:45Z", traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
  };
  const seconds = await charged(async () => {
    const twice = await send(JSON.stringify([event, event]), "application/cloudevents-batch+json; charset=utf-8");
    assert.deepEqual(statuses(twice), ["accepted", "duplicate"]);
  });
  assert.equal(seconds, 60);
});

test("one bad record among good ones is refused alone", async () => {
  const seconds = await charged(async () => {
    const results = await record(engine, [
      minute("among-1"),
      minute("among-2", { duration_seconds: -1 }),
      minute("among-3", { subaccount: "nobody" }),
      minute("among-4"),
    ]);
    assert.deepEqual(statuses(results), ["accepted", "rejected", "rejected", "accepted"]);
    assert.deepEqual({ ...results, results: [] }, { accepted: 2, duplicates: 0, rejected: 2, results: [] });
    assert.deepEqual(
      results.results.map(({ id }) => id),
      ["among-1", "among-2", "among-3", "among-4"],
    );
  });
  assert.equal(seconds, 120);
});

test("a whole batch again changes nothing", async () => {
  const batch = Array.from({ length: 1000 }, (_, i) => minute(`again-${i}`, { duration_seconds: i % 7 }));
  const expected = batch.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0);
  assert.equal(await charged(() => record(engine, batch)), expected);
  const seconds = await charged(async () => {
    assert.equal((await record(engine, batch)).duplicates, 1000);
  });
  assert.equal(seconds, 0);
});

test("the largest duration and the smallest text are kept as they are", async () => {
  const facts = { duration_seconds: 86_400, agent: "x", summary: "é\u{1F600}".repeat(1000), from: "+1 555 0100" };
  const { accepted } = await record(engine, [{ ...minute("extremes"), ...facts }]);
  assert.equal(accepted, 1);
  const { data } = ok(await engine.get<{ data: Record<string, unknown>[] }>("/v1/calls?q=extremes&limit=5"));
  const kept = data.find((row) => row["external_id"] === "extremes");
  for (const [field, value] of Object.entries(facts)) assert.equal(kept?.[field], value);
});
