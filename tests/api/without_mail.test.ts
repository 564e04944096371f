// A server that sends no mail: what needs it says so, and the rest works.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused } from "../harness/client.ts";

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();

test("an address cannot be changed, as nobody could confirm it", async () => {
  const body = { email: "ada@elsewhere.example", password: app.owner.password };
  const problem = refused(await owner.post("/v1/me/email", body), 409, "mail_not_configured");
  assert.match(problem.detail, /sends no mail/);
});

test("who forgot their password is told the same, and nothing comes of it", async () => {
  const reply = await app.client().post("/v1/auth/password/forgot", { email: app.owner.email });
  assert.equal(reply.status, 202);
  ok(await owner.get("/v1/me"));
  assert.deepEqual(await app.store.query("SELECT 1 FROM user_links"), []);
});
