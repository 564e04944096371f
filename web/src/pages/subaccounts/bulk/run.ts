// One action on many accounts: a few requests at a time, each carried out once, a result for every account.
import { ApiError, type Schemas } from "../../../api/client";
import { newKey } from "../../../widgets/form/intent";
import { errorText } from "../../../widgets/states/states";

type Subaccount = Schemas["Subaccount"];

export interface Task {
  account: Subaccount;
  /** Why nothing is to be done to it. */
  skipped: string | null;
}

/** Carries it out, under a key that makes it happen once; throws ApiError. */
export type Act = (account: Subaccount, headers: { "Idempotency-Key": string }) => Promise<unknown>;

export const OUTCOMES = ["waiting", "running", "done", "refused", "unanswered", "skipped"] as const;
export type OutcomeState = (typeof OUTCOMES)[number];

export interface Outcome {
  state: OutcomeState;
  reason: string | null;
}

export interface Progress {
  counts: Readonly<Record<OutcomeState, number>>;
  isRunning: boolean;
}

const AT_ONCE = 4;
/** Ten thousand answers redraw the page a few times a second, not ten thousand times. */
const TELL_EVERY_MS = 250;
/** A busy or restarting server is waited for this often, and this long each time, before an account counts as failed. */
const PATIENCE = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

const WAITING: Outcome = { state: "waiting", reason: null };
const RUNNING: Outcome = { state: "running", reason: null };
const DONE: Outcome = { state: "done", reason: null };

export class BulkRun {
  readonly tasks: readonly Task[];
  readonly #act: Act;
  readonly #outcomes: Outcome[];
  readonly #keys: string[];
  readonly #listeners = new Set<() => void>();
  #queue: number[] = [];
  #busy = 0;
  #stopped = new AbortController();
  #telling: ReturnType<typeof setTimeout> | null = null;
  #progress: Progress;

  constructor(tasks: readonly Task[], act: Act) {
    this.tasks = tasks;
    this.#act = act;
    this.#outcomes = tasks.map(({ skipped }) => (skipped === null ? WAITING : { state: "skipped", reason: skipped }));
    // Made once, so that a second try of the same task is the same request.
    this.#keys = tasks.map(newKey);
    this.#progress = this.#count();
  }

  /** What has not been tried yet, or what failed, or both. */
  start(states: readonly OutcomeState[] = ["waiting"]) {
    this.#stopped = new AbortController();
    this.#queue = this.indices(states).reverse();
    for (const index of this.#queue) this.#outcomes[index] = WAITING;
    while (this.#busy < AT_ONCE && this.#queue.length > 0) void this.#work();
    this.#tell();
  }

  /** Begins nothing more; what is under way is waited for, as nobody could tell whether it happened. */
  stop() {
    this.#queue = [];
    this.#stopped.abort();
    this.#tellSoon();
  }

  outcome(index: number): Outcome {
    return this.#outcomes[index] ?? WAITING;
  }

  indices(states: readonly OutcomeState[]): number[] {
    return this.#outcomes.flatMap(({ state }, index) => (states.includes(state) ? [index] : []));
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly progress = () => this.#progress;

  async #work() {
    this.#busy += 1;
    for (let index = this.#queue.pop(); index !== undefined; index = this.#queue.pop()) {
      this.#outcomes[index] = RUNNING;
      this.#outcomes[index] = await this.#patiently(index);
      this.#tellSoon();
    }
    this.#busy -= 1;
    if (this.#busy === 0) this.#tell();
  }

  async #patiently(index: number): Promise<Outcome> {
    for (let tries = 0; ; tries += 1) {
      const { waitMs, ...outcome } = await this.#once(index);
      if (outcome.state !== "unanswered" || tries === PATIENCE || this.#stopped.signal.aborted) return outcome;
      await pause(Math.min(waitMs ?? FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS), this.#stopped.signal);
    }
  }

  async #once(index: number): Promise<Outcome & { waitMs?: number | null }> {
    const [task, key] = [this.tasks[index], this.#keys[index]];
    if (!task || !key) throw new RangeError(`no task ${index}`);
    try {
      await this.#act(task.account, { "Idempotency-Key": key });
      return DONE;
    } catch (error) {
      const reason = errorText(error);
      if (!(error instanceof ApiError) || mayPass(error)) {
        const waitMs = error instanceof ApiError && error.retryAfterSeconds ? error.retryAfterSeconds * 1000 : null;
        return { state: "unanswered", reason, waitMs };
      }
      // Whoever is no longer signed in is refused all the rest too.
      if (error.status === 401) this.stop();
      return { state: "refused", reason };
    }
  }

  #count(): Progress {
    const counts = Object.fromEntries(OUTCOMES.map((state) => [state, 0])) as Record<OutcomeState, number>;
    for (const { state } of this.#outcomes) counts[state] += 1;
    return { counts, isRunning: this.#busy > 0 };
  }

  #tellSoon() {
    this.#telling ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  #tell() {
    if (this.#telling !== null) clearTimeout(this.#telling);
    this.#telling = null;
    this.#progress = this.#count();
    for (const listener of this.#listeners) listener();
  }
}

/** Not an answer to what was asked: it may have happened, and asking again under the same key is safe. */
function mayPass({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** So long, or until it is stopped. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
