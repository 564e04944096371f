// Calls that wait for somebody to say whose they are: how many may, those of one key told together, and how long what is
// settled is kept.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Reply } from "../harness/client.ts";
import {
  connect,
  ENGINES,
  send,
  unmatched,
  type EngineConnection,
  type Receipt,
  type Sent,
  type Unmatched,
} from "../harness/engines.ts";
import { addSubaccount, walletOf } from "../harness/scene.ts";

const MAY_WAIT = 6;
const DAY_US = 86_400_000_000;

const app = await startApp({ args: [`--unmatched-calls=${MAY_WAIT}`] });
const owner = await app.ownerClient();
const { id: account } = await addSubaccount(owner, "Harbor Dental", { reference: "acme-042" });
const { id: other } = await addSubaccount(owner, "Fennel Bakery");

interface Assigned extends Unmatched {
  billed_seconds: number;
  others: { charged: number; duplicates: number; waiting: number };
}

let calls = 0;
interface Said {
  to?: string;
  id?: string;
  at?: string;
}

function sentOf(engine: string, connection: EngineConnection, said: Said): Sent {
  const id = said.id ?? `call-${++calls}`;
  const facts = {
    ...{ id, seconds: 10, to: said.to ?? "+15550100", from: "+15550199", agent: `asst-${id}` },
    endedAt: new Date(Date.now() - 60_000),
  };
  return ENGINES[engine]?.(facts, connection.url) ?? assert.fail(engine);
}

/** A report of Vapi's, which waits unless its number is known. `at` is what the URL says after its token. */
function report(connection: EngineConnection, said: Said = {}): Promise<Reply<Receipt>> {
  return send(app.client(), connection.url + (said.at ?? ""), sentOf("vapi", connection, said));
}

const waiting = (connection: EngineConnection): Promise<Unmatched[]> =>
  unmatched(owner, `&connection=${connection.id}`);
const assign = (id: string, body: object): Promise<Reply<Assigned>> =>
  owner.post<Assigned>(`/v1/unmatched_calls/${id}/assign`, body);
const used = async (id: string): Promise<number> => -(await walletOf(owner, id)).premium_seconds;
const idOf = (rows: Unmatched[], id: string): string =>
  rows.find(({ external_id }) => external_id === id)?.id ?? assert.fail(id);

async function dismissAll(connection: EngineConnection): Promise<void> {
  for (const { id } of await waiting(connection))
    ok(await owner.post(`/v1/unmatched_calls/${id}/dismiss`, { reason: "A test call" }));
}

test("those with the key that is remembered are charged with it, each once, and what says otherwise waits on", async () => {
  const connection = await connect(owner, { engine: "vapi" });
  for (const id of ["first", "second", "third"]) ok(await report(connection, { id }));
  ok(await report(connection, { id: "elsewhere", to: "+15550101" }));
  ok(await report(connection, { id: "named", at: "?subaccount=acme-777" }));
  const rows = await waiting(connection);
  const detail = ok(
    await owner.get<{ waiting_with: { key: string; others: number }[] }>(`/v1/unmatched_calls/${idOf(rows, "first")}`),
  );
  assert.equal(detail.waiting_with.find(({ key }) => key === "+15550100")?.others, 3);
  assert.equal(detail.waiting_with.find(({ key }) => key === "asst-first")?.others, 0);

  refused(await assign(idOf(rows, "first"), { subaccount: account, also_waiting: true }), 422, "invalid", "remember");
  const body = { subaccount: account, remember: "+15550100", also_waiting: true };
  const { state, billed_seconds, others } = ok(await assign(idOf(rows, "first"), body));
  assert.deepEqual([state, billed_seconds], ["charged", 10]);
  assert.deepEqual(others, { charged: 2, duplicates: 0, waiting: 1 }, "the URL names another account for one of them");
  assert.equal(await used(account), 30);
  assert.deepEqual((await waiting(connection)).map(({ external_id }) => external_id).sort(), ["elsewhere", "named"]);

  for (const id of ["first", "second", "third"]) assert.equal(ok(await report(connection, { id })).duplicates, 1);
  assert.equal(ok(await report(connection, { id: "later" })).accepted, 1);
  assert.equal(await used(account), 40);
  const [event] = ok(
    await owner.get<{ data: { after: { others_charged: number } }[] }>(
      "/v1/audit_events?action=unmatched_call.assigned",
    ),
  ).data;
  assert.equal(event?.after.others_charged, 2);
  await dismissAll(connection);
});

test("how the URL names an account is a key, too", async () => {
  const connection = await connect(owner, { engine: "vapi" });
  for (const id of ["url-1", "url-2"]) ok(await report(connection, { id, at: "?subaccount=acme-900" }));
  const [first] = await waiting(connection);
  assert.ok(first);
  assert.ok(first.keys.includes("acme-900"));
  const body = { subaccount: other, remember: "acme-900", also_waiting: true };
  assert.equal(ok(await assign(first.id, body)).others.charged, 1);
  assert.equal(ok(await report(connection, { id: "url-3", at: "?subaccount=acme-900" })).accepted, 1);
  assert.equal(await used(other), 30);
});

test("when as many wait as may, an engine is told to come again, and nothing of what it sent is kept or lost", async () => {
  const connection = await connect(owner, { engine: "vapi" });
  for (let i = 0; i < MAY_WAIT; i++) assert.equal(ok(await report(connection, { id: `full-${i}` })).unmatched, 1);
  const before = await used(account);
  const reply = await report(connection, { id: "one-more" });
  const problem = refused(reply, 429, "too_many_unmatched");
  assert.match(problem.detail, new RegExp(`^${MAY_WAIT} calls wait already .* Assign or dismiss some`));
  assert.equal(reply.headers["retry-after"], "300");
  assert.equal((await waiting(connection)).length, MAY_WAIT);
  assert.equal(ok(await report(connection, { id: "full-0" })).duplicates, 1, "what waits may come again");
  const known = await connect(owner, { engine: "vapi", subaccount: account });
  assert.equal(ok(await report(known, { id: "of-somebody" })).accepted, 1, "what is of somebody is charged");
  assert.equal(await used(account), before + 10);

  const rows = await waiting(connection);
  ok(await owner.post(`/v1/unmatched_calls/${idOf(rows, "full-0")}/dismiss`, { reason: "A test call" }));
  assert.equal(ok(await report(connection, { id: "one-more" })).unmatched, 1);
  refused(await report(connection, { id: "another" }), 429, "too_many_unmatched");
  await dismissAll(connection);
});

test("what can be charged is charged, also when another call in the same body has no room", async () => {
  const full = await connect(owner, { engine: "vapi" });
  for (let i = 0; i < MAY_WAIT; i++) assert.equal(ok(await report(full, { id: `filling-${i}` })).unmatched, 1);
  const connection = await connect(owner, {
    engine: "cloudevents",
    rules: [{ key: "+15550177", subaccount: account }],
  });
  const events = [
    { id: "of-nobody", to: "+15550100" },
    { id: "of-account", to: "+15550177" },
  ].map((said) => sentOf("cloudevents", connection, said));
  const batch = {
    body: `[${events.map(({ body }) => body).join(",")}]`,
    headers: { ...events[0]?.headers, "Content-Type": "application/cloudevents-batch+json" },
  };
  const before = await used(account);
  const reply = await send(app.client(), connection.url, batch);
  assert.match(refused(reply, 429, "too_many_unmatched").detail, / 1 of these were not kept/);
  assert.equal(reply.headers["retry-after"], "300");
  assert.equal(await used(account), before + 10);
  assert.deepEqual(await waiting(connection), []);

  await dismissAll(full);
  const again = ok(await send(app.client(), connection.url, batch));
  assert.deepEqual([again.unmatched, again.duplicates, again.accepted], [1, 1, 0]);
  assert.equal(await used(account), before + 10);
  await dismissAll(connection);
});

test("a connection remembers a thousand keys and no more, and refusing one more charges nothing", async () => {
  const rules = Array.from({ length: 1000 }, (_, i) => ({ key: `+1555${i}`, subaccount: other }));
  const connection = await connect(owner, { engine: "vapi", rules });
  ok(await report(connection, { id: "rule-1001", to: "+15550100" }));
  const id = idOf(await waiting(connection), "rule-1001");
  const before = await used(account);
  refused(await assign(id, { subaccount: account, remember: "+15550100" }), 409, "too_many_rules");
  assert.equal(await used(account), before);
  assert.equal((await waiting(connection)).length, 1);
  assert.equal(ok(await assign(id, { subaccount: account })).state, "charged");
});

test("many at once fill what is free and no more", async () => {
  const connection = await connect(owner, { engine: "vapi" });
  const replies = await Promise.all(Array.from({ length: 3 * MAY_WAIT }, () => report(connection)));
  const taken = replies.filter(({ status }) => status === 200).length;
  assert.deepEqual([...new Set(replies.map(({ status }) => status))].sort(), [200, 429]);
  assert.equal(taken, MAY_WAIT);
  assert.equal((await waiting(connection)).length, MAY_WAIT);
  await dismissAll(connection);
});

test("what was settled long ago goes, what waits stays, and a call that was charged is never charged again", async () => {
  const connection = await connect(owner, { engine: "vapi", rules: [{ key: "+15550177", subaccount: account }] });
  for (const id of ["old-charged", "new-charged"]) ok(await report(connection, { id, to: "+15550177" }));
  for (const id of ["old-dismissed", "old-waiting"]) ok(await report(connection, { id }));
  const path = `/v1/unmatched_calls/${idOf(await waiting(connection), "old-dismissed")}`;
  ok(await owner.post(`${path}/dismiss`, { reason: "A test call" }));
  const days = (n: number): number => Date.now() * 1000 - n * DAY_US;
  await app.store.query(`UPDATE engine_deliveries SET received_at = ${days(91)} WHERE external_id LIKE 'old-%'`);
  await app.store.query(
    `UPDATE engine_deliveries SET settled_at = ${days(91)} WHERE external_id LIKE 'old-%' AND state <> 0`,
  );
  await app.store.query(`UPDATE engine_deliveries SET settled_at = ${days(89)} WHERE external_id = 'new-charged'`);
  await app.restart();
  const left = async (): Promise<unknown[]> =>
    (
      await app.store.query(
        `SELECT external_id FROM engine_deliveries WHERE external_id LIKE 'old-%' OR external_id = 'new-charged' ORDER BY external_id`,
      )
    ).map((row) => row["external_id"]);
  while ((await left()).length > 2) await sleep(50);
  assert.deepEqual(await left(), ["new-charged", "old-waiting"]);

  const again = await app.ownerClient();
  const before = -(await walletOf(again, account)).premium_seconds;
  assert.equal(ok(await report(connection, { id: "old-charged", to: "+15550177" })).duplicates, 1);
  assert.equal(-(await walletOf(again, account)).premium_seconds, before);
});
