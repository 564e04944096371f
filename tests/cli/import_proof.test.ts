// 100,000 lines as real files have them: each wallet falls by what awk sums, however the import is interrupted.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Books, CLIENTS, told } from "../harness/books.ts";
import { awkSums, messyCdrFile } from "../harness/cdr.ts";
import { check, minutebank, startMinutebank } from "../harness/minutebank.ts";
import { collect, exitedWithin } from "../harness/process.ts";
import { chance } from "../harness/seed.ts";

const ASTERISK = ["--format", "asterisk-csv", "--map", "accountcode=subaccount"];
const LINES = 100_000;
const LINES_KILLED = 12_000;
const KILLS = 5;
const END_TIMEOUT_MS = 60_000;

const scratch = await mkdtemp(join(tmpdir(), "minutebank-import-"));
after(() => rm(scratch, { recursive: true }));
const dice = chance("import");

/** What each wallet has fallen by, all tiers; every call here is premium. */
async function fallen(books: Books): Promise<Record<string, number>> {
  const used = await books.used();
  return Object.fromEntries(Object.entries(used).map(([name, { premium }]) => [name, premium]));
}

test(`${LINES} messy lines: each wallet falls by awk's sum`, async () => {
  const books = await Books.open();
  const path = join(scratch, "Master.csv");
  const file = messyCdrFile(dice, CLIENTS, LINES);
  await writeFile(path, file.bytes);

  const done = await minutebank(books.arguments(path, ...ASTERISK));
  const { lines, charged, duplicates, conflicts, rejected } = told(done);
  assert.deepEqual(
    { lines, charged, duplicates, conflicts, rejected },
    {
      lines: file.lines,
      charged: file.good,
      duplicates: file.repeated,
      conflicts: 0,
      rejected: file.lines - file.good - file.repeated,
    },
    done.stderr,
  );
  const sums = await awkSums(path, CLIENTS);
  assert.ok(Object.values(sums).every((seconds) => seconds > LINES));
  assert.deepEqual(await fallen(books), sums);
  await books.close();
});

test(`killed ${KILLS} times on its way, an import charges each line once`, async () => {
  const books = await Books.open();
  const path = join(scratch, "killed.csv");
  const file = messyCdrFile(dice, CLIENTS, LINES_KILLED);
  await writeFile(path, file.bytes);

  let [recorded, interrupted] = [0, 0];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = startMinutebank(books.arguments(path, ...ASTERISK, "--batch", "20"));
    // Once it has charged something more, at some moment.
    while (child.exitCode === null && (await books.calls()) <= recorded) await sleep(5);
    await sleep(dice.int(0, 40));
    child.kill("SIGKILL");
    interrupted += Number((await exitedWithin(child, END_TIMEOUT_MS)).signal === "SIGKILL");
    await check(books.store);
    recorded = await books.calls();
  }
  assert.ok(interrupted > 0, "no import was still running when it was killed");

  const { charged, duplicates } = told(await books.import(path, ASTERISK));
  assert.equal(charged + duplicates, file.good + file.repeated);
  assert.ok(duplicates >= recorded);
  assert.deepEqual(await fallen(books), await awkSums(path, CLIENTS));
  await books.close();
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends it after the batch under way, and it can go on`, async () => {
    const books = await Books.open();
    const path = join(scratch, `${signal}.csv`);
    const file = messyCdrFile(dice, CLIENTS, LINES_KILLED);
    await writeFile(path, file.bytes);

    const child = startMinutebank(books.arguments(path, ...ASTERISK, "--batch", "20"));
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    while (child.exitCode === null && (await books.calls()) === 0) await sleep(5);
    child.kill(signal);
    const { code } = await exitedWithin(child, END_TIMEOUT_MS);
    assert.equal(code, 1, stdout() + stderr());
    const first = told({ code, signal: null, stdout: stdout(), stderr: stderr() });
    assert.match(stderr(), /stopped; import the file again to go on/);
    assert.ok(first.lines < file.lines);
    assert.equal(await books.calls(), first.charged);

    const second = told(await books.import(path, ASTERISK));
    assert.equal(first.charged + second.charged, file.good);
    assert.deepEqual(await fallen(books), await awkSums(path, CLIENTS));
    await books.close();
  });
}
