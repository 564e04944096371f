// tests/run: builds what the chosen suites need, runs them in order, ends with `N passed, N failed`.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PostgresCluster } from "./postgres.ts";
import { combined, tell, type Outcome } from "./report.ts";
import { command } from "./runners.ts";
import { suitesNamed, type Build, type Suite } from "./suites.ts";

const built = new Map<Build, Promise<Outcome>>();
let lastBuild: Promise<unknown> = Promise.resolve();

/** Once, and one after the other: they share what they are made of. */
function build(target: Build): Promise<Outcome> {
  let outcome = built.get(target);
  if (!outcome) {
    outcome = lastBuild.then(() => command(`make ${target}`, "make", ["--no-print-directory", target]));
    built.set(target, outcome);
    lastBuild = outcome;
  }
  return outcome;
}

async function runSuite(suite: Suite): Promise<Outcome> {
  const builds = combined(await Promise.all(suite.builds.map(build)));
  return builds.failures.length > 0 ? { passed: 0, failures: builds.failures } : suite.run();
}

/** As many as keep the processors busy while tests wait for something. */
const SUITES_AT_ONCE = 2;

async function runAndTell(suite: Suite): Promise<Outcome> {
  console.log(`… ${suite.name}`);
  const start = performance.now();
  const outcome = await runSuite(suite).catch((error: unknown): Outcome => ({
    passed: 0,
    failures: [{ name: suite.name, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) }],
  }));
  tell(suite.name, outcome, (performance.now() - start) / 1000);
  return outcome;
}

/** Begins them in their order. */
async function runSuites(suites: readonly Suite[]): Promise<Outcome> {
  const running = new Map<string, Promise<Outcome>>();
  const waiting = suites.values();
  const lane = async (): Promise<void> => {
    for (const suite of waiting) {
      for (const name of suite.after ?? []) await running.get(name);
      const outcome = runAndTell(suite);
      running.set(suite.name, outcome);
      await outcome;
    }
  };
  await Promise.all(Array.from({ length: SUITES_AT_ONCE }, lane));
  return combined(await Promise.all(running.values()));
}

async function main(names: readonly string[]): Promise<number> {
  const suites = suitesNamed(names);
  const scratch = await mkdtemp(join(tmpdir(), "minutebank-run-"));
  process.env["MB_TEST_SEEN"] = join(scratch, "operations");
  const cluster = suites.some((suite) => suite.needsPostgres) ? await PostgresCluster.create("withoutDisk") : undefined;
  if (cluster) process.env["MB_TEST_PG_URL"] = cluster.url();

  const cleanUp = async (): Promise<void> => {
    await cluster?.destroy();
    await rm(scratch, { recursive: true, force: true });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  try {
    const { passed, failures } = await runSuites(suites);
    console.log(`\n${passed} passed, ${failures.length} failed`);
    return failures.length > 0 ? 1 : 0;
  } finally {
    await cleanUp();
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.log(`${error instanceof Error ? error.message : String(error)}\n\n0 passed, 1 failed`);
  return 1;
});
