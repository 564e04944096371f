// One's own password: changed, and what that does to sessions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { join, type Person } from "../harness/people.ts";

const app = await startApp({ args: ["--test-clock"] });
const owner = await app.ownerClient();
const NEW = "seven slow trains at night";

let people = 0;
async function somebody(): Promise<Person> {
  return join(app, owner, `password.${++people}@northwind.example`, "agency_member");
}
const change = (client: Client, current_password: string, new_password: string): Promise<Reply> =>
  client.post("/v1/me/password", { current_password, new_password });

test("a new password counts at once, and the old one not any more", async () => {
  const person = await somebody();
  assert.equal((await change(person.client, person.password, NEW)).status, 204);
  refused(await app.client().post("/v1/auth/login", { ...person, client: undefined }), 401, "wrong_credentials");
  await app.client().login({ email: person.email, password: NEW });
});

test("every other session ends, and this one goes on under a new cookie", async () => {
  const person = await somebody();
  const elsewhere = await app.client().login(person);
  const stolen = app.client().carrying(person.client);
  const before = ok(await person.client.get<{ data: { id: string }[] }>("/v1/me/sessions")).data;
  assert.equal(before.length, 2);
  ok(await change(person.client, person.password, NEW));
  refused(await elsewhere.get("/v1/me"), 401, "session_expired");
  refused(await stolen.get("/v1/me"), 401, "session_expired");
  const { data } = ok(await person.client.get<{ data: { id: string; current: boolean }[] }>("/v1/me/sessions"));
  assert.deepEqual(
    data.map(({ current }) => current),
    [true],
  );
  assert.ok(before.some(({ id }) => id === data[0]?.id));
});

test("a wrong current password changes nothing", async () => {
  const person = await somebody();
  refused(await change(person.client, "not the password", NEW), 403, "wrong_password", "current_password");
  await app.client().login(person);
  ok(await person.client.get("/v1/me"));
});

const WEAK: [string, string][] = [
  ["a short one", "short"],
  ["a common one", "password12345"],
  ["one's own address", "password.4@northwind"],
  ["the agency's name", "northwindvoice"],
  ["a pattern", "abcabcabcabc"],
];
for (const [what, password] of WEAK) {
  test(`${what} is refused, by its field`, async () => {
    const person = await somebody();
    refused(await change(person.client, person.password, password), 422, "invalid", "new_password");
    await app.client().login(person);
  });
}

test("whoever knows the password may be refused for something else as often as they like", async () => {
  const person = await somebody();
  for (let i = 0; i < 8; i++) {
    refused(await change(person.client, person.password, "short"), 422, "invalid", "new_password");
  }
  ok(await change(person.client, person.password, NEW));
});

test("of two changes at once one wins", async () => {
  const person = await somebody();
  const there = await app.client().login(person);
  const replies = await Promise.all([
    change(person.client, person.password, `${NEW} one`),
    change(there, person.password, `${NEW} two`),
  ]);
  assert.equal(
    replies.filter(({ status }) => status === 204).length,
    1,
    JSON.stringify(replies.map(({ body }) => body)),
  );
});

test("a sign-in that began with the old password ends with none", async () => {
  const person = await somebody();
  const late = Array.from({ length: 3 }, () => app.client()); // and the change: fewer tries than make anybody wait
  const [changed, ...logins] = await Promise.all([
    change(person.client, person.password, NEW),
    ...late.map((client) => client.post("/v1/auth/login", { email: person.email, password: person.password })),
  ]);
  ok(changed);
  for (const client of late) assert.equal((await client.get("/v1/me")).status, 401);
  for (const { status } of logins) assert.ok(status === 200 || status === 401, String(status));
});

test("signing in again in the same browser leaves no session behind", async () => {
  const person = await somebody();
  const first = app.client().carrying(person.client);
  ok(await person.client.post("/v1/auth/login", { email: person.email, password: person.password }));
  refused(await first.get("/v1/me"), 401, "session_expired");
  const { data } = ok(await person.client.get<{ data: unknown[] }>("/v1/me/sessions"));
  assert.equal(data.length, 1);
});
