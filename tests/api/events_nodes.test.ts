// Live events over several nodes of one PostgreSQL: whichever node it happened on, and when a node loses its link.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { Client, ok } from "../harness/client.ts";
import { isNamed, Listener } from "../harness/listening.ts";
import { Server } from "../harness/minutebank.ts";
import { addPerson } from "../harness/rows.ts";
import { storeKind } from "../harness/store.ts";
import { addSubaccount, call, record, sell } from "../harness/scene.ts";

/** SQLite has one node, which tells itself. */
const isAlone = storeKind() === "sqlite";
const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const second = isAlone ? app.server : await Server.start(app.store, { args: ["--node", "1"] });
after(() => (isAlone ? undefined : second.stop()));

let accounts = 0;

async function account(): Promise<string> {
  const { id } = await addSubaccount(owner, `Far ${++accounts}`);
  await sell(owner, id, "premium", 6000);
  return id;
}

let calls = 0;
const talk = (subaccount: string): Promise<unknown> => record(engine, [call({ id: `far-${++calls}`, subaccount })]);

test("what happens on one node is told on the other", async () => {
  const id = await account();
  const listener = await Listener.to(second.url, { client: owner });
  await talk(id);
  const event = await listener.untilAccount(id, ({ changed }) => changed.includes("calls"));
  assert.equal(event.wallet.premium_seconds, 5940);
  listener.close();
});

test("what was withdrawn on one node is not told on the other", async () => {
  const [one, two] = [await account(), await account()];
  const client = await app.client().login(await addPerson(app.store, app.owner, "subaccount_admin", { grants: [one] }));
  const { user } = ok(await client.get<{ user: { id: string } }>("/v1/me"));
  const listener = await Listener.to(second.url, { client });
  await talk(one);
  await listener.untilAccount(one);
  ok(await owner.patch(`/v1/users/${user.id}`, { role: "subaccount_admin", subaccounts: [two] }));
  const before = listener.account(one).length;
  await talk(one);
  await talk(two);
  await listener.untilAccount(two, ({ changed }) => changed.includes("calls"));
  assert.equal(listener.account(one).length, before);
  ok(await client.post("/v1/auth/logout"));
  await listener.untilEnd();
});

test("who comes back to another node is told to start afresh", async () => {
  if (isAlone) return;
  const listener = await Listener.to(app.url, { client: owner });
  const { lastId } = listener;
  listener.close();
  const elsewhere = await Listener.to(second.url, { client: owner, lastEventId: lastId });
  await elsewhere.until(isNamed("reset"));
  elsewhere.close();
});

test("a node that lost its link says so, and goes on", async () => {
  if (isAlone) return;
  const id = await account();
  const listener = await Listener.to(second.url, { client: owner });
  await talk(id);
  await listener.untilAccount(id);
  await app.store.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE '%minutebank_changes%'" +
      " AND pid <> pg_backend_pid() AND datname = current_database()",
  );
  await listener.until(isNamed("reset"));
  const from = listener.events.length;
  await talk(id);
  await listener.untilAccount(id, ({ changed }) => changed.includes("calls"), from);
  listener.close();
  ok(await new Client(second.url).get("/healthz"));
});
