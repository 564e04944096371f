// What people try against a sign-in, each as a test: none of it works, and none of it harms anybody else.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { App, startApp } from "../harness/app.ts";
import { hashes, setUpTwoFactor } from "../harness/authenticator.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { MailServer, tokenIn } from "../harness/mail.ts";
import { servedRoutes, type Route } from "../harness/rows.ts";

const PASSWORD = "quiet lamps by the river";
const COOKIE = "mb_session";

const post = await MailServer.start({ isPlain: true });
after(() => post.stop());
const MAIL = ["--smtp-url", `smtp://127.0.0.1:${post.port}`, "--smtp-insecure", "--mail-from", "mail@minutes.example"];
const app = await startApp({ args: ["--test-clock", "--trusted-proxies", "127.0.0.1", ...MAIL] });
const owner = await app.ownerClient();

interface Person {
  client: Client;
  email: string;
  password: string;
}

let people = 0;
async function somebody(role = "agency_member"): Promise<Person> {
  const email = `target.${++people}@northwind.example`;
  ok(await owner.post("/v1/invitations", { email, role }));
  const token = tokenIn(await post.arrival(email));
  const client = app.client();
  ok(await client.post("/v1/invitations/accept", { token, name: "Grace Hopper", password: PASSWORD }));
  return { client, email, password: PASSWORD };
}

const cookieOf = (client: Client): string => client.cookies.get(COOKIE) ?? "";
const withCookie = (cookie: string): Promise<Reply> => app.client().get("/v1/me", { headers: { cookie } });
const from = (address: string, path: string, body: object): Promise<Reply> =>
  app.client().post(path, body, { headers: { "x-forwarded-for": address } });
const loginFrom = (address: string, email: string, password: string, code?: string): Promise<Reply> =>
  from(address, "/v1/auth/login", { email, password, ...(code !== undefined && { code }) });
const guess = (): string => randomBytes(32).toString("base64url");
const advance = async (advance_seconds: number): Promise<unknown> =>
  ok(await app.client().post("/v1/test/clock", { advance_seconds }));

// --- tokens ---

test("guessed tokens open nothing, and who guesses waits", async () => {
  const address = "192.0.2.1";
  const hint = cookieOf(owner).slice(0, 14);
  for (let i = 0; i < 20; i++) refused(await withCookie(`${COOKIE}=${hint}${guess()}`), 401, "session_expired");
  for (let i = 0; i < 20; i++) {
    const key = `mbk_${hint}${guess()}`;
    refused(await app.client({ key }).get("/v1/calls"), 401, "bad_api_key");
  }
  const paths = ["/v1/auth/password/reset", "/v1/auth/email/confirm"];
  let waits = 0;
  for (let i = 0; i < 60; i++) {
    const path = paths[i % 2] ?? "";
    const reply = await from(address, path, { token: guess(), ...(i % 2 === 0 && { password: PASSWORD }) });
    if (reply.status === 429) waits++;
    else refused(reply, 404, "link_not_found");
  }
  assert.ok(waits > 0, "fifty are free, the sixtieth is not");
  assert.equal((await from("192.0.2.2", "/v1/auth/email/confirm", { token: guess() })).status, 404);
});

test("a tampered cookie is nobody's", async () => {
  const good = cookieOf((await somebody()).client);
  const other = cookieOf((await somebody()).client);
  ok(await withCookie(`${COOKIE}=${good}`));
  const flipped = good.slice(0, -1) + (good.endsWith("A") ? "B" : "A");
  const wrong = [
    flipped,
    `${good}A`,
    good.slice(0, -1),
    good.toUpperCase(),
    `"${good}"`,
    good.slice(14),
    good.replace("_", "."),
    `${good.slice(0, 30)}${other.slice(30)}`,
    `0000000000001${good.slice(13)}`,
    "' OR 1=1 --",
    `${good}%00`,
  ];
  for (const value of wrong) assert.equal((await withCookie(`${COOKIE}=${value}`)).status, 401, value);
  assert.equal((await withCookie(`${COOKIE.toUpperCase()}=${good}`)).status, 401);
  assert.equal((await withCookie(`x${COOKIE}=${good}`)).status, 401);
  assert.equal((await withCookie(`${COOKIE}=; ${COOKIE}=${good}`)).status, 401, "the first one counts");
});

test("a cookie that was signed out, replaced or has ended is not taken again", async () => {
  const { client, password } = await somebody();
  const first = cookieOf(client);
  ok(await client.post("/v1/me/password", { current_password: password, new_password: `${password} too` }));
  const second = cookieOf(client);
  assert.notEqual(second, first);
  refused(await withCookie(`${COOKIE}=${first}`), 401, "session_expired");
  ok(await client.post("/v1/auth/logout"));
  refused(await withCookie(`${COOKIE}=${second}`), 401, "session_expired");
});

test("a session ends at 90 days, however busily it was used", async () => {
  const aging = await App.start({ args: ["--test-clock"] });
  try {
    const client = await aging.ownerClient();
    // A use is noted a moment after it.
    const noted = async (since: string): Promise<boolean> => {
      const [row] = await aging.store.query("SELECT MAX(last_seen_at) AS at FROM sessions");
      return BigInt(Date.parse(since)) * 1000n <= (row?.["at"] as bigint);
    };
    for (let day = 10; day < 90; day += 10) {
      const { now } = ok(
        await aging.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: 10 * 86_400 }),
      );
      ok(await client.get("/v1/me"));
      for (let rest = 600; !(await noted(now)); rest--) {
        assert.ok(rest > 0, "the use is not noted in a minute");
        await sleep(100);
      }
    }
    ok(await aging.client().post("/v1/test/clock", { advance_seconds: 10 * 86_400 }));
    refused(await client.get("/v1/me"), 401, "session_expired");
  } finally {
    await aging.finish();
  }
});

test("an idle session ends at 14 days, and so does what can be listed of it", async () => {
  const { client } = await somebody();
  await advance(14 * 86_400);
  refused(await client.get("/v1/me"), 401, "session_expired");
  await owner.login(app.owner);
});

// --- sessions and origins ---

test("fixation: a cookie planted before the sign-in is not the session after it", async () => {
  const victim = await somebody();
  const attacker = await somebody();
  for (const planted of [cookieOf(attacker.client), `${cookieOf(attacker.client).slice(0, 14)}${guess()}`]) {
    const body = { email: victim.email, password: victim.password };
    const reply = await app.client().post("/v1/auth/login", body, { headers: { cookie: `${COOKIE}=${planted}` } });
    const issued = /^mb_session=([^;]+)/.exec(reply.headers["set-cookie"]?.[0] ?? "")?.[1];
    assert.ok(issued !== undefined && issued !== planted);
    const { body: me } = await withCookie(`${COOKIE}=${planted}`);
    assert.ok(!JSON.stringify(me).includes(victim.email));
  }
  ok(await attacker.client.get("/v1/me"));
});

const ORIGINS = {
  missing: null,
  null: "null",
  foreign: "https://evil.example",
  "a name that begins alike": `${app.url}.evil.example`,
  "another port": app.url.replace(/:\d+$/, ":1"),
  "another scheme": app.url.replace("http:", "https:"),
  "in upper case": app.url.toUpperCase(),
  "with a path": `${app.url}/`,
};
const IDS: Record<string, string> = {
  subaccount: "sub",
  purchase: "pur",
  session: "ses",
  api_key: "key",
  user: "usr",
  invitation: "inv",
};

for (const [what, origin] of Object.entries(ORIGINS)) {
  test(`forged requests: every write with ${what} as its Origin is refused, signed in or not`, async () => {
    const forged = app.client({ origin }).carrying(owner);
    const anonymous = app.client({ origin });
    // A webhook rests on no cookie: its URL and its signature are its proof.
    const isWrite = ({ method, path }: Route): boolean => method !== "GET" && !path.startsWith("/webhooks/");
    const writes = (await servedRoutes()).filter(isWrite);
    assert.ok(writes.length > 25);
    for (const { method, path, permission } of writes) {
      const at = path.replaceAll(/\{(\w+)\}/g, (_, kind: string) => `${IDS[kind] ?? kind}_0000000000001`);
      const body = ["POST", "PUT", "PATCH"].includes(method) && !path.endsWith("mark_paid") ? { body: {} } : {};
      refused(await forged.send(method, at, body), 403, "bad_origin");
      const reply = await anonymous.send(method, at, body);
      if (permission === "public") refused(reply, 403, "bad_origin");
      else refused(reply, 401, "not_signed_in");
    }
    ok(await owner.get("/v1/me"));
  });
}

test("forged requests: a form's content types are not read", async () => {
  const body = JSON.stringify({ name: "Changed by a form" });
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const headers = { "content-type": type };
    refused(await owner.send("PATCH", "/v1/me", { body, headers }), 415, "wrong_content_type");
  }
  const headers = { "x-http-method-override": "DELETE", "x-method-override": "DELETE" };
  ok(await owner.get("/v1/me", { headers }));
  ok(await owner.get("/v1/me"));
});

test("the cookie's flags, over http and https, when it is made, renewed and cleared", async () => {
  const secure = await App.start({ args: ["--test-clock", "--public-url", "https://minutes.example.com"] });
  try {
    for (const [of, origin, isHttps] of [
      [app, undefined, false],
      [secure, "https://minutes.example.com", true],
    ] as const) {
      const client = of.client(origin === undefined ? {} : { origin });
      const { password } = of.owner;
      const lines = [
        await client.post("/v1/auth/login", of.owner),
        await client.post("/v1/me/password", { current_password: password, new_password: password }),
        await client.post("/v1/auth/logout"),
      ].map(({ headers }) => headers["set-cookie"]?.[0] ?? "");
      for (const line of lines) {
        const flags = line.split("; ").slice(1);
        assert.deepEqual(
          flags.filter((flag) => !flag.startsWith("Max-Age=")),
          ["Path=/", "HttpOnly", "SameSite=Lax", ...(isHttps ? ["Secure"] : [])],
          line,
        );
      }
      assert.deepEqual(
        lines.map((line) => /Max-Age=(\d+)/.exec(line)?.[1]),
        ["7776000", "7776000", "0"],
      );
    }
  } finally {
    await secure.finish();
  }
  await owner.login(app.owner);
});

// --- who is there ---

test("timing: an unknown address costs the hash that a known one does, and is told the same", async () => {
  const { email } = await somebody();
  const armed = await somebody();
  await setUpTwoFactor(app, armed.client, armed);
  const told = async (address: string, user: string): Promise<unknown> => {
    const before = await hashes(app);
    const { status, headers, body } = await loginFrom(address, user, "not the password at all");
    const { code, detail } = body as { code: string; detail: string };
    return { status, code, detail, headers: Object.keys(headers), hashes: (await hashes(app)) - before };
  };
  const known = await told("192.0.2.11", email);
  assert.equal((known as { hashes: number }).hashes, 1);
  assert.deepEqual(await told("192.0.2.12", "nobody@nowhere.example"), known);
  assert.deepEqual(await told("192.0.2.13", "no address at all"), known);
  assert.deepEqual(await told("192.0.2.14", armed.email), known);
});

// --- what one is not ---

test("mass assignment: what is not asked for is refused by its name, and changes nothing", async () => {
  const { client, password } = await somebody();
  const before = ok(await client.get("/v1/me"));
  const extras = {
    role: "agency_owner",
    agency_id: "agy_0000000000001",
    user_id: "usr_0000000000001",
    two_factor: false,
    two_factor_at: null,
    reaches_all: true,
    password_hash: "x",
    is_admin: true,
    __proto__x: 1,
  };
  const bodies: [string, string, object][] = [
    ["PATCH", "/v1/me", { name: "Grace" }],
    ["POST", "/v1/me/password", { current_password: password, new_password: "seven slow trains at night" }],
    ["POST", "/v1/me/totp", { password }],
    ["POST", "/v1/me/totp/confirm", { code: "000000" }],
    ["DELETE", "/v1/me/totp", { password }],
    ["POST", "/v1/me/recovery_codes", { password }],
    ["POST", "/v1/me/email", { email: "x@y.example", password }],
    ["POST", "/v1/auth/login", { email: "x@y.example", password }],
    ["POST", "/v1/auth/password/forgot", { email: "x@y.example" }],
    ["POST", "/v1/auth/password/reset", { token: "x", password }],
    ["POST", "/v1/auth/email/confirm", { token: "x" }],
    ["POST", "/v1/invitations/accept", { token: "x", name: "Grace", password }],
  ];
  for (const [method, path, body] of bodies) {
    for (const [name, value] of Object.entries(extras)) {
      const reply = await client.send(method, path, { body: { ...body, [name]: value } });
      refused(reply, 400, "unknown_field", name);
    }
  }
  const user = (before as { user: { id: string } }).user.id;
  const access = { role: "agency_admin" };
  refused(await owner.patch(`/v1/users/${user}`, { ...access, agency_id: "agy_0000000000001" }), 400, "unknown_field");
  refused(await owner.patch(`/v1/users/${user}`, { ...access, two_factor: false }), 400, "unknown_field");
  refused(await owner.patch("/v1/agency", { id: "agy_0000000000001" }), 400, "unknown_field");
  assert.deepEqual(ok(await client.get("/v1/me")), before);
});

test("confusion of types: a password is text, a code is text", async () => {
  const { client } = await somebody();
  for (const value of [1, true, null, {}, [], ["a"], { $ne: "" }]) {
    const body = { email: app.owner.email, password: value };
    refused(await from("192.0.2.21", "/v1/auth/login", body), 422, "invalid", "password");
    refused(await client.post("/v1/me/totp/confirm", { code: value }), 422, "invalid", "code");
  }
  const twice = `{"email":"${app.owner.email}","password":"x","password":"${app.owner.password}"}`;
  refused(await app.client().send("POST", "/v1/auth/login", { body: twice }), 400, "repeated_field", "password");
});

/** One request as it is written here, untouched by any URL parser; the status, type and body of its reply. */
async function raw(path: string, cookie: string): Promise<{ status: number; type: string; text: string }> {
  const { hostname, port } = new URL(app.url);
  return new Promise((done, failed) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nCookie: ${COOKIE}=${cookie}\r\nConnection: close\r\n\r\n`,
        "latin1",
      );
    });
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", failed);
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString("latin1");
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      done({ status, type: /^content-type: (.*)$/im.exec(text)?.[1]?.trim() ?? "", text });
    });
  });
}

test("path tricks: no spelling of a path gets around its permission", async () => {
  const { client, email } = await somebody();
  const cookie = cookieOf(client);
  assert.equal((await raw("/v1/users", cookie)).status, 403);
  assert.equal((await raw("/v1/me", cookie)).status, 200);
  const tricks = [
    "//v1/users",
    "/v1//users",
    "/v1/./users",
    "/v1/me/../users",
    "/v1/me/..%2fusers",
    "/v1/me/%2e%2e/users",
    "/v1%2fusers",
    "/v1/users/",
    "/v1/users;x=/v1/me",
    "/v1/users%00",
    "/v1/users%20",
    "/V1/USERS",
    "/v1/%75sers",
    "/v1\\users",
    "/v1/users#/v1/me",
    "/v1/me?/../users",
    "http://127.0.0.1/v1/users",
    "/v1/\xc0\xafusers",
    "/v1/users?role=agency_owner&role=agency_member",
  ];
  for (const path of tricks) {
    const { status, type, text } = await raw(path, cookie);
    assert.ok(!text.includes(app.owner.email), `${path} → ${text}`);
    assert.ok(
      status >= 400 || !type.startsWith("application/json") || path.startsWith("/v1/me?"),
      `${path} → ${status}`,
    );
    assert.ok(status < 500, `${path} → ${status}`);
  }
  assert.ok(email);
});

test("open redirect: the server sends nobody anywhere", async () => {
  const cookie = cookieOf(owner);
  for (const path of [
    "//evil.example/",
    "///evil.example/%2e%2e",
    "/\\evil.example",
    "/signin?next=https://evil.example/",
    "/v1/me?next=//evil.example",
    "http://evil.example/signin",
    "/accept?return_to=javascript:alert(1)",
  ]) {
    const { status, text } = await raw(path, cookie);
    assert.ok(status < 300 || status >= 400, `${path} → ${status}`);
    assert.ok(!/^(location|refresh):/im.test(text.split("\r\n\r\n")[0] ?? ""), path);
  }
});

// --- names and addresses ---

test("header injection: a name is one line, whatever lines there are", async () => {
  const { client } = await somebody();
  for (const end of ["\r\n", "\n", "\r", "\u0085", "\u2028", "\u2029", "\u0000", "\u000b", "\u001b[31m"]) {
    const name = `Eve${end}Bcc: everybody@northwind.example`;
    const reply = await client.patch("/v1/me", { name });
    assert.ok(reply.status === 422 || reply.status === 400, JSON.stringify(name));
    assert.ok([422, 400].includes((await owner.patch("/v1/agency", { name })).status), JSON.stringify(name));
  }
  for (const email of [
    "eve@n.example\r\nBcc: x@y.example",
    "eve@n.example,x@y.example",
    "eve@n.example x@y.example",
    "<eve@n.example>",
  ]) {
    refused(await owner.post("/v1/invitations", { email, role: "agency_member" }), 422, "invalid", "email");
  }
});

test("header injection: a mail's headers are its own, whatever a name is made of", async () => {
  const person = await somebody("agency_admin");
  const name = '"Eve" <boss@northwind.example>, =?utf-8?q?Bcc=3A?= \u202e% \\ ; x';
  ok(await person.client.patch("/v1/me", { name }));
  ok(await person.client.post("/v1/invitations", { email: "invited.by.eve@northwind.example", role: "agency_member" }));
  const mail = await post.arrival("invited.by.eve@northwind.example");
  assert.deepEqual(mail.to, ["invited.by.eve@northwind.example"]);
  assert.ok(!mail.headers.has("bcc") && !mail.headers.has("cc"));
  assert.ok(mail.headers.get("subject")?.startsWith('"Eve" <boss'));
  assert.ok(!mail.html.includes("<boss@"));
});

test("a link leads to this server, whatever Host and proxies say", async () => {
  const { email } = await somebody();
  const headers = { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
  await app.client().post("/v1/auth/password/forgot", { email }, { headers });
  const mail = await post.arrival(email, 2);
  assert.ok(mail.text.includes(`${app.url}/reset#token=`), mail.text);
  assert.ok(!mail.raw.includes("evil.example"));
});

// --- brute force ---

test("brute force: one address is slowed down, and everybody else signs in fine", async () => {
  const [victim, colleague] = [await somebody(), await somebody()];
  const attacker = "198.51.100.1";
  for (let i = 0; i < 5; i++) refused(await loginFrom(attacker, victim.email, `guess ${i}`), 401, "wrong_credentials");
  const slowed = await loginFrom(attacker, victim.email, "one more guess");
  refused(slowed, 429, "too_many_tries");
  assert.match(slowed.headers["retry-after"] ?? "", /^[1-9]\d*$/);
  refused(await loginFrom(attacker, victim.email, victim.password), 429, "too_many_tries");
  ok(await loginFrom("203.0.113.1", victim.email, victim.password));
  ok(await loginFrom(attacker, colleague.email, colleague.password));

  for (let i = 0; i < 60; i++) await loginFrom(attacker, `nobody.${i}@northwind.example`, "guess");
  refused(await loginFrom(attacker, "nobody.at.all@northwind.example", "guess"), 429, "too_many_tries");
  ok(await loginFrom("203.0.113.2", victim.email, victim.password));
  ok(await victim.client.get("/v1/me"));
});

test("brute force: hashing is not spent on who waits", async () => {
  const address = "198.51.100.2";
  for (let i = 0; i < 6; i++) await loginFrom(address, "somebody@northwind.example", "guess");
  const before = await hashes(app);
  for (let i = 0; i < 10; i++)
    refused(await loginFrom(address, "somebody@northwind.example", "guess"), 429, "too_many_tries");
  assert.equal((await hashes(app)) - before, 0);
});

test("brute force: a flood that keeps the server busy makes nobody wait who knows their password", async () => {
  // Hashing takes its real time here, so that many at once find no room in its queue.
  const busy = await App.start({ args: ["--trusted-proxies", "127.0.0.1"] });
  try {
    const signIn = (address: string, email: string, password: string): Promise<Reply> =>
      busy.client().post("/v1/auth/login", { email, password }, { headers: { "x-forwarded-for": address } });
    const { email, password } = busy.owner;
    const reader = await busy.ownerClient();
    const flood = Array.from({ length: 120 }, (_, i) => signIn(`10.9.${i}.1`, `nobody.${i}@nowhere.example`, "guess"));
    const tries = await Promise.all(Array.from({ length: 12 }, () => signIn("203.0.113.9", email, password)));
    ok(await reader.get("/v1/me"));
    for (const reply of tries.filter(({ status }) => status !== 200)) refused(reply, 503, "overloaded");
    assert.ok(tries.filter(({ status }) => status === 503).length > 5, "there was room for them after all");
    await Promise.all(flood);
    ok(await signIn("203.0.113.9", email, password));
  } finally {
    await busy.finish();
  }
});

test("brute force: a stolen session does not find out the password", async () => {
  for (const [method, path, more] of [
    ["POST", "/v1/me/password", { new_password: "seven slow trains at night" }],
    ["POST", "/v1/me/totp", {}],
    ["POST", "/v1/me/email", { email: "thief@elsewhere.example" }],
    ["DELETE", "/v1/me/totp", {}],
    ["POST", "/v1/me/recovery_codes", {}],
  ] as const) {
    const victim = await somebody();
    const stolen = app.client().carrying(victim.client);
    const field = path === "/v1/me/password" ? "current_password" : "password";
    const headers = { "x-forwarded-for": "198.51.100.3" };
    const attempt = (password: string): Promise<Reply> =>
      stolen.send(method, path, { body: { ...more, [field]: password }, headers });
    for (let i = 0; i < 5; i++) refused(await attempt(`guess ${i}`), 403, "wrong_password", field);
    refused(await attempt(victim.password), 429, "too_many_tries");
    refused(await loginFrom("198.51.100.3", victim.email, victim.password), 429, "too_many_tries");
    ok(await loginFrom("203.0.113.3", victim.email, victim.password));
  }
  const heir = await somebody("agency_admin");
  const { user } = ok(await heir.client.get<{ user: { id: string } }>("/v1/me"));
  const transfer = (password: string): Promise<Reply> =>
    owner.post(
      "/v1/agency/transfer_ownership",
      { user_id: user.id, password },
      { headers: { "x-forwarded-for": "198.51.100.4" } },
    );
  for (let i = 0; i < 5; i++) refused(await transfer(`guess ${i}`), 403, "wrong_password");
  refused(await transfer(app.owner.password), 429, "too_many_tries");
});

test("brute force: codes are slowed down from a thousand addresses, and the victim is not locked out", async () => {
  const victim = await somebody();
  const { app: authenticator, recoveryCodes } = await setUpTwoFactor(app, victim.client, victim);
  const everywhere = (i: number): string => `10.${i}.0.1`;
  for (let i = 0; i < 10; i++) {
    refused(await loginFrom(everywhere(i), victim.email, victim.password, "000000"), 401, "invalid_code");
  }
  refused(await loginFrom(everywhere(11), victim.email, victim.password, "000000"), 429, "too_many_tries");
  // Without the right password nothing is counted that could keep the victim out.
  for (let i = 20; i < 40; i++) await loginFrom(everywhere(i), victim.email, "guess", "000000");
  const mine = app.client();
  const { email, password } = victim;
  ok(await mine.post("/v1/auth/login", { email, password, code: recoveryCodes[0] }));
  ok(await mine.post("/v1/me/password", { current_password: password, new_password: "seven slow trains at night" }));
  ok(await loginFrom("203.0.113.4", email, "seven slow trains at night", await authenticator.next()));
});

test("brute force: a stolen session does not find out the code that turns two-factor sign-in on", async () => {
  const victim = await somebody();
  const stolen = app.client().carrying(victim.client);
  ok(await victim.client.post("/v1/me/totp", { password: victim.password }));
  const attempt = (i: number): Promise<Reply> =>
    stolen.post("/v1/me/totp/confirm", { code: "000000" }, { headers: { "x-forwarded-for": `10.${i}.0.3` } });
  for (let i = 0; i < 10; i++) refused(await attempt(i), 403, "wrong_code", "code");
  refused(await attempt(11), 429, "too_many_tries");
  ok(await stolen.get("/v1/me"));
});

test("brute force: asking for links does not fill a mailbox, nor keep anybody from one", async () => {
  const { email } = await somebody();
  const before = post.sentTo(email).length;
  for (let i = 0; i < 30; i++) await from(`10.${i}.0.2`, "/v1/auth/password/forgot", { email });
  const { text } = await post.arrival(email, before + 1);
  assert.ok(text.includes("/reset#token="));
  for (let i = 0; i < 6; i++) await from("198.51.100.5", "/v1/auth/password/forgot", { email });
  refused(await from("198.51.100.5", "/v1/auth/password/forgot", { email }), 429, "too_many_tries");
  const reset = { token: tokenIn(await post.arrival(email, before + 1)), password: "seven slow trains at night" };
  ok(await from("203.0.113.5", "/v1/auth/password/reset", reset));
  assert.equal(post.sentTo(email).filter(({ text: of }) => of.includes("/reset#token=")).length, 1);
});
