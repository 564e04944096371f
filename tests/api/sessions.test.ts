// Signing in and out, sessions, and the first set-up through a browser.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startApp } from "../harness/app.ts";
import { Client, ok, refused } from "../harness/client.ts";
import { check, Server } from "../harness/minutebank.ts";
import { freshStore } from "../harness/store.ts";

interface Me {
  user: { id: string; name: string; email: string };
  role: string;
  permissions: string[];
  subaccounts: { kind: string }[];
}

const app = await startApp({ args: ["--test-clock"] });

test("the owner signs in, is somebody, and signs out", async () => {
  const client = await app.ownerClient();
  const me = ok(await client.get<Me>("/v1/me"));
  assert.deepEqual([me.user.email, me.role], [app.owner.email, "agency_owner"]);
  assert.ok(me.permissions.includes("subaccount.create"));
  assert.deepEqual(
    me.subaccounts.map(({ kind }) => kind),
    ["primary"],
  );
  const cookies = new Map(client.cookies);
  assert.equal((await client.post("/v1/auth/logout")).status, 204);
  assert.equal(client.cookies.size, 0);

  // The cookie itself is dead, not only forgotten.
  const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  assert.equal((await app.client().get("/v1/me", { headers })).status, 401);
});

test("the session's cookie is out of reach for scripts and other sites", async () => {
  const reply = await app.client().post("/v1/auth/login", app.owner);
  const [cookie = ""] = reply.headers["set-cookie"] ?? [];
  assert.match(cookie, /^mb_session=[0-9a-z]{13}_[A-Za-z0-9_-]{43}; /);
  for (const attribute of ["HttpOnly", "SameSite=Lax", "Path=/"]) assert.ok(cookie.includes(attribute), cookie);
  assert.ok(!cookie.includes("Secure"), "not over plain http on loopback");
});

test("the email is compared without regard to case", async () => {
  ok(await app.client().post("/v1/auth/login", { ...app.owner, email: app.owner.email.toUpperCase() }));
});

for (const wrong of [{ password: "not the passphrase" }, { email: "nobody@northwind.example" }]) {
  test(`a wrong ${Object.keys(wrong).join()} is told like any other`, async () => {
    const reply = await app.client().post("/v1/auth/login", { ...app.owner, ...wrong });
    const problem = refused(reply, 401, "wrong_credentials");
    assert.deepEqual(problem.errors, []);
    assert.equal(reply.headers["set-cookie"], undefined);
  });
}

test("a session can be ended from another one", async () => {
  const [here, there] = [await app.ownerClient(), await app.ownerClient()];
  const { data } = ok(await there.get<{ data: { id: string; current: boolean }[] }>("/v1/me/sessions"));
  const theirs = data.find(({ current }) => current);
  assert.ok(theirs);
  assert.equal((await here.delete(`/v1/me/sessions/${theirs.id}`)).status, 204);
  assert.equal((await there.get("/v1/me")).status, 401);
  ok(await here.get("/v1/me"));
  refused(await here.delete(`/v1/me/sessions/${theirs.id}`), 404, "not_found");
});

test("a session says in words what it is signed in with", async () => {
  const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
  ok(await app.client().post("/v1/auth/login", app.owner, { headers }));
  const client = await app.ownerClient();
  const { data } = ok(await client.get<{ data: { device: string | null }[] }>("/v1/me/sessions"));
  assert.deepEqual(
    data.slice(0, 2).map(({ device }) => device),
    [null, "Firefox on Linux"],
  );
});

test("one's own name can be changed, not one's email", async () => {
  const client = await app.ownerClient();
  assert.equal(ok(await client.patch<Me>("/v1/me", { name: "Ada Park" })).user.name, "Ada Park");
  refused(await client.patch("/v1/me", { email: "else@northwind.example" }), 400, "unknown_field", "email");
});

test("an idle session ends after 14 days", async () => {
  const client = await app.ownerClient();
  const clock = async (advance_seconds: number): Promise<unknown> =>
    app.client().post("/v1/test/clock", { advance_seconds });
  await clock(13 * 86_400);
  ok(await client.get("/v1/me"));
  await clock(15 * 86_400);
  assert.equal((await client.get("/v1/me")).status, 401);
});

test("a key ends when it was said to", async () => {
  const client = await app.ownerClient();
  const pass = async (advance_seconds: number): Promise<string> =>
    ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds })).now;
  const now = await pass(1);
  const input = { name: "engine", scopes: ["read"] };
  refused(await client.post("/v1/api_keys", { ...input, expires_at: now }), 422, "invalid", "expires_at");
  const expires_at = new Date(Date.parse(now) + 3_600_000).toISOString();
  const { secret } = ok(await client.post<{ secret: string }>("/v1/api_keys", { ...input, expires_at }));
  ok(await app.client({ key: secret }).get("/v1/subaccounts"));
  await pass(3600);
  refused(await app.client({ key: secret }).get("/v1/subaccounts"), 401, "bad_api_key");
});

test("passwords are kept as argon2id, sessions as hashes", async () => {
  const client = await app.ownerClient();
  const [user] = await app.store.query("SELECT password_hash FROM users");
  assert.match(String(user?.["password_hash"]), /^\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$/);
  const secret = [...client.cookies.values()].join();
  const rows = await app.store.query("SELECT * FROM sessions");
  const kept = rows.flatMap((row) => Object.values(row).map((value) => Buffer.from(String(value)).toString()));
  assert.ok(rows.length > 0 && !kept.some((value) => value.includes(secret.slice(-43))));
});

test("who guesses passwords waits, for that account alone", async () => {
  const guess = async (email: string) => app.client().post("/v1/auth/login", { email, password: "a guess" });
  const email = "guessed@northwind.example";
  const replies = [];
  for (let i = 0; i < 8; i += 1) replies.push(await guess(email));
  assert.deepEqual(
    replies.slice(0, 5).map(({ status }) => status),
    [401, 401, 401, 401, 401],
  );
  const last = replies.at(-1);
  assert.ok(last);
  refused(last, 429, "too_many_tries");
  assert.match(String(last.headers["retry-after"]), /^[1-9]\d*$/);
  await app.ownerClient();
});

test("ids go on after those of a clock that was ahead", async () => {
  const newest = async (): Promise<string> => {
    const client = await app.ownerClient();
    const name = `Account ${Date.now()}`;
    return ok(await client.post<{ id: string }>("/v1/subaccounts", { name, email: `${Date.now()}@client.example` })).id;
  };
  ok(await app.client().post("/v1/test/clock", { advance_seconds: 30 * 86_400 }));
  const ahead = await newest();
  await app.restart(); // at the system's time again, months behind
  assert.ok((await newest()) > ahead);
});

test("an empty store is set up once, with the printed token", async () => {
  const store = await freshStore();
  const server = await Server.start(store);
  const client = new Client(server.url);
  after(async () => {
    client.close();
    await server.stop();
    await check(store);
    await store.drop();
  });
  const token = /#token=(\S+)/.exec(server.logs)?.[1] ?? "";
  const input = {
    agency: "Contoso",
    name: "Grace",
    email: "grace@contoso.example",
    password: "lanterns over the harbour",
  };

  assert.deepEqual(ok(await client.get("/v1/setup")), { needed: true, demo: false, sends_mail: false });
  const wrong = { ...input, token: "A".repeat(43) };
  assert.equal((await client.post("/v1/setup", wrong)).status, 403);
  const weak = await client.post("/v1/setup", { ...input, token, password: "password123" });
  assert.equal(weak.status, 422);

  const me = ok(await client.post<Me>("/v1/setup", { ...input, token }));
  assert.deepEqual([me.user.email, me.role], [input.email, "agency_owner"]);
  ok(await client.get("/v1/subaccounts"));
  assert.deepEqual(ok(await client.get("/v1/setup")), { needed: false, demo: false, sends_mail: false });
  const again = await client.post("/v1/setup", { ...input, token, email: "eve@contoso.example" });
  assert.ok(again.status === 403 || again.status === 409, String(again.status));
});
