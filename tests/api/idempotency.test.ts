// Idempotency-Key: the same request again replays the reply, another one is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Send } from "../harness/client.ts";
import { addSubaccount, call, walletOf, type Purchase } from "../harness/scene.ts";

const app = await startApp();
const owner = await app.ownerClient();
const engine = await app.machineClient(["calls:write"]);
const { id: account } = await addSubaccount(owner, "Harbor Dental");

const key = (value: string): Send => ({ headers: { "Idempotency-Key": value } });

test("creating again replays the first reply", async () => {
  const input = { name: "Acme", email: "acme@client.example" };
  const first = await owner.post("/v1/subaccounts", input, key("create-acme"));
  const again = await owner.post("/v1/subaccounts", input, key("create-acme"));
  assert.equal(first.status, 201);
  assert.deepEqual([again.status, again.body], [first.status, first.body]);
});

test("the same key with another body is a conflict", async () => {
  const other = { name: "Acme Two", email: "acme.two@client.example" };
  refused(await owner.post("/v1/subaccounts", other, key("create-acme")), 409, "idempotency_conflict");
});

test("the same key on another path is a conflict", async () => {
  const reply = await owner.post(
    `/v1/subaccounts/${account}/purchases`,
    { tier: "basic", seconds: 60 },
    key("create-acme"),
  );
  refused(reply, 409, "idempotency_conflict");
});

test("a payment is marked once, also by two at once", async () => {
  const path = `/v1/subaccounts/${account}/purchases`;
  const { id } = ok(await owner.post<Purchase>(path, { tier: "basic", seconds: 600 }, key("buy")));
  const marks = [1, 2, 3].map(() => owner.post<Purchase>(`/v1/purchases/${id}/mark_paid`, undefined, key("paid")));
  const replies = await Promise.all(marks);
  for (const reply of replies) assert.deepEqual(reply.body, replies[0]?.body);
  assert.equal(replies[0]?.status, 200);
  assert.equal((await walletOf(owner, account)).basic_seconds, 600);
});

test("a refusal does not use the key up", async () => {
  const path = `/v1/subaccounts/${account}/purchases`;
  refused(await owner.post(path, { tier: "basic", seconds: 0 }, key("second-try")), 422, "invalid", "seconds");
  assert.equal((await owner.post(path, { tier: "basic", seconds: 60 }, key("second-try"))).status, 201);
});

test("a batch of calls is replayed with the results of the first time", async () => {
  const calls = [call({ id: "keyed", subaccount: account })];
  const first = await engine.post("/v1/calls", calls, key("batch-1"));
  const again = await engine.post("/v1/calls", calls, key("batch-1"));
  assert.deepEqual(again.body, first.body);
  assert.equal((await walletOf(owner, account)).premium_seconds, -60);
});

test("the secret of an API key is not told again", async () => {
  const input = { name: "engine", scopes: ["read"] };
  const first = ok(await owner.post<{ id: string; secret?: string }>("/v1/api_keys", input, key("key-1")));
  const again = ok(await owner.post<{ id: string; secret?: string }>("/v1/api_keys", input, key("key-1")));
  const { secret, ...rest } = first;
  assert.match(secret ?? "", /^mbk_/);
  assert.deepEqual(again, rest);
});

for (const value of ["", "é", "x".repeat(256)]) {
  test(`the key "${value.slice(0, 8)}" of ${value.length} characters is refused`, async () => {
    const send = key(Buffer.from(value).toString("latin1"));
    const reply = await owner.post("/v1/subaccounts", { name: "B", email: "b@client.example" }, send);
    assert.ok(reply.status >= 400 && reply.status < 500, String(reply.status));
  });
}
