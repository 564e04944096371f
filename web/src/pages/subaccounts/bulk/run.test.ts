import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, type Schemas } from "../../../api/client";
import { BulkRun, type Task } from "./run";

const COUNT = 10;

function tasks(skipped: Record<number, string> = {}): Task[] {
  return Array.from({ length: COUNT }, (_, number) => ({
    account: { id: `sub_${number}`, name: `Client ${number}` } as Schemas["Subaccount"],
    skipped: skipped[number] ?? null,
  }));
}

const REFUSED = new ApiError(409, { code: "already_suspended", detail: "It is suspended already." });
const OFFLINE = new ApiError(0, { code: "offline", detail: "The server cannot be reached." });

beforeEach(() => {
  vi.useFakeTimers();
});

async function end(run: BulkRun) {
  await vi.advanceTimersByTimeAsync(600_000);
  expect(run.progress().isRunning).toBe(false);
}

describe("one action on many", () => {
  it("asks for few at a time, and ends with a result for each", async () => {
    let [asked, most] = [0, 0];
    const run = new BulkRun(tasks({ 3: "Suspended already" }), async ({ id }) => {
      asked += 1;
      most = Math.max(most, asked);
      await new Promise((resolve) => setTimeout(resolve, 10));
      asked -= 1;
      if (id === "sub_5") throw REFUSED;
    });
    const told = vi.fn();
    run.subscribe(told);
    run.start();
    expect(run.progress()).toMatchObject({ isRunning: true, counts: { running: 4, waiting: 5, skipped: 1 } });
    await end(run);
    expect(most).toBe(4);
    expect(run.progress().counts).toMatchObject({ done: 8, refused: 1, skipped: 1, waiting: 0, running: 0 });
    expect(run.outcome(5)).toEqual({ state: "refused", reason: "It is suspended already." });
    expect(run.outcome(3)).toEqual({ state: "skipped", reason: "Suspended already" });
    expect(told.mock.calls.length).toBeLessThan(COUNT);
  });

  it("begins nothing after it was stopped, and goes on with the rest when asked to", async () => {
    const act = vi.fn(() => new Promise((resolve) => setTimeout(resolve, 10)));
    const run = new BulkRun(tasks(), act);
    run.start();
    run.stop();
    await end(run);
    expect(act).toHaveBeenCalledTimes(4);
    expect(run.progress().counts).toMatchObject({ done: 4, waiting: 6 });
    run.start();
    await end(run);
    expect(act).toHaveBeenCalledTimes(COUNT);
    expect(run.progress().counts.done).toBe(COUNT);
  });

  it("tries the failed ones again under the keys they had", async () => {
    const keys = new Map<string, Set<string>>();
    let broken = true;
    const run = new BulkRun(tasks(), ({ id }, headers) => {
      keys.set(id, (keys.get(id) ?? new Set()).add(headers["Idempotency-Key"]));
      return broken && id === "sub_2"
        ? Promise.reject(OFFLINE)
        : broken && id === "sub_7"
          ? Promise.reject(REFUSED)
          : Promise.resolve();
    });
    run.start();
    await end(run);
    expect(run.progress().counts).toMatchObject({ done: 8, refused: 1, unanswered: 1 });
    broken = false;
    run.start(["refused", "unanswered"]);
    await end(run);
    expect(run.progress().counts.done).toBe(COUNT);
    expect([...keys.values()].map(({ size }) => size)).toEqual(Array.from({ length: COUNT }, () => 1));
    expect(new Set([...keys.values()].flatMap((used) => [...used])).size).toBe(COUNT);
  });

  it("waits for a busy server as long as that says", async () => {
    const times: number[] = [];
    const act = () => {
      times.push(Date.now());
      const busy = new ApiError(503, { code: "busy", detail: "Try again." }, 7);
      return times.length === 1 ? Promise.reject(busy) : Promise.resolve();
    };
    const run = new BulkRun(tasks().slice(0, 1), act);
    run.start();
    await end(run);
    expect(run.progress().counts.done).toBe(1);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(7_000);
  });

  it("does not wait on once it was stopped", async () => {
    const run = new BulkRun(tasks().slice(0, 1), () => Promise.reject(OFFLINE));
    run.start();
    await vi.advanceTimersByTimeAsync(1);
    run.stop();
    await vi.advanceTimersByTimeAsync(200);
    expect(run.progress()).toMatchObject({ isRunning: false, counts: { unanswered: 1 } });
  });

  it("stops where nobody is signed in any more", async () => {
    const act = vi.fn(() => Promise.reject(new ApiError(401, { detail: "Sign in." })));
    const run = new BulkRun(tasks(), act);
    run.start();
    await end(run);
    expect(act).toHaveBeenCalledTimes(4);
    expect(run.progress().counts).toMatchObject({ refused: 4, waiting: 6 });
  });
});
