// minutebank demo: a believable agency in a new store, the same from the same seed and end.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Client, ok } from "../harness/client.ts";
import { check, minutebank, minutebankOk, Server } from "../harness/minutebank.ts";
import { freshStore, type Row, type Store, type StoreKind } from "../harness/store.ts";

const NOW = "2026-03-11T15:42:10.5Z"; // a Wednesday; the clocks of New York went forward three days before
const NOW_US = BigInt(Date.parse(NOW)) * 1000n;
const SMALL = ["--clients", "4", "--days", "10"];
/** What differs between two stores that are the same: secrets, and when the schema came. */
const SECRETS = new Set(["password_hash", "secret_hash", "hint", "applied_at"]);

async function tablesOf(store: Store): Promise<string[]> {
  const names = await store.query(
    store.kind === "sqlite"
      ? "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name",
  );
  return names.map((row) => String(row["name"]));
}

async function newStore(kind?: StoreKind): Promise<Store> {
  const store = await freshStore(kind);
  after(() => store.drop());
  return store;
}

async function demoStore(args: string[] = [], kind?: StoreKind): Promise<Store> {
  const store = await newStore(kind);
  await minutebankOk(["demo", "--store", store.url, "--now", NOW, ...SMALL, ...args]);
  return store;
}

/** Every row of every table, as text, in an order of its own. */
async function rowsOf(store: Store): Promise<Map<string, string[]>> {
  const shown = ([name, value]: [string, unknown]): string => {
    if (SECRETS.has(name)) return `${name}: secret`;
    return `${name}: ${value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)}`;
  };
  const rows = new Map<string, string[]>();
  for (const table of await tablesOf(store)) {
    const all = await store.query(`SELECT * FROM ${table}`);
    rows.set(table, all.map((row) => Object.entries(row).map(shown).join("\n")).sort());
  }
  return rows;
}

function signIn(printed: string): { email: string; password: string } {
  const line = printed.split("\n").find((text) => /\S@\S/.test(text)) ?? "";
  const words = line.split(/\s+/);
  return { email: words.find((word) => word.includes("@")) ?? "", password: words.at(-1) ?? "" };
}

const number = (row: Row | undefined, name: string): number => Number(row?.[name]);

const shared = await demoStore();

test("every invariant is kept", () => check(shared));

test("the printed sign-in works, and the console is told that it is a demo", async () => {
  const store = await newStore();
  const printed = await minutebankOk(["demo", "--store", store.url, ...SMALL]);
  assert.match(printed, /^Brightline Voice: 4 clients, [\d,]+ calls from /);
  assert.match(printed, /minutebank serve --store /);

  const server = await Server.start(store);
  const client = await new Client(server.url).login(signIn(printed));
  const me = ok(await client.get<{ role: string; agency: { name: string; demo: boolean } }>("/v1/me"));
  assert.deepEqual([me.role, me.agency.name, me.agency.demo], ["agency_owner", "Brightline Voice", true]);
  const overview = ok(await client.get<{ risks: { risk: string; name: string }[] }>("/v1/agency/overview"));
  assert.deepEqual(
    overview.risks.map(({ risk, name }) => [risk, name]),
    [
      ["overdrawn", "Osteria Fiorella"],
      ["low_balance", "Whitlock & Reyes Family Law"],
    ],
  );
  client.close();
  await server.stop();
});

test("the same seed and end make the same rows, also on the other kind of store", async () => {
  const [one, other] = [await rowsOf(shared), await rowsOf(await demoStore(["--seed", "1"], "sqlite"))];
  for (const [table, rows] of one) assert.deepEqual(other.get(table), rows, table);
  for (const table of ["calls", "purchases", "ledger_entries", "usage_hours", "audit_events"]) {
    assert.ok((one.get(table)?.length ?? 0) > 5, table);
  }
});

test("another seed tells another story of the same clients", async () => {
  const other = await demoStore(["--seed", "2"]);
  const calls = "SELECT external_id, started_at, duration_seconds FROM calls ORDER BY external_id";
  assert.notDeepEqual(await other.query(calls), await shared.query(calls));
  const names = "SELECT name FROM subaccounts ORDER BY name_key";
  assert.deepEqual(await other.query(names), await shared.query(names));
  await check(other);
});

test("calls go on until now, are reported after they end, and are never in the future", async () => {
  const [range] = await shared.query("SELECT MIN(started_at) AS first, MAX(ended_at) AS last FROM calls");
  const first = range?.["first"] as bigint;
  const last = range?.["last"] as bigint;
  const minute = 60_000_000n;
  assert.ok(last <= NOW_US && last > NOW_US - 15n * minute, `the last call ended at ${last}`);
  assert.ok(first > NOW_US - 10n * 24n * 60n * minute, `the first call began at ${first}`);
  assert.deepEqual(await shared.query("SELECT id FROM calls WHERE recorded_at < ended_at"), []);
});

test("every number is fictional, every address invented, every sentence whole", async () => {
  const numbers = await shared.query("SELECT from_number, to_number FROM calls");
  for (const row of numbers) {
    assert.match(String(row["from_number"]), /^\+1[2-9]\d\d55501\d\d$/);
    assert.match(String(row["to_number"]), /^\+1[2-9]\d\d55501\d\d$/);
  }
  for (const row of await shared.query("SELECT email FROM subaccounts UNION SELECT email FROM users")) {
    assert.match(String(row["email"]), /^[^@\s]+@[a-z.]+\.example$/);
  }
  for (const row of await shared.query("SELECT summary FROM calls WHERE summary IS NOT NULL")) {
    assert.match(String(row["summary"]), /^[A-Z0-9][^{}]*\.$/);
  }
});

test("wallets are as the story wants them: one overdrawn, one nearly out, an invoice open", async () => {
  const wallets = await shared.query(
    "SELECT s.name, SUM(a.balance) AS seconds FROM subaccounts s JOIN ledger_accounts a" +
      " ON a.agency_id = s.agency_id AND a.owner_id = s.id WHERE a.account IN (0, 1) GROUP BY s.name",
  );
  const seconds = new Map(wallets.map((row) => [String(row["name"]), number(row, "seconds")]));
  for (const [name, left] of seconds) {
    if (name === "Osteria Fiorella") assert.ok(left < 0 && left > -3600, `${name}: ${left}`);
    else if (name.startsWith("Whitlock")) assert.ok(left > 0 && left < 3600, `${name}: ${left}`);
    else assert.ok(left > 3600, `${name}: ${left}`);
  }
  const open = await shared.query(
    "SELECT s.name FROM purchases p JOIN subaccounts s ON s.agency_id = p.agency_id AND s.id = p.subaccount_id" +
      " WHERE p.state = 'pending' AND s.name = 'Osteria Fiorella'",
  );
  assert.equal(open.length, 1);
});

test("the audit trail tells what the owner did", async () => {
  const events = await shared.query("SELECT action, COUNT(*) AS n FROM audit_events GROUP BY action");
  const counts = new Map(events.map((row) => [String(row["action"]), number(row, "n")]));
  assert.equal(counts.get("agency.created"), 1);
  assert.equal(counts.get("subaccount.created"), 4);
  const purchases = await shared.query("SELECT state, COUNT(*) AS n FROM purchases GROUP BY state");
  const states = new Map(purchases.map((row) => [String(row["state"]), number(row, "n")]));
  const paid = states.get("succeeded") ?? 0;
  assert.equal(counts.get("purchase.succeeded"), paid);
  assert.equal(counts.get("purchase.created"), paid + (states.get("pending") ?? 0));
  assert.deepEqual(await shared.query("SELECT id FROM audit_events WHERE user_id IS NULL"), []);
});

test("a story can be a day long, end at night, and be elsewhere", async () => {
  for (const args of [
    ["--clients", "1", "--days", "1", "--now", "2026-07-05T03:10:00Z"],
    ["--clients", "2", "--days", "3", "--now", "2026-11-23T20:00:00Z", "--timezone", "Asia/Kathmandu"],
  ]) {
    const store = await newStore();
    await minutebankOk(["demo", "--store", store.url, ...args]);
    assert.ok((await store.query("SELECT id FROM calls")).length > 0);
    await check(store);
  }
});

test("the owner's password can be another, and a weak one is refused", async () => {
  const store = await newStore();
  const args = ["demo", "--store", store.url, "--clients", "1", "--days", "1", "--password-stdin"];
  const weak = await minutebank(args, { input: "password\n" });
  assert.equal(weak.code, 1);
  assert.match(weak.stderr, /the password: /);

  const printed = await minutebankOk(args, { input: "copper kettles at dusk\n" });
  assert.doesNotMatch(printed, /copper|lighthouse/);
  const server = await Server.start(store);
  const client = new Client(server.url);
  await client.login({ email: "demo@minutebank.example", password: "copper kettles at dusk" });
  client.close();
  await server.stop();
});

test("a store that has an agency is left alone", async () => {
  const before = await rowsOf(shared);
  const again = await minutebank(["demo", "--store", shared.url, ...SMALL]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /^minutebank demo: this store already has an agency/);
  assert.deepEqual(await rowsOf(shared), before);
});

test("what is wrong on the command line is named", async () => {
  for (const [args, why] of [
    [["--clients", "25"], /--clients/],
    [["--days", "0"], /--days/],
    [["--now", "yesterday"], /--now/],
    [["--now", "2019-01-01T00:00:00Z"], /--now/],
    [["--timezone", "Europe/Atlantis"], /--timezone/],
  ] as const) {
    const done = await minutebank(["demo", "--store", "sqlite:/nowhere/at/all.db", ...args]);
    assert.equal(done.code, 2, done.stderr);
    assert.match(done.stderr, why);
  }
});
