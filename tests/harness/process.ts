// Child processes that never outlive the tests: the kernel ends them with their parent.

import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Finished extends Exit {
  stdout: string;
  stderr: string;
}

export interface SpawnTied extends SpawnOptions {
  /** Run as this user and group; needs root. */
  user?: string | undefined;
  /** What the kernel sends when the tests die first. */
  signalOnParentDeath?: "KILL" | "QUIT";
}

/** Spawns `command`, which gets `signalOnParentDeath` if this process goes away. */
export function spawnTied(command: string, args: readonly string[], options: SpawnTied = {}) {
  const { user, signalOnParentDeath = "KILL", ...rest } = options;
  const identity = user ? ["--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all"] : [];
  return spawn("setpriv", [...identity, "--pdeathsig", signalOnParentDeath, "--", command, ...args], rest);
}

export async function exited(child: ChildProcess): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return { code: child.exitCode, signal: child.signalCode };
}

/** As `exited`, but a child that takes longer than `timeout_ms` is killed and that is an error. */
export async function exitedWithin(child: ChildProcess, timeout_ms: number): Promise<Exit> {
  const timer = new AbortController();
  const tooLate = sleep(timeout_ms, undefined, { signal: timer.signal }).then(
    () => {
      child.kill("SIGKILL");
      throw new Error(`${child.spawnargs.join(" ")} did not end within ${timeout_ms} ms`);
    },
    () => undefined,
  );
  const exit = await Promise.race([exited(child), tooLate]);
  timer.abort();
  return exit ?? (await exited(child));
}

/** Everything a stream says, as it says it. */
export function collect(stream: Readable | null): () => string {
  const chunks: string[] = [];
  stream?.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  return () => chunks.join("");
}

export interface RunOptions extends SpawnTied {
  input?: string;
  timeout_ms?: number;
}

/** Runs a program to its end. What its exit code means is the caller's to say. */
export async function run(
  command: string,
  args: readonly string[],
  { input, timeout_ms = 120_000, ...options }: RunOptions = {},
): Promise<Finished> {
  const child = spawnTied(command, args, { ...options, stdio: "pipe" });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  // A program may end before it has read its input; its exit code says why.
  child.stdin?.on("error", () => undefined).end(input ?? "");
  const closed = once(child, "close");
  const exit = await exitedWithin(child, timeout_ms);
  await closed;
  return { ...exit, stdout: stdout(), stderr: stderr() };
}

/** Runs a program that must succeed; its standard output. */
export async function runOk(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const done = await run(command, args, options);
  if (done.code !== 0) {
    throw new Error(`${command} ${args.join(" ")}: exit ${done.code ?? done.signal}\n${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}
