// Every suite of the project, in the order in which they run: cheap and telling ones first.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { Contract } from "./contract.ts";
import { inSource } from "./paths.ts";
import { combined, failed, passedOne, type Outcome } from "./report.ts";
import { command, fuzz, nodeTests, simulator, unitTests, vitest } from "./runners.ts";

export type Build = "build" | "build-asan" | "build-tsan" | "build-fuzz";

export interface Suite {
  name: string;
  /** The make targets of the programs that it runs. */
  builds: Build[];
  needsPostgres: boolean;
  /** What must have ended before. */
  after?: readonly string[];
  run(): Promise<Outcome>;
}

const SHORT_FUZZ_SECONDS = 5;
const SHORT_SIM_SECONDS = 60;

const BINARIES: Record<Exclude<Build, "build-fuzz">, string> = {
  build: inSource("build/minutebank"),
  "build-asan": inSource("build/asan/minutebank"),
  "build-tsan": inSource("build/tsan/minutebank"),
};

/** Tests against a running program of one build, once per store. */
function onBothStores(folder: string, build: keyof typeof BINARIES): Suite[] {
  return ["sqlite", "postgres"].map((store) => ({
    name: `${folder}:${store}`,
    builds: [build],
    needsPostgres: store === "postgres",
    run: () => nodeTests(folder, { MB_TEST_STORE: store, MB_TEST_BINARY: BINARIES[build] }),
  }));
}

function onSqlite(folder: string, build: keyof typeof BINARIES): Suite {
  return {
    name: folder,
    builds: [build],
    needsPostgres: false,
    run: () => nodeTests(folder, { MB_TEST_STORE: "sqlite", MB_TEST_BINARY: BINARIES[build] }),
  };
}

function plain(name: string, builds: Build[], run: () => Promise<Outcome>): Suite {
  return { name, builds, needsPostgres: false, run };
}

export const suites: Suite[] = [
  plain("openapi", [], () =>
    command(
      "redocly lint",
      "npx",
      ["--no", "redocly", "lint", "../api/openapi.yaml", "--config", "redocly.yaml"],
      inSource("web"),
    ),
  ),
  { ...plain("unit", ["build-asan"], () => unitTests("build/asan")), needsPostgres: true },
  plain("sim", ["build-asan"], () => simulator(Number(process.env["SIM_SECONDS"] ?? SHORT_SIM_SECONDS))),
  plain("web", [], vitest),
  ...onBothStores("cli", "build-asan"),
  ...onBothStores("api", "build-asan"),
  { ...plain("api:coverage", [], everyOperationWasSeen), after: ["api:sqlite", "api:postgres"] },
  ...onBothStores("crash", "build"),
  ...onBothStores("concurrency", "build-tsan"),
  onSqlite("browser", "build"),
  onSqlite("docs", "build"),
  plain("fuzz", ["build-fuzz"], () => fuzz(Number(process.env["FUZZ_SECONDS"] ?? SHORT_FUZZ_SECONDS))),
];

/** The suites of these names; `api` means `api:sqlite`, `api:postgres` and `api:coverage`. */
export function suitesNamed(names: readonly string[]): Suite[] {
  const isOf = (suite: Suite, name: string): boolean => suite.name === name || suite.name.startsWith(`${name}:`);
  const unknown = names.filter((name) => !suites.some((suite) => isOf(suite, name)));
  if (unknown.length > 0) {
    const known = suites.map((suite) => suite.name).join(", ");
    throw new Error(`no suite ${unknown.join(", ")}; there are: ${known}`);
  }
  return names.length === 0 ? suites : suites.filter((suite) => names.some((name) => isOf(suite, name)));
}

/** Each operation that api/openapi.yaml describes was answered in some API test. */
async function everyOperationWasSeen(): Promise<Outcome> {
  const file = process.env["MB_TEST_SEEN"];
  const seen = file && existsSync(file) ? await readFile(file, "utf8") : "";
  const names = new Set(seen.split("\n"));
  return combined(
    new Contract().operations.map(({ operation, method, path }) =>
      names.has(operation.operationId)
        ? passedOne
        : failed(operation.operationId, `no API test calls ${method} ${path}`),
    ),
  );
}
