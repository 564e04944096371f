// How the platform's staff sign in and look after their own accounts: as users do, outside every agency and inside one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { setUpTwoFactor } from "../harness/authenticator.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { addStaff, STAFF } from "../harness/platform.ts";
import type { Owner } from "../harness/minutebank.ts";
import { addPerson, idNumber } from "../harness/rows.ts";

interface Me {
  user: { id: string; two_factor: boolean };
  role: string;
  recovery_codes_left: number;
}

const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
const owner = await app.ownerClient();
const agency = ok(await owner.get<{ id: string }>("/v1/agency")).id;

/** Somebody of the staff whom nothing else is about, signed in. */
async function somebody(): Promise<Owner & { client: Client }> {
  const person = await addStaff(app.store);
  return { ...person, client: await app.client().login(person) };
}

const login = ({ email, password }: Owner, code?: string): Promise<Reply> =>
  app.client().post("/v1/auth/login", { email, password, ...(code !== undefined && { code }) });
const me = async (client: Client): Promise<Me> => ok(await client.get<Me>("/v1/me"));
const enter = async (client: Client): Promise<unknown> =>
  ok(await client.post(`/v1/platform/agencies/${agency}/enter`));

/** What is written down of somebody's account. */
async function events(client: Client): Promise<string[]> {
  const id = idNumber((await me(client)).user.id);
  const rows = await app.store.query(`SELECT action FROM platform_events WHERE user_id = ${id} ORDER BY id`);
  return rows.map(({ action }) => String(action));
}

test("a second factor is set up, asked for from then on, and given up", async () => {
  const person = await somebody();
  const { client, password } = person;
  const elsewhere = await app.client().login(person);
  refused(await client.post("/v1/me/totp", { password: "not the password" }), 403, "wrong_password", "password");
  const begun = ok(await client.post<{ otpauth_url: string }>("/v1/me/totp", { password }));
  assert.match(begun.otpauth_url, /^otpauth:\/\/totp\/Minutebank:staff\.\d+%40platform\.example\?/);
  ok(await login(person));
  refused(await client.post("/v1/me/totp/confirm", { code: "000000" }), 403, "wrong_code", "code");

  const { app: authenticator, recoveryCodes } = await setUpTwoFactor(app, client, person);
  refused(await elsewhere.get("/v1/me"), 401, "session_expired");
  const now = await me(client);
  assert.deepEqual([now.role, now.user.two_factor, now.recovery_codes_left], ["platform_admin", true, 10]);
  const asked = await login(person);
  refused(asked, 401, "two_factor_required");
  assert.equal(asked.headers["set-cookie"], undefined, "no session before the code");
  refused(await login(person, "000000"), 401, "invalid_code");
  const code = await authenticator.next();
  ok(await login(person, code));
  refused(await login(person, code), 401, "invalid_code");
  ok(await login(person, recoveryCodes[0]));
  refused(await login(person, recoveryCodes[0]), 401, "invalid_code");
  assert.equal((await me(client)).recovery_codes_left, 9);

  refused(await client.delete("/v1/me/totp", { body: { password } }), 403, "code_required", "code");
  const stolen = app.client().carrying(client);
  ok(await client.delete("/v1/me/totp", { body: { password, code: await authenticator.next() } }));
  refused(await stolen.get("/v1/me"), 401, "session_expired");
  ok(await login(person));
  assert.deepEqual(
    (await events(client)).filter((action) => action !== "session.created"),
    ["begun", "begun", "enabled", "recovery_code_used", "disabled"].map((what) =>
      what.startsWith("recovery") ? `user.${what}` : `user.two_factor_${what}`,
    ),
  );
});

test("new recovery codes end the old ones", async () => {
  const person = await somebody();
  const { app: authenticator, recoveryCodes } = await setUpTwoFactor(app, person.client, person);
  const proof = { password: person.password, code: await authenticator.next() };
  const fresh = ok(await person.client.post<{ recovery_codes: string[] }>("/v1/me/recovery_codes", proof));
  refused(await login(person, recoveryCodes[0]), 401, "invalid_code");
  ok(await login(person, fresh.recovery_codes[0]));
});

test("inside an agency it is theirs all the same, and no agency's affair", async () => {
  const person = await somebody();
  const { client } = person;
  await enter(client);
  await setUpTwoFactor(app, client, person);
  const now = await me(client);
  assert.deepEqual([now.role, now.user.two_factor, now.recovery_codes_left], ["agency_admin", true, 10]);
  ok(await client.get("/v1/subaccounts"));
  const { bytes } = await owner.get("/v1/audit_events?limit=500");
  assert.ok(!bytes.includes("two_factor"), "the agency's trail tells of its own people");
  ok(await client.post("/v1/platform/leave"));
  refused(await login(person), 401, "two_factor_required");
});

test("what an agency requires of its people is not required of the staff inside", async () => {
  const { client } = await somebody();
  ok(await owner.patch("/v1/agency", { two_factor_required: true }));
  await enter(client);
  ok(await client.get("/v1/subaccounts"));
  ok(await client.patch("/v1/agency", { two_factor_required: false }));
  ok(await client.post("/v1/platform/leave"));
});

test("a new password ends the other sessions, and the old cookie of this one", async () => {
  const person = await somebody();
  const { client, password } = person;
  const elsewhere = await app.client().login(person);
  await enter(elsewhere);
  const stolen = app.client().carrying(client);
  const change = (current_password: string, new_password: string): Promise<Reply> =>
    client.post("/v1/me/password", { current_password, new_password });
  const fresh = "two ferries pass at dawn";
  refused(await change("not the password", fresh), 403, "wrong_password", "current_password");
  refused(await change(password, "short"), 422, "invalid", "new_password");
  ok(await change(password, fresh));
  ok(await client.get("/v1/platform/overview"));
  for (const ended of [elsewhere, stolen]) refused(await ended.get("/v1/me"), 401, "session_expired");
  refused(await login(person), 401, "wrong_credentials");
  ok(await login({ ...person, password: fresh }));
  assert.ok((await events(client)).includes("user.password_changed"));
});

test("a password changed while somebody signs in by the old one lets nobody in", async () => {
  const person = await somebody();
  const fresh = "seven kites over the dunes";
  const change = { current_password: person.password, new_password: fresh };
  const [changed, ...tries] = await Promise.all([
    person.client.post("/v1/me/password", change),
    ...Array.from({ length: 3 }, () => login(person)),
  ]);
  ok(changed);
  for (const reply of tries) assert.ok([200, 401].includes(reply.status));
  const { data } = ok(await person.client.get<{ data: { current: boolean }[] }>("/v1/me/sessions"));
  assert.ok(data.length >= 1 && data.filter(({ current }) => current).length === 1);
  refused(await login(person), 401, "wrong_credentials");
});

test("another address is not theirs to choose", async () => {
  const { client, password } = await somebody();
  const change = { email: "else@platform.example", password };
  refused(await client.post("/v1/me/email", change), 404, "not_found");
  await enter(client);
  refused(await client.post("/v1/me/email", change), 404, "not_found");
  refused(await client.delete("/v1/me/email"), 404, "not_found");
});

test("who is removed takes the second factor along", async () => {
  const person = await addPerson(app.store, app.owner, "agency_admin");
  const client = await app.client().login(person);
  await setUpTwoFactor(app, client, person);
  const { user } = await me(client);
  ok(await owner.delete(`/v1/users/${user.id}`));
  for (const table of ["user_totp", "recovery_codes"]) {
    const rows = await app.store.query(`SELECT 1 AS one FROM ${table} WHERE user_id = ${idNumber(user.id)}`);
    assert.deepEqual(rows, [], table);
  }
});
