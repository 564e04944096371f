// The program under test: its commands, and its server as a process that can be stopped or killed.

import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { binaryUnderTest, inSource } from "./paths.ts";
import { collect, exited, exitedWithin, run, runOk, spawnTied, type Finished, type RunOptions } from "./process.ts";
import type { Store } from "./store.ts";

const READY_TIMEOUT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 30_000;

const SANITIZERS = {
  ASAN_OPTIONS: "detect_stack_use_after_return=1:strict_string_checks=1",
  UBSAN_OPTIONS: "print_stacktrace=1",
  TSAN_OPTIONS: "halt_on_error=0:second_deadlock_stack=1",
};

function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...SANITIZERS, ...extra };
}

/** TSan needs the address space where it expects it. */
function commandLine(args: readonly string[]): [string, string[]] {
  const binary = binaryUnderTest();
  return binary.includes("/tsan/") ? ["setarch", ["-R", binary, ...args]] : [binary, [...args]];
}

/** Runs `minutebank ARGS` to its end, whatever the end is. */
export async function minutebank(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [command, all] = commandLine(args);
  return run(command, all, { ...options, env: options.env ?? environment() });
}

/** Runs `minutebank ARGS`, which must succeed; its standard output. */
export async function minutebankOk(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const [command, all] = commandLine(args);
  return runOk(command, all, { ...options, env: options.env ?? environment() });
}

/** Starts `minutebank ARGS` as a process of its own. */
export function startMinutebank(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const [command, all] = commandLine(args);
  return spawnTied(command, all, { env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
}

/** Every invariant of domain.md §3 holds in `store`. */
export async function check(store: Store): Promise<void> {
  await minutebankOk(["check", "--store", store.url]);
}

export interface Owner {
  email: string;
  password: string;
}

/** Makes the first agency in an empty store; its owner's sign-in. */
export async function initAgency(
  store: Store,
  {
    agency = "Northwind Voice",
    email = "owner@northwind.example",
    password = "lanterns over the harbour",
    plan = "agency_unlimited",
  }: { agency?: string | undefined; email?: string | undefined; password?: string; plan?: string | undefined } = {},
): Promise<Owner> {
  const args = ["init", "--store", store.url, "--agency", agency, "--email", email, "--plan", plan];
  await minutebankOk([...args, "--password-stdin"], { input: `${password}\n` });
  return { email, password };
}

export interface ServerOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  listen?: string;
  /** false: a store that is no file gets no secret key. */
  hasSecretKey?: boolean;
}

/** A store that is no file has no secret key beside it. */
function secretKey(store: Store, args: readonly string[], wanted: boolean): string[] {
  const isNeeded = wanted && store.kind === "postgres" && !args.includes("--secret-key-file");
  return isNeeded ? ["--secret-key-file", inSource("tests/harness/secret_key.txt")] : [];
}

export class Server {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #output: () => string;

  private constructor(process: ChildProcess, output: () => string, url: string) {
    this.#process = process;
    this.#output = output;
    this.url = url;
  }

  /** Starts `minutebank serve` and waits until it says that it listens. */
  static async start(store: Store, options: ServerOptions = {}): Promise<Server> {
    const { args = [], env = {}, listen = "127.0.0.1:0", hasSecretKey = true } = options;
    const [command, all] = commandLine([
      ...["serve", "--listen", listen, "--store", store.url],
      ...secretKey(store, args, hasSecretKey),
      ...args,
    ]);
    const child = spawnTied(command, all, {
      env: environment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const output = (): string => stdout() + stderr();
    const url = await readyUrl(child, output);
    return new Server(child, output, url);
  }

  /** All that it has printed. */
  get logs(): string {
    return this.#output();
  }

  get pid(): number {
    if (this.#process.pid === undefined) throw new Error("the server has no process");
    return this.#process.pid;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** SIGTERM: it drains and exits 0; a sanitizer's report makes that another code. */
  async stop(): Promise<void> {
    if (this.isRunning) this.#process.kill("SIGTERM");
    const { code, signal } = await exitedWithin(this.#process, DRAIN_TIMEOUT_MS);
    if (code !== 0) throw new Error(`the server ended with ${code ?? signal}:\n${this.logs}`);
  }

  /** SIGKILL: no chance to save anything. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await exited(this.#process);
  }
}

async function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const url = /listening on (https?:\/\/[^\s"]+)/.exec(output())?.[1];
    if (url) return url;
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start:\n${output()}`);
    }
    await sleep(10);
  }
}

/** The resident set of a process, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error(`process ${pid} has no memory`);
  return Number(kib) * 1024;
}
