// How each kind of test is run and counted.

import { existsSync } from "node:fs";
import { glob, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { run as runNodeTests } from "node:test";

import { inSource, sourceRoot } from "./paths.ts";
import { run } from "./process.ts";
import { combined, failed, passedOne, type Outcome } from "./report.ts";

const TEST_TIMEOUT_MS = 900_000;
const COMMAND_TIMEOUT_MS = 1_800_000;
const FUZZ_INPUT_TIMEOUT_S = 10;
const SLOWEST_TOLD = 6;

/** Of this moment: the suites before may have set something. */
const environment = (): NodeJS.ProcessEnv => ({ ...process.env, CLICOLOR: "0", NO_COLOR: "1" });

/** One command is one test: it passes by its exit code. */
export async function command(name: string, program: string, args: string[], cwd = sourceRoot): Promise<Outcome> {
  const done = await run(program, args, { cwd, timeout_ms: COMMAND_TIMEOUT_MS, env: environment() });
  return done.code === 0 ? passedOne : failed(name, done.stdout + done.stderr);
}

/** The longest files begin, so that none is left running alone in the end. */
async function largestFirst(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(glob("*.test.ts", { cwd: inSource("tests", folder) }));
  const sized = await Promise.all(
    names.map(async (name) => ({ name, bytes: (await stat(inSource("tests", folder, name))).size })),
  );
  return sized.sort((a, b) => b.bytes - a.bytes).map(({ name }) => name);
}

/** Which files a suite's time goes to, by the time in their tests. */
function slowest(spent_ms: ReadonlyMap<string, number>): string {
  const most = [...spent_ms].sort(([, a], [, b]) => b - a).slice(0, SLOWEST_TOLD);
  return `slowest: ${most.map(([file, ms]) => `${basename(file, ".test.ts")} ${(ms / 1000).toFixed(0)} s`).join(", ")}`;
}

async function simulate(args: readonly string[]): Promise<Outcome> {
  const program = inSource("build/asan/tests/sim/sim");
  const done = await run(program, args, { cwd: sourceRoot, timeout_ms: COMMAND_TIMEOUT_MS, env: environment() });
  if (done.code !== 0) return failed(`sim ${args.join(" ")}`, done.stdout + done.stderr);
  const lines = done.stdout.split("\n");
  const seeds = lines.filter((line) => line.startsWith("SEED=")).map((line) => line.split(" ")[0]);
  return {
    ...passedOne,
    notes: lines.filter((line) => line.startsWith(NOTE)).map((line) => [line, ...seeds].join(" ")),
  };
}

/** The fault simulator: each operation of a sequence fails once; and on each processor runs of new seeds, which it prints. */
export async function simulator(seconds: number): Promise<Outcome> {
  const seeded = Array.from({ length: availableParallelism() }, () => ["--seconds", String(seconds)]);
  return combined(await Promise.all([["--each"], ...seeded].map(simulate)));
}

/** What Node's runner says of the files TESTS_DIR/*.test.ts, each in its own process with `env` beside ours. */
async function* eventsOf(
  folder: string,
  files: readonly string[],
  env: Record<string, string>,
): AsyncGenerator<NodeTestEvent> {
  // The runner's children get our own environment, which suites that run beside each other share.
  const scratch = await mkdtemp(join(tmpdir(), "minutebank-suite-"));
  const settings = join(scratch, "env");
  await writeFile(
    settings,
    Object.entries(env)
      .map(([name, value]) => `${name}="${value}"\n`)
      .join(""),
  );
  try {
    yield* runNodeTests({
      files: files.map((file) => inSource("tests", folder, file)),
      concurrency: availableParallelism(),
      timeout: TEST_TIMEOUT_MS,
      execArgv: [`--env-file=${settings}`],
    }) as AsyncIterable<NodeTestEvent>;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The files TESTS_DIR/*.test.ts: each test counts. */
export async function nodeTests(folder: string, env: Record<string, string>): Promise<Outcome> {
  const files = await largestFirst(folder);
  if (files.length === 0) return failed(folder, `no test in tests/${folder}`);

  const output = new Map<string, string>();
  const notes: string[] = [];
  const spent_ms = new Map<string, number>();
  const outcome: Outcome = { passed: 0, failures: [], notes };
  for await (const event of eventsOf(folder, files, env)) {
    if (event.type === "test:stdout" || event.type === "test:stderr") {
      const { file, message } = event.data;
      output.set(file, (output.get(file) ?? "") + message);
    }
    if (event.type === "test:diagnostic" && event.data.message.startsWith(NOTE)) notes.push(event.data.message);
    if (event.type === "test:pass" || event.type === "test:fail") {
      const { file = "", nesting, details } = event.data;
      if (nesting === 0) spent_ms.set(file, (spent_ms.get(file) ?? 0) + details.duration_ms);
      countNodeTest(outcome, event.type === "test:pass", event.data, output);
    }
  }
  notes.push(slowest(spent_ms));
  return outcome;
}

/** How a test's own diagnostics begin that are worth a line of the summary; the runner's are about itself. */
const NOTE = "covered:";

type NodeTestEvent =
  | { type: "test:stdout" | "test:stderr"; data: { file: string; message: string } }
  | { type: "test:diagnostic"; data: { message: string } }
  | { type: "test:pass" | "test:fail"; data: NodeTestResult }
  | { type: "test:start" | "test:summary"; data: unknown };

interface NodeTestResult {
  name: string;
  file?: string;
  skip?: string | boolean;
  todo?: string | boolean;
  nesting: number;
  details: { duration_ms: number; type?: string; error?: Error & { failureType?: string } };
}

function countNodeTest(outcome: Outcome, isPass: boolean, result: NodeTestResult, output: Map<string, string>): void {
  const { error, type } = result.details;
  if (type === "suite" || error?.failureType === "subtestsFailed") return;
  const file = result.file ?? "";
  const isWholeFile = result.name === file;
  const name = isWholeFile ? relative(sourceRoot, file) : `${result.name} (${relative(sourceRoot, file)})`;
  const fail = (detail: string): void => void outcome.failures.push({ name, detail });

  if (!isPass) fail(`${describeError(error)}\n${output.get(file) ?? ""}`);
  else if (isWholeFile) fail("no test in this file");
  else if (result.skip !== undefined || result.todo !== undefined) fail("a test that is left out proves nothing");
  else outcome.passed += 1;
}

function describeError(error: Error | undefined): string {
  const cause = error?.cause;
  if (cause instanceof Error) return cause.stack ?? cause.message;
  return typeof cause === "string" ? cause : (error?.stack ?? "failed");
}

/** cmocka's tests, as TAP in Meson's log: each function counts. */
export async function unitTests(build: string): Promise<Outcome> {
  const done = await run("meson", ["test", "-C", build, "--no-rebuild", "--suite", "unit"], {
    cwd: sourceRoot,
    timeout_ms: COMMAND_TIMEOUT_MS,
    env: environment(),
  });
  const log = inSource(build, "meson-logs/testlog.json");
  if (!existsSync(log)) return failed("meson test", done.stdout + done.stderr);
  const lines = (await readFile(log, "utf8")).split("\n").filter(Boolean);
  if (lines.length === 0) return failed("unit", "no test is listed in tests/unit/meson.build");
  return combined(lines.map((line) => unitOutcome(JSON.parse(line) as MesonTest)));
}

interface MesonTest {
  name: string;
  result: string;
  returncode: number;
  stdout?: string;
  stderr?: string;
}

function unitOutcome(test: MesonTest): Outcome {
  const tap = (test.stdout ?? "").split("\n");
  const names = (pattern: RegExp): string[] => tap.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  const detail = `${test.stdout ?? ""}${test.stderr ?? ""}`;
  const passed = names(/^ok \d+ - (.*)/);
  const bad = names(/^not ok \d+ (?:- |# SKIP )(.*)/);
  const failures = bad.map((name) => ({ name: `${test.name}: ${name}`, detail }));
  // A crash, a sanitizer's report or a failed group set-up has no line of its own.
  const isExplained = failures.length > 0 || (test.result === "OK" && passed.length > 0);
  if (!isExplained) failures.push({ name: test.name, detail: `${test.result}, exit ${test.returncode}\n${detail}` });
  return { passed: passed.length, failures };
}

/** The console's own tests. */
export async function vitest(): Promise<Outcome> {
  const report = inSource("build/vitest.json");
  const done = await run("npm", ["test", "--", "--reporter=json", `--outputFile=${report}`], {
    cwd: inSource("web"),
    timeout_ms: COMMAND_TIMEOUT_MS,
    env: environment(),
  });
  if (!existsSync(report)) return failed("vitest", done.stdout + done.stderr);
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as { testResults: VitestFile[] };
  if (testResults.length === 0) return failed("vitest", "no test in web/src");
  return combined(testResults.map(vitestOutcome));
}

interface VitestFile {
  name: string;
  status: string;
  message: string;
  assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
}

function vitestOutcome(file: VitestFile): Outcome {
  const path = relative(sourceRoot, file.name);
  if (file.assertionResults.length === 0) return failed(path, file.message || "no test in this file");
  const bad = file.assertionResults.filter((test) => test.status !== "passed");
  return {
    passed: file.assertionResults.length - bad.length,
    failures: bad.map((test) => ({
      name: `${test.fullName} (${path})`,
      detail: `${test.status}\n${(test.failureMessages ?? []).join("\n")}`,
    })),
  };
}

/** Every fuzz target for `seconds`, from its seeds; what it learns stays in build/. */
export async function fuzz(seconds: number): Promise<Outcome> {
  const sources = (await Array.fromAsync(glob("*_fuzz.c", { cwd: inSource("tests/fuzz") }))).sort();
  if (sources.length === 0) return failed("fuzz", "no target in tests/fuzz");
  const waiting = sources.map((source) => basename(source, ".c"));
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      outcomes.push(await fuzzTarget(target, seconds));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return combined(outcomes);
}

async function fuzzTarget(target: string, seconds: number): Promise<Outcome> {
  const name = target.replace(/_fuzz$/, "");
  const seeds = inSource("tests/fuzz/corpus", name);
  if (!existsSync(seeds)) return failed(target, `no seeds in tests/fuzz/corpus/${name}`);
  const learnt = inSource("build/fuzz/corpus", name);
  const findings = inSource("build/fuzz/findings", name);
  await Promise.all([learnt, findings].map((folder) => mkdir(folder, { recursive: true })));

  const dictionary = inSource("tests/fuzz", `${name}.dict`);
  const options = [
    `-max_total_time=${seconds}`,
    `-timeout=${FUZZ_INPUT_TIMEOUT_S}`,
    `-artifact_prefix=${findings}/`,
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
    ...(existsSync(dictionary) ? [`-dict=${dictionary}`] : []),
  ];
  const program = inSource("build/fuzz/tests/fuzz", target);
  if (!existsSync(program)) return failed(target, "not listed in tests/fuzz/meson.build");
  return command(target, program, [...options, learnt, seeds]);
}
