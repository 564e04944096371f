// Links by mail: a new password for who forgot theirs, another address to sign in with, and what one is told of.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { startApp } from "../harness/app.ts";
import { hashes, setUpTwoFactor } from "../harness/authenticator.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { MailServer, tokenIn, type Mail } from "../harness/mail.ts";
import { STAFF } from "../harness/platform.ts";
import { addSubaccount } from "../harness/scene.ts";

const PASSWORD = "quiet lamps by the river";
const NEW = "seven slow trains at night";
const MINUTE = 60;

const post = await MailServer.start({ isPlain: true });
after(() => post.stop());
const app = await startApp({
  staff: STAFF,
  args: [
    ...["--test-clock", "--trusted-proxies", "127.0.0.1", "--smtp-url", `smtp://127.0.0.1:${post.port}`],
    ...["--smtp-insecure", "--mail-from", "mail@minutes.example"],
  ],
});
const owner = await app.ownerClient();
await addSubaccount(owner, "Harbor Dental");

interface Person {
  client: Client;
  email: string;
  password: string;
}
interface EmailChange {
  email: string;
  old_confirmed: boolean;
  new_confirmed: boolean;
  is_done?: boolean;
}
interface Me {
  user: { email: string };
  email_change: EmailChange | null;
}

let people = 0;
async function somebody(): Promise<Person> {
  const email = `link.${++people}@northwind.example`;
  ok(await owner.post("/v1/invitations", { email, role: "agency_admin" }));
  const token = tokenIn(await post.arrival(email));
  const client = app.client();
  ok(await client.post("/v1/invitations/accept", { token, name: "Grace Hopper", password: PASSWORD }));
  return { client, email, password: PASSWORD };
}

const advance = async (advance_seconds: number): Promise<unknown> =>
  ok(await app.client().post("/v1/test/clock", { advance_seconds }));
let places = 0;
/** Each from somewhere else: what tries are counted by is the matter of another test. */
const send = (path: string, body: object): Promise<Reply> =>
  app.client().post(path, body, { headers: { "x-forwarded-for": `10.0.${places >> 8}.${places++ & 255}` } });
const login = (email: string, password: string, code?: string): Promise<Reply> =>
  send("/v1/auth/login", { email, password, ...(code !== undefined && { code }) });
const forgot = (email: string): Promise<Reply> => send("/v1/auth/password/forgot", { email });
const reset = (token: string, password = NEW): Promise<Reply> => send("/v1/auth/password/reset", { token, password });
const confirm = async (token: string): Promise<Reply<EmailChange>> =>
  (await send("/v1/auth/email/confirm", { token })) as Reply<EmailChange>;
const changeEmail = ({ client, password }: Person, email: string): Promise<Reply> =>
  client.post("/v1/me/email", { email, password });

/** The nth mail to an address whose subject says `about`. */
async function mailAbout(address: string, about: RegExp, nth = 1): Promise<Mail> {
  for (let seen = 1; ; seen++) {
    await post.arrival(address, seen);
    const found = post.sentTo(address).filter(({ headers }) => about.test(headers.get("subject") ?? ""));
    if (found[nth - 1]) return found[nth - 1] as Mail;
  }
}
const resetToken = async (email: string, nth = 1): Promise<string> =>
  tokenIn(await mailAbout(email, /^Set a new password/, nth));

test("who forgot their password sets a new one by a link, once, and is told", async () => {
  const { client, email, password } = await somebody();
  const elsewhere = await app.client().login({ email, password });
  const asked = await forgot(email.toUpperCase());
  assert.deepEqual([asked.status, asked.body], [202, ""]);
  const token = await resetToken(email);
  assert.equal(Buffer.from(token, "base64url").length, 32, "256 bits");
  ok(await client.get("/v1/me"));

  const done = await reset(token);
  assert.deepEqual([done.status, done.headers["set-cookie"]], [204, undefined], "nobody is signed in by it");
  for (const each of [client, elsewhere]) refused(await each.get("/v1/me"), 401, "session_expired");
  refused(await login(email, password), 401, "wrong_credentials");
  ok(await login(email, NEW));
  refused(await reset(token), 404, "link_not_found");
  assert.match((await mailAbout(email, /^Your password .* was changed/)).text, /was changed on/);
});

test("a reset does not stand in for the second factor", async () => {
  const person = await somebody();
  const { app: authenticator } = await setUpTwoFactor(app, person.client, person);
  ok(await forgot(person.email));
  ok(await reset(await resetToken(person.email)));
  refused(await login(person.email, NEW), 401, "two_factor_required");
  ok(await login(person.email, NEW, await authenticator.next()));
});

test("a link is worth nothing after an hour", async () => {
  const { email, password } = await somebody();
  ok(await forgot(email));
  const token = await resetToken(email);
  await advance(60 * MINUTE + 1);
  refused(await reset(token), 409, "link_expired");
  ok(await login(email, password));
});

test("only the newest link counts, and asking again and again sends no more and kills none", async () => {
  const { email } = await somebody();
  ok(await forgot(email));
  const first = await resetToken(email);
  for (let i = 0; i < 3; i++) ok(await forgot(email));
  await advance(4 * MINUTE);
  ok(await forgot(email));
  await advance(MINUTE + 1);
  ok(await forgot(email));
  const second = await resetToken(email, 2);
  assert.equal(post.sentTo(email).filter(({ text }) => text.includes("/reset#token=")).length, 2);
  refused(await reset(first), 404, "link_not_found");
  ok(await reset(second));
});

test("a weak password is refused and leaves the link, a tampered link opens nothing", async () => {
  const { email } = await somebody();
  ok(await forgot(email));
  const token = await resetToken(email);
  refused(await reset(token, "northwindvoice"), 422, "invalid", "password");
  refused(await reset(token, email), 422, "invalid", "password");
  const flipped = (token.startsWith("A") ? "B" : "A") + token.slice(1);
  for (const wrong of [flipped, token.slice(0, -1), `${token}A`, "x"]) {
    refused(await reset(wrong), 404, "link_not_found");
    refused(await confirm(wrong), 404, "link_not_found");
  }
  refused(await confirm(token), 404, "link_not_found");
  ok(await reset(token));
});

test("of two resets at once one wins", async () => {
  const { email } = await somebody();
  ok(await forgot(email));
  const token = await resetToken(email);
  const words = ["one", "two", "three", "four"].map((word) => `${NEW} ${word}`);
  const replies = await Promise.all(words.map((password) => reset(token, password)));
  assert.equal(replies.filter(({ status }) => status === 204).length, 1);
  const signedIn = await Promise.all(words.map((password) => login(email, password)));
  assert.deepEqual(
    signedIn.map(({ status }) => status === 200),
    replies.map(({ status }) => status === 204),
  );
});

test("a new password kills the links of the old one", async () => {
  const { client, email, password } = await somebody();
  ok(await forgot(email));
  const token = await resetToken(email);
  ok(await client.post("/v1/me/password", { current_password: password, new_password: NEW }));
  refused(await reset(token), 404, "link_not_found");
});

test("known or not, who asks is told the same, by the same work", async () => {
  const { email } = await somebody();
  const told = async (address: string): Promise<unknown> => {
    const before = await hashes(app);
    const { status, body, headers } = await forgot(address);
    return { status, body, headers: Object.keys(headers), hashes: (await hashes(app)) - before };
  };
  const known = await told(email);
  await resetToken(email);
  assert.deepEqual(await told("nobody@nowhere.example"), known);
  assert.deepEqual(await told("no address at all"), known);
  // What each leaves behind to be answered later is answered for all of them.
  const waiting = async (): Promise<unknown[]> => app.store.query("SELECT id FROM password_requests");
  for (let rest = 600; (await waiting()).length > 0; rest--) {
    assert.ok(rest > 0, "requests wait for a minute");
    await sleep(100);
  }
  assert.equal(post.sentTo("nobody@nowhere.example").length, 0);
});

test("another address counts when both have confirmed it, in either order", async () => {
  for (const order of [
    ["old", "new"],
    ["new", "old"],
  ]) {
    const person = await somebody();
    const email = `moved.${order[0]}@northwind.example`;
    const begun = await changeEmail(person, email);
    assert.equal(begun.status, 202);
    const told = await mailAbout(person.email, /is changing/);
    assert.ok(told.text.includes(email), told.text);
    const links: Record<string, string> = {
      old: tokenIn(told),
      new: tokenIn(await mailAbout(email, /^Confirm your new address/)),
    };
    const first = ok(await confirm(links[order[0] ?? ""] ?? ""));
    assert.deepEqual([first.email, first.is_done], [email, false]);
    assert.deepEqual([first.old_confirmed, first.new_confirmed], [order[0] === "old", order[0] === "new"]);
    const waiting = ok(await person.client.get<Me>("/v1/me"));
    assert.deepEqual([waiting.user.email, waiting.email_change?.email], [person.email, email]);
    refused(await login(email, PASSWORD), 401, "wrong_credentials");
    refused(await confirm(links[order[0] ?? ""] ?? ""), 404, "link_not_found");

    assert.equal(ok(await confirm(links[order[1] ?? ""] ?? "")).is_done, true);
    const moved = ok(await person.client.get<Me>("/v1/me"));
    assert.deepEqual([moved.user.email, moved.email_change], [email, null]);
    ok(await login(email, PASSWORD));
    refused(await login(person.email, PASSWORD), 401, "wrong_credentials");
    ok(await owner.post("/v1/invitations", { email: person.email, role: "agency_member" }));
  }
});

test("a change of address takes the password, and an address that is free and another", async () => {
  const person = await somebody();
  const other = await somebody();
  const change = (body: object): Promise<Reply> => person.client.post("/v1/me/email", body);
  refused(await change({ email: "x@y.example", password: "wrong" }), 403, "wrong_password", "password");
  refused(await change({ email: "nobody", password: PASSWORD }), 422, "invalid", "email");
  refused(await change({ email: person.email.toUpperCase(), password: PASSWORD }), 409, "same_email", "email");
  refused(await change({ email: other.email, password: PASSWORD }), 409, "email_taken", "email");
  refused(await change({ email: STAFF.email, password: PASSWORD }), 409, "email_taken", "email");
  assert.equal(ok(await person.client.get<Me>("/v1/me")).email_change, null);
});

test("an address that is taken meanwhile is not taken over", async () => {
  const person = await somebody();
  const email = "wanted.by.two@northwind.example";
  ok(await changeEmail(person, email));
  const links = [
    tokenIn(await mailAbout(person.email, /is changing/)),
    tokenIn(await mailAbout(email, /^Confirm your new address/)),
  ];
  ok(await owner.post("/v1/invitations", { email, role: "agency_member" }));
  const token = tokenIn(await mailAbout(email, /invites you/));
  ok(await app.client().post("/v1/invitations/accept", { token, name: "First", password: PASSWORD }));
  ok(await confirm(links[0] ?? ""));
  refused(await confirm(links[1] ?? ""), 409, "email_taken");
  assert.equal(ok(await person.client.get<Me>("/v1/me")).user.email, person.email);
});

test("a change runs out after a day, is taken back, or gives way to another", async () => {
  const person = await somebody();
  ok(await changeEmail(person, "first.choice@northwind.example"));
  const first = tokenIn(await mailAbout("first.choice@northwind.example", /^Confirm/));
  refused(await changeEmail(person, "second.choice@northwind.example"), 429, "too_many_tries");
  await advance(MINUTE + 1);
  ok(await changeEmail(person, "second.choice@northwind.example"));
  refused(await confirm(first), 404, "link_not_found");
  const second = tokenIn(await mailAbout("second.choice@northwind.example", /^Confirm/));
  ok(await person.client.delete("/v1/me/email"));
  refused(await person.client.delete("/v1/me/email"), 404, "not_found");
  refused(await confirm(second), 409, "link_expired");
  await advance(MINUTE + 1);
  ok(await changeEmail(person, "third.choice@northwind.example"));
  const third = tokenIn(await mailAbout("third.choice@northwind.example", /^Confirm/));
  await advance(86_400);
  refused(await confirm(third), 409, "link_expired");
  assert.equal(ok(await person.client.get<Me>("/v1/me")).email_change, null);
});

test("a reset takes a waiting change of address back", async () => {
  const person = await somebody();
  ok(await changeEmail(person, "thief@elsewhere.example"));
  const link = tokenIn(await mailAbout("thief@elsewhere.example", /^Confirm/));
  ok(await forgot(person.email));
  ok(await reset(await resetToken(person.email)));
  refused(await confirm(link), 404, "link_not_found");
  ok(await login(person.email, NEW));
});

test("a sign-in from a device never seen is told of, one that was seen is not", async () => {
  const { email, password } = await somebody();
  const from = async (agent: string, address: string): Promise<void> => {
    const headers = { "user-agent": agent, "x-forwarded-for": address };
    ok(await app.client().post("/v1/auth/login", { email, password }, { headers }));
  };
  const linux = (version: number): string =>
    `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
  await from(linux(140), "203.0.113.7");
  const { text } = await mailAbout(email, /^New sign-in/);
  assert.ok(text.includes("Firefox on Linux, address 203.0.113.7"), text);
  await from(linux(141), "203.0.200.1");
  await from("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36", "203.0.113.7");
  assert.match((await mailAbout(email, /^New sign-in/, 2)).text, /Chrome on Windows/);
  await from(linux(141), "198.51.100.9");
  assert.match((await mailAbout(email, /^New sign-in/, 3)).text, /198\.51\.100\.9/);
  const sent = post.sentTo(email).filter(({ headers }) => headers.get("subject")?.startsWith("New sign-in"));
  assert.equal(sent.length, 3);
});

test("known devices are bounded: the oldest gives way", async () => {
  const { email, password } = await somebody();
  for (let i = 0; i < 60; i++) {
    const headers = { "x-forwarded-for": `10.${i}.0.1` };
    ok(await app.client().post("/v1/auth/login", { email, password }, { headers }));
  }
  const [row] = await app.store.query(
    "SELECT MAX(n) AS most FROM (SELECT COUNT(*) AS n FROM known_devices GROUP BY user_id) AS c",
  );
  assert.equal(row?.["most"], 50n);
});

test("two-factor sign-in turned on, used with a recovery code and turned off is told of", async () => {
  const person = await somebody();
  const { recoveryCodes } = await setUpTwoFactor(app, person.client, person);
  await mailAbout(person.email, /was turned on$/);
  ok(await login(person.email, PASSWORD, recoveryCodes[0]));
  await mailAbout(person.email, /was used with a recovery code$/);
  const proof = { password: PASSWORD, code: recoveryCodes[1] };
  ok(await person.client.delete("/v1/me/totp", { body: proof }));
  await mailAbout(person.email, /was turned off$/);
});

test("no token is in the store, the log or the audit trail", async () => {
  const { email } = await somebody();
  ok(await forgot(email));
  const token = await resetToken(email);
  const stored = await app.store.query("SELECT token_hash FROM user_links WHERE token_hash IS NOT NULL");
  assert.ok(stored.length > 0);
  for (const row of stored) assert.equal((row["token_hash"] as Uint8Array).length, 32);
  assert.ok(!app.server.logs.includes(token));
  const { bytes } = await owner.get("/v1/audit_events?limit=500");
  assert.ok(!bytes.includes(token));
  for (const action of ["user.password_reset_requested", "user.password_reset", "user.email_changed"]) {
    assert.ok(bytes.includes(action), action);
  }
});
