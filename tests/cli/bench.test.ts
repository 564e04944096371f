// minutebank bench: it measures, on either store, and leaves alone what is in use.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { check, initAgency, minutebank, minutebankOk } from "../harness/minutebank.ts";
import { freshStore } from "../harness/store.ts";

const scratch = await mkdtemp(join(tmpdir(), "minutebank-bench-"));
after(() => rm(scratch, { recursive: true }));

/** Each line's name and its figures. */
function figures(table: string): Map<string, number[]> {
  const lines = table.trimEnd().split("\n").slice(2);
  return new Map(
    lines.map((line) => {
      const [name, ...numbers] = line.split(/ {2,}/);
      return [name ?? "", numbers.map(Number)];
    }),
  );
}

test("an empty store is filled with what was measured, and every invariant holds", async () => {
  const store = await freshStore();
  after(() => store.drop());
  const measured = figures(await minutebankOk(["bench", "--seconds", "1", "--store", store.url]));

  assert.deepEqual(
    [...measured.keys()],
    [
      "commits, one after the other",
      "asked for first, 64 at once",
      "single calls, 64 at once",
      "batches of 50, 64 at once",
      "batches of 1,000, 4 at once",
    ],
  );
  for (const numbers of measured.values()) for (const number of numbers) assert.ok(number > 0);
  const [row] = await store.query("SELECT COUNT(*) AS calls FROM calls");
  assert.ok(Number(row?.["calls"]) > 1000);
  await check(store);
});

test("a store with an agency is refused, and stays as it is", async () => {
  const store = await freshStore();
  after(() => store.drop());
  await initAgency(store);
  const done = await minutebank(["bench", "--seconds", "1", "--store", store.url]);

  assert.equal(done.code, 1);
  assert.match(done.stderr, /this store has an agency/);
  assert.equal((await store.query("SELECT id FROM agencies")).length, 1);
  assert.equal((await store.query("SELECT id FROM calls")).length, 0);
});

test("without a store it makes one in the folder and takes it away", async () => {
  const table = await minutebankOk(["bench", "--seconds", "1", "--folder", scratch]);

  assert.match(table, new RegExp(`^sqlite:${scratch}/`));
  assert.deepEqual(await readdir(scratch), []);
});

test("a folder that is not there is named", async () => {
  const done = await minutebank(["bench", "--folder", join(scratch, "nowhere")]);

  assert.equal(done.code, 2);
  assert.match(done.stderr, /--folder .*nowhere/);
});
