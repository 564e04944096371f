// Jobs that a server does by itself: waiting until it has done what is due.

import { setTimeout as sleep } from "node:timers/promises";

import type { App } from "./app.ts";
import { ok } from "./client.ts";

const TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 10;

/** Sets the test clock, which never goes back. */
export async function setClock(app: App, now: string | Date): Promise<void> {
  const at = typeof now === "string" ? now : now.toISOString();
  ok(await app.client().post("/v1/test/clock", { now: at }));
}

/** The test clock's time, which goes on by a second for being asked. */
export async function clockOf(app: App): Promise<Date> {
  const { now } = ok(await app.client().post<{ now: string }>("/v1/test/clock", { advance_seconds: 1 }));
  return new Date(now);
}

/** Waits until no job is due by the test clock: done, given up, or waiting for a later time. */
export async function jobsSettled(app: App): Promise<void> {
  const began_ms = Date.now();
  // What comes again at once is due at a moment that moves on.
  const ahead_ms = (await clockOf(app)).getTime() - began_ms + 1000;
  const deadline = began_ms + TIMEOUT_MS;
  for (;;) {
    const now = BigInt(Date.now() + ahead_ms) * 1000n;
    const due = await app.store.query(
      `SELECT kind, subject_id, tries, last_error FROM jobs WHERE state = 'waiting' AND due_at <= ${now}` +
        " AND (lease IS NOT NULL OR lease_until IS NULL)",
    );
    if (due.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`still due after ${TIMEOUT_MS} ms: ${JSON.stringify(due.slice(0, 5), text)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

function text(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
