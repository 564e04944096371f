// Two-factor sign-in: set up, asked for, set up anew, given up, required by the agency (domain.md §12).

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { Authenticator, setUpTwoFactor } from "../harness/authenticator.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { join, type Person, type User } from "../harness/people.ts";

interface Me {
  user: { id: string; two_factor: boolean };
  two_factor_required: boolean;
  two_factor_setup_required: boolean;
  recovery_codes_left: number;
}
interface Codes {
  recovery_codes: string[];
}

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();

let people = 0;
async function somebody(): Promise<Person> {
  return join(app, owner, `two.factor.${++people}@northwind.example`, "agency_admin");
}

const login = (person: { email: string; password: string }, code?: string): Promise<Reply> =>
  app.client().post("/v1/auth/login", {
    email: person.email,
    password: person.password,
    ...(code !== undefined && { code }),
  });
const me = async (client: Client): Promise<Me> => ok(await client.get<Me>("/v1/me"));

test("it is set up with password and first code, and asked for from then on", async () => {
  const person = await somebody();
  const { client, password } = person;
  refused(await client.post("/v1/me/totp", { password: "not the password" }), 403, "wrong_password", "password");
  const begun = ok(await client.post<{ secret: string; otpauth_url: string }>("/v1/me/totp", { password }));
  assert.match(begun.otpauth_url, /^otpauth:\/\/totp\/Northwind%20Voice:two\.factor\.1%40northwind\.example\?/);
  assert.ok(begun.otpauth_url.includes(`secret=${begun.secret}&`));
  assert.equal((await me(client)).user.two_factor, false, "nothing is asked for before it is confirmed");
  ok(await login(person));

  const authenticator = new Authenticator(app, begun.otpauth_url);
  refused(await client.post("/v1/me/totp/confirm", { code: "000000" }), 403, "wrong_code", "code");
  const first = await authenticator.next();
  const { recovery_codes } = ok(await client.post<Codes>("/v1/me/totp/confirm", { code: first }));
  assert.equal(new Set(recovery_codes).size, 10);
  const now = await me(client);
  assert.deepEqual([now.user.two_factor, now.recovery_codes_left], [true, 10]);
  const { data } = ok(await owner.get<{ data: User[] }>("/v1/users?q=two.factor.1@"));
  assert.deepEqual(
    data.map(({ two_factor }) => two_factor),
    [true],
  );

  const asked = await login(person);
  refused(asked, 401, "two_factor_required");
  assert.equal(asked.headers["set-cookie"], undefined, "no session before the code");
  refused(await login({ ...person, password: "not the password" }), 401, "wrong_credentials");
  refused(await login(person, "000000"), 401, "invalid_code");
  refused(await login(person, first), 401, "invalid_code");
  ok(await login(person, await authenticator.next()));
});

test("the list of users has those with it, and those without", async () => {
  const [on, off] = [await somebody(), await somebody()];
  await setUpTwoFactor(app, on.client, on);
  const listed = async (filter: string): Promise<string[]> => {
    const query = `/v1/users?q=two.factor.&limit=500${filter}`;
    return ok(await owner.get<{ data: User[] }>(query)).data.map(({ email }) => email);
  };
  const [all, having, lacking] = [await listed(""), await listed("&two_factor=on"), await listed("&two_factor=off")];
  assert.ok(having.includes(on.email) && lacking.includes(off.email));
  assert.deepEqual([...having, ...lacking].sort(), all.sort());
  refused(await owner.get("/v1/users?two_factor=maybe"), 422, "invalid", "two_factor");
});

test("a code counts once, one step around now, and none before the newest one used", async () => {
  const person = await somebody();
  const { app: authenticator } = await setUpTwoFactor(app, person.client, person);
  const clock = async (advance_seconds: number): Promise<string> =>
    ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds })).now;
  const now = await clock(300);
  refused(await login(person, authenticator.at(now, -90)), 401, "invalid_code");
  refused(await login(person, authenticator.at(now, 90)), 401, "invalid_code");
  ok(await login(person, authenticator.at(now)));
  refused(await login(person, authenticator.at(now)), 401, "invalid_code");
  refused(await login(person, authenticator.at(now, -30)), 401, "invalid_code");
  ok(await login(person, authenticator.at(now, 30)));
  const code = await authenticator.next(90);
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  const replies = await Promise.all([1, 2, 3].map(() => login(person, spaced)));
  assert.equal(replies.filter(({ status }) => status === 200).length, 1, "of three at once one gets in");
});

test("a recovery code signs in once, however it is typed", async () => {
  const person = await somebody();
  const { recoveryCodes } = await setUpTwoFactor(app, person.client, person);
  const [first = "", second = ""] = recoveryCodes;
  ok(await login(person, first));
  refused(await login(person, first), 401, "invalid_code");
  ok(await login(person, second.toUpperCase().replaceAll("-", " ")));
  assert.equal((await me(person.client)).recovery_codes_left, 8);
  refused(await login(person, "k3v9-m2c5-x1qy-0abc"), 401, "invalid_code");
  const stored = await app.store.query("SELECT code_hash FROM recovery_codes");
  for (const row of stored) assert.equal((row["code_hash"] as Uint8Array).length, 32);
});

test("new recovery codes take password and code, and end the old ones", async () => {
  const person = await somebody();
  const { app: authenticator, recoveryCodes } = await setUpTwoFactor(app, person.client, person);
  const { client, password } = person;
  const path = "/v1/me/recovery_codes";
  refused(await client.post(path, { password }), 403, "code_required", "code");
  refused(await client.post(path, { password, code: "000000" }), 403, "wrong_code", "code");
  refused(await client.post(path, { password: "x", code: await authenticator.next() }), 403, "wrong_password");
  const fresh = ok(await client.post<Codes>(path, { password, code: await authenticator.next() })).recovery_codes;
  assert.equal(new Set([...fresh, ...recoveryCodes]).size, 20);
  refused(await login(person, recoveryCodes[0]), 401, "invalid_code");
  ok(await login(person, fresh[0]));
  refused(await (await somebody()).client.post(path, { password }), 409, "two_factor_off");
});

test("turned on, it ends the other sessions, and the old cookie of this one", async () => {
  const person = await somebody();
  const elsewhere = await app.client().login(person);
  const stolen = app.client().carrying(person.client);
  ok(await stolen.get("/v1/me"));
  await setUpTwoFactor(app, person.client, person);
  refused(await elsewhere.get("/v1/me"), 401, "session_expired");
  refused(await stolen.get("/v1/me"), 401, "session_expired");
  const { data } = ok(await person.client.get<{ data: { current: boolean }[] }>("/v1/me/sessions"));
  assert.deepEqual(
    data.map(({ current }) => current),
    [true],
  );
});

test("it is set up anew with a code of the old one, which counts until the new one is confirmed", async () => {
  const person = await somebody();
  const { client, password } = person;
  const { app: old } = await setUpTwoFactor(app, client, person);
  refused(await client.post("/v1/me/totp", { password }), 403, "code_required", "code");
  ok(await client.post("/v1/me/totp", { password, code: await old.next() }));
  ok(await login(person, await old.next()));
  const { app: fresh, recoveryCodes } = await setUpTwoFactor(app, client, person, await old.next());
  refused(await login(person, await old.next()), 401, "invalid_code");
  ok(await login(person, await fresh.next()));
  const again = await setUpTwoFactor(app, client, person, recoveryCodes[0]);
  ok(await login(person, await again.app.next()));
});

test("a set-up waits for an hour, and only when there is one", async () => {
  const { client, password } = await somebody();
  refused(await client.post("/v1/me/totp/confirm", { code: "000000" }), 409, "two_factor_not_pending");
  const { otpauth_url } = ok(await client.post<{ otpauth_url: string }>("/v1/me/totp", { password }));
  const authenticator = new Authenticator(app, otpauth_url);
  const code = await authenticator.next(3600);
  refused(await client.post("/v1/me/totp/confirm", { code }), 409, "two_factor_not_pending");
});

test("it is given up with password and code", async () => {
  const person = await somebody();
  const { client, password } = person;
  refused(await client.delete("/v1/me/totp", { body: { password } }), 409, "two_factor_off");
  const { app: authenticator } = await setUpTwoFactor(app, client, person);
  refused(await client.delete("/v1/me/totp", { body: { password } }), 403, "code_required", "code");
  refused(await client.delete("/v1/me/totp", { body: { password, code: "000000" } }), 403, "wrong_code");
  const stolen = app.client().carrying(client);
  ok(await client.delete("/v1/me/totp", { body: { password, code: await authenticator.next() } }));
  refused(await stolen.get("/v1/me"), 401, "session_expired");
  const now = await me(client);
  assert.deepEqual([now.user.two_factor, now.recovery_codes_left], [false, 0]);
  ok(await login(person));
});

test("ownership is handed over with the owner's code too", async () => {
  const heir = await somebody();
  const { user } = await me(heir.client);
  const { app: authenticator } = await setUpTwoFactor(app, owner, app.owner);
  const transfer = (more: object): Promise<Reply> =>
    owner.post("/v1/agency/transfer_ownership", { user_id: user.id, password: app.owner.password, ...more });
  refused(await transfer({}), 403, "code_required", "code");
  refused(await transfer({ code: "000000" }), 403, "wrong_code", "code");
  ok(await transfer({ code: await authenticator.next() }));
  const back = { user_id: (await me(owner)).user.id, password: heir.password };
  ok(await heir.client.post("/v1/agency/transfer_ownership", back));
  ok(
    await owner.delete("/v1/me/totp", {
      body: { password: app.owner.password, code: await authenticator.next() },
    }),
  );
});

test("the secret is sealed: neither it nor anything readable is in the store", async () => {
  const person = await somebody();
  const begun = ok(await person.client.post<{ secret: string }>("/v1/me/totp", { password: person.password }));
  const { user } = await me(person.client);
  const rows = await app.store.query("SELECT pending_sealed FROM user_totp WHERE pending_sealed IS NOT NULL");
  assert.ok(rows.length > 0 && user.id);
  for (const row of rows) {
    const sealed = Buffer.from(row["pending_sealed"] as Uint8Array);
    assert.equal(sealed.length, 1 + 24 + 20 + 16);
    assert.ok(!sealed.includes(begun.secret));
  }
});

test("an agency that requires it lets nobody do anything else before", async () => {
  const person = await somebody();
  const engine = await app.machineClient(["read"]);
  const before = ok(await owner.get<{ two_factor_required: boolean }>("/v1/agency"));
  assert.equal(before.two_factor_required, false);
  ok(await owner.patch("/v1/agency", { two_factor_required: true }));
  // Every route and everybody: permissions.test.ts.
  refused(await person.client.get("/v1/users"), 403, "two_factor_setup_required");
  const waiting = await me(person.client);
  assert.deepEqual([waiting.two_factor_required, waiting.two_factor_setup_required], [true, true]);
  ok(await engine.get("/v1/calls"));
  ok(await login(person));

  const { app: authenticator } = await setUpTwoFactor(app, person.client, person);
  assert.equal((await me(person.client)).two_factor_setup_required, false);
  ok(await person.client.get("/v1/users"));
  const proof = { password: person.password, code: await authenticator.next() };
  refused(await person.client.delete("/v1/me/totp", { body: proof }), 409, "two_factor_is_required");
  ok(await person.client.patch("/v1/agency", { two_factor_required: false }));
  ok(await owner.get("/v1/users"));
});

test("what happened is in the audit trail, without a code or a secret", async () => {
  const { bytes } = await owner.get("/v1/audit_events?limit=500");
  const text = bytes.toString();
  for (const what of [
    "user.two_factor_enabled",
    "user.two_factor_replaced",
    "user.two_factor_disabled",
    "user.recovery_codes_renewed",
    "user.recovery_code_used",
    '"two_factor_required":true',
  ]) {
    assert.ok(text.includes(what), what);
  }
  assert.ok(!/[0-9a-z]{4}(-[0-9a-z]{4}){3}"|[A-Z2-7]{32}/.test(text));
});
