// What README and docs/ tell people to type works as it stands.
//
// Every ```sh block of a page runs, in order, in one bash in an empty folder, with `minutebank` on the
// PATH. A block under a line `<!-- not run: why -->` is for people only (sudo, systemctl, a real domain).

import assert from "node:assert/strict";
import { glob, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { binaryUnderTest, inSource, sourceRoot } from "../harness/paths.ts";
import { run } from "../harness/process.ts";

const TIMEOUT_MS = 120_000;
const BLOCK = /^(?<note><!-- not run: [^\n]+ -->\n)?```sh\n(?<commands>.*?)^```$/gms;

interface Block {
  line: number;
  commands: string;
}

function runnable(markdown: string): Block[] {
  return [...markdown.matchAll(BLOCK)]
    .filter(({ groups }) => groups?.["note"] === undefined)
    .map((match) => ({
      line: markdown.slice(0, match.index).split("\n").length,
      commands: match.groups?.["commands"] ?? "",
    }));
}

/** One script: stops at the first command that fails, and ends the servers that it left in the background. */
function script(page: string, blocks: Block[]): string {
  const steps = blocks.map(({ line, commands }) => `echo "== ${page}:${line}"\n${commands}`);
  return ["set -euo pipefail", `trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT`, ...steps].join("\n");
}

const pages = (await Array.fromAsync(glob(["README.md", "docs/**/*.md"], { cwd: sourceRoot }))).sort();

test("there are pages with commands", async () => {
  const texts = await Promise.all(pages.map((page) => readFile(inSource(page), "utf8")));
  assert.ok(texts.some((text) => runnable(text).length > 0));
});

test("the matrix of roles in docs/people.md is the one in force", async () => {
  const done = await run("python3", [inSource("scripts/permission-matrix"), "--check"], { timeout_ms: TIMEOUT_MS });
  assert.equal(done.code, 0, done.stdout + done.stderr);
});

for (const page of pages) {
  const blocks = runnable(await readFile(inSource(page), "utf8"));
  if (blocks.length === 0) continue;
  await test(`${page}: its commands work`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "minutebank-docs-"));
    try {
      const env = { ...process.env, PATH: `${dirname(binaryUnderTest())}:${process.env["PATH"] ?? ""}` };
      const done = await run("bash", ["-c", script(page, blocks)], { cwd: folder, env, timeout_ms: TIMEOUT_MS });
      assert.equal(done.code, 0, done.stdout + done.stderr);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
