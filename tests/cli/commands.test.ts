// The command line: what it says, what it takes, and its exit codes (0 fine, 1 failed, 2 usage).

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { check, initAgency, minutebank, minutebankOk, Server } from "../harness/minutebank.ts";
import { freshStore } from "../harness/store.ts";

const COMMANDS = [
  "serve",
  "init",
  "demo",
  "migrate",
  "check",
  "import",
  "bench",
  "jobs",
  "mail",
  "rescue",
  "platform-admin",
  "routes",
  "version",
];
const PASSWORD = "lanterns over the harbour\n";

const scratch = await mkdtemp(join(tmpdir(), "minutebank-cli-"));
after(() => rm(scratch, { recursive: true }));

/** Refused before anything was done: exit 2, and a sentence on standard error that says `why`. */
async function misused(args: string[], why: RegExp, env: Record<string, string> = {}): Promise<void> {
  const done = await minutebank(args, { env: { ...process.env, ...env } });
  assert.equal(done.code, 2, done.stdout + done.stderr);
  assert.match(done.stderr, why);
  assert.equal(done.stdout, "");
}

test("help lists every command", async () => {
  const text = await minutebankOk(["help"]);
  for (const command of COMMANDS) assert.match(text, new RegExp(`^ {2}${command} `, "m"));
  assert.equal(await minutebankOk(["--help"]), text);
});

test("without a command the usage goes to standard error", () => misused([], /usage: minutebank COMMAND/));

test("an unknown command is named", () => misused(["suspend"], /no command "suspend"/));

test("an unknown option is named", () => misused(["version", "--colour", "red"], /--colour/));

test("an option without its value is named", () => misused(["migrate", "--store"], /--store needs a value/));

test("a value of the wrong kind is named", () => misused(["serve", "--http-threads", "many"], /http-threads/));

test("an argument too many is named", () => misused(["version", "please"], /please|usage/));

for (const command of COMMANDS) {
  test(`${command} --help and help ${command} say the same`, async () => {
    const text = await minutebankOk([command, "--help"]);
    assert.match(text, new RegExp(`^usage: minutebank ${command}`));
    assert.match(text, /--store URL/);
    assert.equal(await minutebankOk(["help", command]), text);
  });
}

test("version is a number", async () => {
  assert.match(await minutebankOk(["version"]), /^minutebank \d+\.\d+\.\d+\n$/);
  assert.equal(await minutebankOk(["--version"]), await minutebankOk(["version"]));
});

test("the command line wins over the environment, the environment over the file", async () => {
  const file = join(scratch, "minutebank.ini");
  const stores = {
    file: join(scratch, "file.db"),
    environment: join(scratch, "environment.db"),
    arguments: join(scratch, "arguments.db"),
  };
  await writeFile(file, `store = sqlite:${stores.file}\n`);
  const migrated = async (args: string[], env: Record<string, string>): Promise<string> =>
    minutebankOk(["migrate", "--config", file, ...args], { env: { ...process.env, ...env } });
  const environment = { MINUTEBANK_STORE: `sqlite:${stores.environment}` };

  // Each of the three is migrated once by the call that means it, and so has nothing left to apply.
  assert.match(await migrated([], {}), /^[1-9]\d* migrations? applied/);
  assert.match(await migrated([], environment), /^[1-9]\d* migrations? applied/);
  assert.match(await migrated(["--store", `sqlite:${stores.arguments}`], environment), /^[1-9]\d* migrations? applied/);
  for (const store of Object.values(stores)) {
    assert.match(await minutebankOk(["migrate", "--store", `sqlite:${store}`]), /^0 migrations applied/);
  }
});

test("a setting that no command has is refused in the file", async () => {
  const file = join(scratch, "unknown.ini");
  await writeFile(file, "stroe = sqlite:x.db\n");
  await misused(["migrate", "--config", file], /stroe/);
});

test("a file that is not there is named", () => misused(["migrate", "--config", "/nowhere.ini"], /\/nowhere\.ini/));

test("a store that cannot be had fails, and says why", async () => {
  for (const store of ["sqlite:/nowhere/at/all.db", "postgres://nobody@127.0.0.1:1/none", "mysql:x"]) {
    const done = await minutebank(["migrate", "--store", store]);
    assert.equal(done.code, 1);
    assert.match(done.stderr, /^minutebank migrate: \S+/m);
  }
});

test("a password in a store's address is not told", async () => {
  const done = await minutebank(["migrate", "--store", "postgres://me:s3cr3t-word@127.0.0.1:1/none"]);
  assert.equal(done.code, 1);
  assert.doesNotMatch(done.stdout + done.stderr, /s3cr3t-word/);
});

test("migrate brings a store forward once", async () => {
  const store = await freshStore();
  after(() => store.drop());
  assert.match(await minutebankOk(["migrate", "--store", store.url]), /^[1-9]\d* migrations? applied\n$/);
  assert.equal(await minutebankOk(["migrate", "--store", store.url]), "0 migrations applied\n");
  await check(store);
});

test("a store that a newer version wrote is left alone", async () => {
  const store = await freshStore();
  after(() => store.drop());
  await minutebankOk(["migrate", "--store", store.url]);
  await store.query("INSERT INTO schema_migrations (number, name, applied_at) VALUES (9999, 'later', 0)");
  for (const args of [["migrate"], ["serve", "--listen", "127.0.0.1:0"]]) {
    const done = await minutebank([...args, "--store", store.url]);
    assert.equal(done.code, 1);
    assert.match(done.stderr, /9999/);
  }
});

test("init makes an agency once", async () => {
  const store = await freshStore();
  after(() => store.drop());
  const args = ["init", "--store", store.url, "--agency", "Northwind Voice", "--email", "ada@northwind.example"];
  const made = await minutebankOk([...args, "--password-stdin"], { input: PASSWORD });
  assert.match(made, /^agency agy_\w{13}\nprimary sub_\w{13}\nowner usr_\w{13}\n$/);

  const again = await minutebank([...args, "--password-stdin"], { input: PASSWORD });
  assert.equal(again.code, 1);
  assert.match(again.stderr, /already/);
  await check(store);
});

test("init names what is missing or wrong, and makes nothing", async () => {
  const store = await freshStore();
  after(() => store.drop());
  const base = ["init", "--store", store.url];
  const whole = [...base, "--agency", "Northwind Voice", "--email", "ada@northwind.example", "--password-stdin"];
  const refusals: [string[], string, number, RegExp][] = [
    [[...base, "--email", "ada@northwind.example", "--password-stdin"], PASSWORD, 2, /--agency/],
    [[...base, "--agency", "Northwind Voice", "--password-stdin"], PASSWORD, 2, /--email/],
    [whole.slice(0, -1), PASSWORD, 2, /--password-stdin/],
    [whole, "", 1, /no password/],
    [whole, "short\n", 1, /password/],
    [[...whole, "--plan", "agency_free"], PASSWORD, 1, /plan/],
    [[...whole, "--timezone", "Europe/Atlantis"], PASSWORD, 1, /zone/],
    [[...base, "--agency", "N", "--email", "ada at northwind", "--password-stdin"], PASSWORD, 1, /email|address/],
  ];
  for (const [args, input, code, why] of refusals) {
    const done = await minutebank(args, { input });
    assert.equal(done.code, code, `${args.join(" ")}\n${done.stdout}${done.stderr}`);
    assert.match(done.stderr, why);
  }
  await minutebankOk(whole, { input: PASSWORD });
});

test("the owner's password is nowhere in clear", async () => {
  const store = await freshStore();
  after(() => store.drop());
  await initAgency(store, { password: "unmistakable words" });
  const users = await store.query("SELECT * FROM users");
  assert.equal(users.length, 1);
  const text = JSON.stringify(users, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  assert.match(text, /argon2id/);
  assert.doesNotMatch(text, /unmistakable/);
});

test("serve on an empty store prints a set-up link, and ends on SIGTERM with 0", async () => {
  const store = await freshStore();
  after(() => store.drop());
  const server = await Server.start(store);
  const link = /set up at (http:\/\/\S+)\/setup#token=[A-Za-z0-9_-]{43}\n/.exec(server.logs);
  assert.equal(link?.[1], server.url);
  await server.stop();
});

test("serve says when its address is taken", async () => {
  const [store, other] = [await freshStore(), await freshStore()];
  after(() => Promise.all([store.drop(), other.drop()]));
  const server = await Server.start(store);
  const { host } = new URL(server.url);
  const done = await minutebank(["serve", "--listen", host, "--store", other.url]);
  assert.equal(done.code, 1);
  assert.ok(done.stderr.includes(host) || /in use/i.test(done.stderr), done.stderr);
  await server.stop();
});

test("the test clock is for loopback only", () =>
  misused(["serve", "--test-clock", "--listen", "0.0.0.0:0"], /loopback/));
