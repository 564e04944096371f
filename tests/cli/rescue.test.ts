// `minutebank rescue`: whoever runs the server lets somebody in again.

import assert from "node:assert/strict";
import { unlink } from "node:fs/promises";
import { test } from "node:test";

import { startApp } from "../harness/app.ts";
import { setUpTwoFactor } from "../harness/authenticator.ts";
import { ok, refused, type Client, type Reply } from "../harness/client.ts";
import { minutebank, Server } from "../harness/minutebank.ts";
import { STAFF } from "../harness/platform.ts";
import { storeKind } from "../harness/store.ts";

const app = await startApp({ staff: STAFF, args: ["--test-clock"] });
const { email } = app.owner;
let { password } = app.owner;

const login = (client: Client = app.client()): Promise<Reply> => client.post("/v1/auth/login", { email, password });

/** The command, while no server holds the store. */
async function rescue(args: string[], input = ""): Promise<{ code: number | null; stdout: string; stderr: string }> {
  await app.server.stop();
  const done = await minutebank(["rescue", "--store", app.store.url, ...args], { input });
  await app.restart();
  return done;
}

test("a password that is lost is replaced, and sessions end", async () => {
  const before = await app.client().login({ email, password });
  const cookies = app.client().carrying(before);
  password = "seven slow trains at night";
  const done = await rescue(["--email", email.toUpperCase(), "--password-stdin"], `${password}\n`);
  assert.deepEqual([done.code, done.stdout], [0, "the new password counts\n"], done.stderr);
  ok(await login());
  assert.equal((await app.client().carrying(cookies).get("/v1/me")).status, 401);
});

test("a weak password is refused, nobody is found, nothing is done without saying what", async () => {
  for (const [args, input, why] of [
    [["--email", email, "--password-stdin"], "short\n", /the password: /],
    [["--email", email, "--password-stdin"], "", /no password on standard input/],
    [["--email", "nobody@nowhere.example", "--reset-two-factor"], "", /nobody has this address/],
    [["--email", "no address", "--reset-two-factor"], "", /nobody has this address/],
    [["--email", email], "", /say what to do/],
    [["--reset-two-factor"], "", /--email EMAIL goes with/],
    [["--email", email, "--forget-secret-key"], "", /--email EMAIL goes with/],
  ] as const) {
    const done = await rescue([...args], input);
    assert.ok(done.code !== 0, args.join(" "));
    assert.match(done.stderr, why);
  }
  ok(await login());
});

test("who lost the second factor signs in by password, and sets it up anew", async () => {
  const client = await app.client().login({ email, password });
  await setUpTwoFactor(app, client, { password });
  refused(await login(), 401, "two_factor_required");
  const done = await rescue(["--email", email, "--reset-two-factor"]);
  assert.deepEqual([done.code, done.stdout], [0, "1 two-factor sign-in reset\n"], done.stderr);
  const again = app.client();
  ok(await login(again));
  await setUpTwoFactor(app, again, { password });
  const { bytes } = await again.get("/v1/audit_events");
  for (const what of ["minutebank rescue", "user.password_reset", "user.two_factor_disabled"]) {
    assert.ok(bytes.includes(what), what);
  }
});

test("a store whose secret key is lost takes another, when two-factor sign-in is given up", async () => {
  const isFile = storeKind() === "sqlite";
  await setUpTwoFactor(app, await app.client().login(STAFF), STAFF);
  await app.server.stop();
  if (isFile) await unlink(`${app.store.url.replace(/^sqlite:/, "")}.key`);
  await assert.rejects(Server.start(app.store, { hasSecretKey: false }), /secret key|--secret-key-file/);
  const done = await minutebank(["rescue", "--store", app.store.url, "--forget-secret-key"]);
  assert.deepEqual([done.code, done.stdout], [0, "2 two-factor sign-ins reset\n"], done.stderr);
  await app.restart();
  ok(await login());
  ok(await app.client().post("/v1/auth/login", STAFF));
});

test("a store that a server holds is left alone", async () => {
  if (storeKind() !== "sqlite") return;
  const done = await minutebank(["rescue", "--store", app.store.url, "--email", email, "--reset-two-factor"]);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /store/);
});
