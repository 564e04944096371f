// `minutebank platform-admin`: makes somebody of the platform's staff, or sets their password.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { App } from "../harness/app.ts";
import { setUpTwoFactor } from "../harness/authenticator.ts";
import { Client, ok, refused } from "../harness/client.ts";
import { check, initAgency, minutebank, Server } from "../harness/minutebank.ts";
import { addPlatformAdmin, STAFF } from "../harness/platform.ts";
import { freshStore } from "../harness/store.ts";
import type { Finished } from "../harness/process.ts";

const store = await freshStore();
after(() => store.drop());

const run = (args: readonly string[], input = `${STAFF.password}\n`): Promise<Finished> =>
  minutebank(["platform-admin", "--store", store.url, ...args], { input });

interface Me {
  user: { name: string };
  role: string;
}

/** What the server of this store says of who signs in, for each password. */
async function signedIn(...passwords: string[]): Promise<(Me | number)[]> {
  const server = await Server.start(store);
  const client = new Client(server.url);
  const seen: (Me | number)[] = [];
  for (const password of passwords) {
    const { status, body } = await client.post<Me>("/v1/auth/login", { email: STAFF.email, password });
    seen.push(status === 200 ? body : status);
  }
  client.close();
  await server.stop();
  return seen;
}

test("a platform admin can be there before any agency", async () => {
  assert.match(await addPlatformAdmin(store), /^platform admin plt_[0-9a-z]{13} created\n$/);
  const [me] = await signedIn(STAFF.password);
  assert.ok(typeof me === "object");
  assert.deepEqual([me.role, me.user.name], ["platform_admin", "sam"]);
});

test("the same address again gets the new password, and a name only when one is given", async () => {
  const password = "a second lighthouse farther out";
  const [id] = /plt_[0-9a-z]{13}/.exec(await addPlatformAdmin(store, { ...STAFF, password })) ?? [];
  const named = await addPlatformAdmin(store, { email: "SAM@Platform.example", password }, ["--name", "Sam Ives"]);
  assert.equal(named, `platform admin ${id} has a new password and is signed out everywhere\n`);
  const [old, now] = await signedIn(STAFF.password, password);
  assert.equal(old, 401);
  assert.ok(typeof now === "object" && now.user.name === "Sam Ives");
});

test("a new password ends the sessions", async () => {
  await addPlatformAdmin(store);
  const first = await Server.start(store);
  const client = await new Client(first.url).login(STAFF);
  ok(await client.get("/v1/me"));
  await first.stop();
  await addPlatformAdmin(store);
  const second = await Server.start(store);
  const again = new Client(second.url).carrying(client);
  refused(await again.get("/v1/me"), 401, "session_expired");
  client.close();
  again.close();
  await second.stop();
});

test("who lost the second factor signs in by password alone, and is signed out everywhere", async () => {
  const app = await App.start({ staff: STAFF, args: ["--test-clock"] });
  const client = await app.client().login(STAFF);
  await setUpTwoFactor(app, client, STAFF);
  refused(await app.client().post("/v1/auth/login", STAFF), 401, "two_factor_required");
  const cookies = app.client().carrying(client);
  await app.server.stop();
  const args = ["platform-admin", "--store", app.store.url, "--email", STAFF.email, "--reset-two-factor"];
  const done = await minutebank(args);
  assert.match(
    done.stdout,
    /^platform admin plt_[0-9a-z]{13} signs in by password alone and is signed out everywhere\n$/,
  );
  await app.restart();
  refused(await app.client().carrying(cookies).get("/v1/me"), 401, "session_expired");
  ok(await app.client().post("/v1/auth/login", STAFF));
  await app.finish();
});

test("one address is one person: neither a user becomes staff nor staff an agency's owner", async () => {
  const failed = await minutebank(
    ["init", "--store", store.url, "--agency", "Mine", "--email", STAFF.email, "--password-stdin"],
    { input: "lanterns over the harbour\n" },
  );
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /already belongs/);

  const owner = await initAgency(store);
  const { code, stderr } = await run(["--email", owner.email.toUpperCase(), "--password-stdin"]);
  assert.equal(code, 1);
  assert.match(stderr, /already belongs/);
  await check(store);
});

const REFUSED: [string, string[], number, RegExp, string?][] = [
  ["no address", ["--password-stdin"], 2, /--email EMAIL is needed/],
  ["no password", ["--email", STAFF.email], 2, /--password-stdin is needed/],
  ["a name without a password", ["--email", STAFF.email, "--name", "Sam", "--reset-two-factor"], 2, /--name goes with/],
  ["nobody's second factor", ["--email", "nobody@platform.example", "--reset-two-factor"], 1, /nobody of the platform/],
  ["the second factor of no address", ["--email", "nobody", "--reset-two-factor"], 1, /nobody of the platform/],
  ["an address that is none", ["--email", "sam", "--password-stdin"], 1, /email|address/],
  ["a weak password", ["--email", STAFF.email, "--password-stdin"], 1, /the password:/, "short\n"],
  ["nothing on standard input", ["--email", STAFF.email, "--password-stdin"], 1, /no password/, ""],
  ["a name that is too long", ["--email", STAFF.email, "--name", "x".repeat(121), "--password-stdin"], 1, /120/],
];
for (const [what, args, code, why, input] of REFUSED) {
  test(`${what} is refused`, async () => {
    const done = await run(args, input);
    assert.equal(done.code, code, done.stderr);
    assert.match(done.stderr, why);
    assert.equal(done.stdout, "");
  });
}
