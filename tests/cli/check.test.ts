// `minutebank check`: a sound store passes; each invariant, broken in a copy, is named with its row and nothing else is.

import assert from "node:assert/strict";
import { open, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { after, describe, test } from "node:test";

import { minutebank } from "../harness/minutebank.ts";
import { copyOf, freshStore, sqliteFile, storeKind, type Store } from "../harness/store.ts";
import { bookDamages } from "./check_book_damages.ts";
import { engineDamages } from "./check_engine_damages.ts";
import { peopleDamages } from "./check_people_damages.ts";
import { renewalDamages } from "./check_renewal_damages.ts";
import { of } from "./check_rows.ts";
import { number, OWNER, secrets, sound, whileServing } from "./check_scene.ts";

const damages = [...peopleDamages, ...bookDamages, ...renewalDamages, ...engineDamages];

const SHOWN = 20;

// ── Reading what it says ──

interface Report {
  code: number | null;
  output: string;
  names: string[];
  broken: string[];
  /** What is said under an invariant. */
  faults: Map<string, string[]>;
}

function read(stdout: string): Omit<Report, "code" | "output"> {
  const faults = new Map<string, string[]>();
  const names: string[] = [];
  const broken: string[] = [];
  for (const line of stdout.split("\n")) {
    const [, verdict, name] = /^(kept|BROKEN) +(\w+) /.exec(line) ?? [];
    if (verdict !== undefined && name !== undefined) {
      names.push(name);
      faults.set(name, []);
      if (verdict === "BROKEN") broken.push(name);
    } else if (line.startsWith("        ")) {
      faults.get(names.at(-1) ?? "")?.push(line.trim());
    }
  }
  return { names, broken, faults };
}

async function report(store: Store): Promise<Report> {
  const { code, stdout, stderr } = await minutebank(["check", "--store", store.url]);
  return { code, output: stdout + stderr, ...read(stdout) };
}

// ── A sound store ──

test("a sound store passes, each invariant with what it looked at", async () => {
  const { code, output, names, broken } = await report(sound);
  assert.equal(code, 0, output);
  assert.deepEqual(broken, []);
  assert.match(output, new RegExp(`^all ${names.length} invariants are kept$`, "m"));
  const postings = await number("SELECT COUNT(*) AS n FROM ledger_postings");
  const entries = await number("SELECT COUNT(*) AS n FROM ledger_entries");
  assert.ok(output.includes(`every posting sums to zero in each unit: ${postings} postings, ${entries} entries\n`));
  const calls = await number("SELECT COUNT(*) AS n FROM calls");
  assert.equal(calls, 85);
  assert.ok(output.includes(`billed seconds of calls sum to the used accounts: ${calls} calls\n`));
});

test("it works while a server holds the store", () => {
  assert.match(whileServing, /^all \d+ invariants are kept$/m);
});

test("the scene has what the invariants are about", async () => {
  const facts = {
    overdrawn: "SELECT COUNT(*) AS n FROM ledger_accounts WHERE account IN (0, 1) AND balance < 0",
    late: "SELECT COUNT(*) AS n FROM calls WHERE charged_id <> subaccount_id",
    free: "SELECT COUNT(*) AS n FROM calls WHERE billed_seconds = 0",
    rounding: "SELECT COUNT(*) AS n FROM ledger_entries WHERE account = 19",
    pending: "SELECT COUNT(*) AS n FROM purchases WHERE state = 'pending'",
    held: "SELECT COUNT(*) AS n FROM ledger_accounts WHERE account IN (2, 3) AND balance > 0",
    ended: "SELECT COUNT(*) AS n FROM reservations WHERE state = 1",
    canceled: "SELECT COUNT(*) AS n FROM reservations WHERE state = 2",
    replies: "SELECT COUNT(*) AS n FROM idempotency_keys",
  };
  for (const [name, sql] of Object.entries(facts)) assert.ok((await number(sql)) > 0, name);
});

// ── Damage ──

async function withCopy(use: (copy: Store) => Promise<void>): Promise<void> {
  const copy = await copyOf(sound);
  try {
    await use(copy);
  } finally {
    await copy.drop();
  }
}

// Each in a copy of its own, so that several may be looked at at once.
describe("a damaged store", { concurrency: 2 * availableParallelism() }, () => {
  for (const { what, sql, breaks, says, only } of damages) {
    if (only !== undefined && only !== storeKind()) continue;
    test(`${breaks[0]}: ${what}`, () =>
      withCopy(async (copy) => {
        await copy.damage(sql);
        const { code, output, broken, faults } = await report(copy);
        assert.equal(code, 1, output);
        assert.deepEqual(broken.toSorted(), breaks.toSorted(), output);
        const rows = faults.get(breaks[0]) ?? [];
        assert.ok(
          rows.some((row) => says.every((words) => row.includes(words))),
          `${says.join(", ")} is not in\n${output}`,
        );
        for (const secret of [secrets.key, secrets.cookie, OWNER.password]) assert.ok(!output.includes(secret), output);
      }));
  }
});

test("each invariant was broken once", async () => {
  const { names } = await report(sound);
  const broken = new Set(damages.filter(({ only }) => !only || only === storeKind()).map(({ breaks }) => breaks[0]));
  assert.deepEqual([...broken].toSorted(), names.toSorted());
});

// ── Figures, many rows, and rows that make no sense ──

const ROLLUPS = {
  hours_are_calls: {
    table: "usage_hours",
    keys: ["subaccount_id", "hour_at"],
    columns: {
      calls: "off by calls",
      answered: "answered",
      inbound: "inbound",
      completed: "completed",
      voicemail: "voicemail",
      no_answer: "no_answer",
      busy: "busy",
      failed: "failed",
      canceled: "canceled",
      transferred: "transferred",
      talk_seconds: "talk_seconds",
      basic_seconds: "basic_seconds",
      premium_seconds: "premium_seconds",
      spent_micros: "spent",
      cost_micros: "cost",
    },
  },
  periods_are_calls: {
    table: "usage_periods",
    keys: ["subaccount_id", "start_at"],
    columns: { calls: "off by calls", billed_seconds: "billed_seconds", spent_micros: "spent", cost_micros: "cost" },
  },
};

for (const [name, { table, keys, columns }] of Object.entries(ROLLUPS)) {
  test(`${name}: each figure that is off is told, and by how much`, () =>
    withCopy(async (copy) => {
      // Each figure in another row, agencies' sums among them, as far as the rows go.
      const rows = await copy.query(`SELECT ${keys.join(", ")} FROM ${table} ORDER BY ${keys.join(", ")}`);
      const labels = Object.entries(columns);
      for (const [i, [column]] of labels.entries()) {
        const row = rows[i % rows.length] ?? {};
        const where = keys.map((key) => `${key} = ${of(row, key)}`).join(" AND ");
        await copy.damage(`UPDATE ${table} SET ${column} = ${column} + ${i + 1} WHERE ${where}`);
      }
      const { broken, faults, output } = await report(copy);
      assert.deepEqual(broken, [name], output);
      const told = faults.get(name) ?? [];
      assert.equal(told.length, Math.min(rows.length, labels.length), output);
      for (const [i, [column, label]] of labels.entries()) {
        const off = column.endsWith("_micros") ? ((i + 1) / 1e6).toFixed(6) : String(i + 1);
        assert.ok(
          told.some((fault) => `${fault},`.includes(` ${label} ${off},`)),
          `${label} ${off} is not in\n${output}`,
        );
      }
    }));
}

test("twenty rows are shown of many, and the rest is counted", () =>
  withCopy(async (copy) => {
    await copy.damage("UPDATE calls SET ended_at = started_at - 1");
    const { broken, faults, output } = await report(copy);
    assert.deepEqual(broken, ["calls_consistent"], output);
    assert.equal(faults.get("calls_consistent")?.length, SHOWN + 1, output);
    assert.equal(faults.get("calls_consistent")?.at(-1), `and ${85 - SHOWN} more`);
  }));

test("several faults at once are all told", () =>
  withCopy(async (copy) => {
    await copy.damage("UPDATE users SET role = 'agency_admin'; UPDATE subaccounts SET kind = 'secondary'");
    const { broken, output } = await report(copy);
    assert.deepEqual(broken, ["one_primary", "one_owner"], output);
    assert.match(output, /^minutebank check: 2 of \d+ invariants are broken$/m);
  }));

test("sums past 64 bits break what rests on them, and nothing else", () =>
  withCopy(async (copy) => {
    await copy.damage(`UPDATE ledger_entries SET amount = 9223372036854775807 WHERE account = 1`);
    const { code, output, broken, names } = await report(copy);
    assert.equal(code, 1);
    assert.ok(broken.includes("balances_are_sums"), output);
    assert.ok(!broken.includes("calls_consistent"), output);
    assert.equal(names.at(-1), "periods_are_cycles", output);
  }));

// ── What is no store of this version ──

async function refusal(store: Store): Promise<string> {
  const { code, stdout, stderr } = await minutebank(["check", "--store", store.url]);
  assert.equal(code, 1, stdout + stderr);
  assert.equal(stdout, "");
  return stderr;
}

test("an empty store has nothing to check", async () => {
  const empty = await freshStore();
  after(() => empty.drop());
  if (empty.kind === "sqlite") await writeFile(sqliteFile(empty.url), "");
  assert.match(await refusal(empty), /^minutebank check: The store is empty/);
});

test("a store of a newer version is left to that", () =>
  withCopy(async (copy) => {
    await copy.query("INSERT INTO schema_migrations (number, name, applied_at) VALUES (9999, 'later', 0)");
    assert.match(await refusal(copy), /9999/);
  }));

test("a store that was not migrated is named so", () =>
  withCopy(async (copy) => {
    await copy.query("UPDATE schema_migrations SET number = number - 1000");
    assert.match(await refusal(copy), /run minutebank migrate/);
  }));

if (storeKind() === "sqlite") {
  test("a file that is no database is told, and is no crash", async () => {
    const strange = await freshStore();
    after(() => strange.drop());
    await writeFile(sqliteFile(strange.url), "Not what one would call a database. ".repeat(500));
    assert.match(await refusal(strange), /file is not a database/);
  });

  test("pages of garbage are told, and are no crash", () =>
    withCopy(async (copy) => {
      const file = await open(sqliteFile(copy.url), "r+");
      const { size } = await file.stat();
      const page = 4096;
      for (let at = 8 * page; at < size; at += 3 * page) await file.write(Buffer.alloc(page, 0xa5), 0, page, at);
      await file.close();
      const { code, output } = await report(copy);
      assert.equal(code, 1, output);
      assert.match(output, /malformed|SQLite says/);
    }));
}
