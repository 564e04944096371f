// A flood from one agency: it is told to come again, with nothing lost, and the others are served as before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { App, startApp } from "../harness/app.ts";
import { ok, refused, type Client } from "../harness/client.ts";
import { moveIn } from "../harness/rows.ts";
import { addSubaccount, call, record, sell, walletOf } from "../harness/scene.ts";

const FLOODS = 12;
const BATCH = 1000;
const OTHERS_CALLS = 60;

/** So little memory for requests that a flood has to wait outside. */
const app = await startApp({ args: ["--request-memory", "16"] });
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const { id: account } = await addSubaccount(owner, "Flooding");

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  const value = new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (\\S+)$`, "m").exec(text)?.[1];
  assert.ok(value, `no metric ${name}`);
  return Number(value);
}

/** Posts until it is taken; how often it was told to come again. */
async function insist(client: Client, calls: unknown[]): Promise<number> {
  for (let refusals = 0; ; refusals += 1) {
    const reply = await client.post("/v1/calls", calls);
    if (reply.status === 200) return refusals;
    refused(reply, 503, "overloaded");
    assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/);
    await sleep(20);
  }
}

const batch = (n: number) =>
  Array.from({ length: BATCH }, (_, i) => call({ id: `flood-${n}-${i}`, subaccount: account, duration_seconds: 1 }));

test("a flood is held back by its sender, loses nothing, and another agency does not feel it", async () => {
  const other = await App.start({ agency: "Contoso Voice", email: "grace@contoso.example" });
  let secret: string, theirs: string;
  try {
    const theirOwner = await other.ownerClient();
    theirs = (await addSubaccount(theirOwner, "Unaffected")).id;
    await sell(theirOwner, theirs, "premium", 6000);
    const key = { name: "theirs", scopes: ["calls:write", "read"] };
    secret = ok(await theirOwner.post<{ secret: string }>("/v1/api_keys", key)).secret;
    await moveIn(other.store, app.store);
  } finally {
    await other.finish();
  }
  const quiet = app.client({ key: secret });
  ok(await quiet.get("/v1/subaccounts")); // from here on the server knows the key

  let over = 0;
  const floods = Array.from({ length: FLOODS }, (_, n) => insist(engine, batch(n)).finally(() => (over += 1)));
  let posted = 0;
  while (over < FLOODS || posted < OTHERS_CALLS) {
    await record(quiet, [call({ id: `quiet-${posted}`, subaccount: theirs, duration_seconds: 1 })]);
    ok(await quiet.get("/v1/subaccounts"));
    posted += 1;
  }
  const refusals = (await Promise.all(floods)).reduce((sum, n) => sum + n, 0);
  assert.ok(refusals > 0, "there was room for the flood after all");
  assert.ok((await metric("mb_request_memory_refused_total")) >= refusals);
  assert.equal((await walletOf(owner, account)).premium_seconds, -FLOODS * BATCH);
  assert.equal((await walletOf(quiet, theirs)).premium_seconds, 6000 - posted);
  assert.equal(await metric("mb_request_memory_bytes"), 0);
  assert.equal(await metric('mb_pool_queue{pool="readers"}'), 0);
});

test("who makes up keys of an agency does not take its turns", async () => {
  const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id.slice("agy_".length);
  const forged = app.client({ key: `mbk_${agency}_${"x".repeat(43)}` });
  const tries = await Promise.all(Array.from({ length: 50 }, (_, n) => forged.post("/v1/calls", batch(n).slice(0, 1))));
  for (const reply of tries) refused(reply, 401, "bad_api_key");
  await record(engine, [call({ id: "after", subaccount: account })]);
});
