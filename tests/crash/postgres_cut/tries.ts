// One request after the other that something is cut under, and what came of each.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { ok, refused, type Reply } from "../../harness/client.ts";
import type { Copy } from "../../harness/copies.ts";
import { differences, type Outcome } from "../../harness/outcome.ts";
import type { Cut, Seen, WatchOptions } from "../../harness/postgres_proxy.ts";
import { beginCall, send, type Posting } from "./postings.ts";
import { leave, type Scene, type Stage } from "./scene.ts";

const KEY = "until-answered";
const RECOVERY_MS = 60_000;
const PAUSE_MS = 20;
/** Each posting is first sent so often as it is. */
const UNCUT = 3;

/** What is posted, and what dies under it. */
export interface Course {
  scene: Scene;
  posting: Posting;
  /** Done at the cut, beside closing the connection. */
  strike?: () => Promise<void>;
  /** The connection has to be made first, and no statement is known on it. */
  isNew?: boolean;
}

/** How a request fared that was cut: answered all the same, or if not, whether it had happened. */
export type Fate = "answered" | "unanswered, had happened" | "unanswered, had not happened";

interface Try {
  copy: Copy;
  seen: Seen[];
  first: string;
  again: string;
  fate: Fate;
}

/** Whatever a writer knows it has from another one like it, and a call is in progress if one has to be. */
async function prepare({ scene, posting, isNew }: Course, spare: Stage, stage: Stage): Promise<void> {
  for (const each of [spare, stage]) if (posting.isDuringCall) await beginCall(each.hand, each.world);
  ok(await send(spare.hand, posting.request(spare.world), KEY));
  if (isNew) await scene.proxy.endWriters();
}

/** Repeats a request until it is answered; only 503 is no answer. */
async function untilAnswered(ask: () => Promise<Reply>, first: Reply): Promise<Reply> {
  const deadline = Date.now() + RECOVERY_MS;
  for (let reply = first; ; reply = await ask()) {
    if (reply.status < 300) return reply;
    refused(reply, 503, "store_unavailable");
    assert.match(String(reply.headers["retry-after"]), /^[1-9]\d*$/);
    assert.ok(Date.now() < deadline, "it does not recover");
    await sleep(PAUSE_MS);
  }
}

const isReplayed = ({ headers }: Reply): boolean => headers["idempotency-replayed"] === "true";

function fateOf(first: Reply, answer: Reply): Fate {
  if (first === answer) return "answered";
  return isReplayed(answer) ? "unanswered, had happened" : "unanswered, had not happened";
}

function watching({ strike, isNew = false }: Course, cut?: Cut): WatchOptions {
  return { ...(cut && { cut }), ...(strike && { strike }), withOpening: isNew };
}

/** One request that is cut where `cut` says, repeated until it is answered, and then once more; its like was sent before. */
export async function attempt(course: Course, [spare, stage]: [Stage, Stage], cut?: Cut): Promise<Try> {
  const { scene, posting } = course;
  await prepare(course, spare, stage);
  const request = posting.request(stage.world);
  const ask = (): Promise<Reply> => send(stage.hand, request, KEY);
  const { watch, result: first } = await scene.proxy.during(watching(course, cut), ask);
  assert.equal(watch.hasCut, cut !== undefined, `${watch.seen.length} messages`);
  const answer = await untilAnswered(ask, first);
  const again = await ask();
  assert.ok(isReplayed(again), "what was answered is kept");
  [spare, stage].forEach(leave);
  const { copy } = stage;
  const told = (reply: Reply): string => scene.words.reply(reply, copy);
  return { copy, seen: watch.seen, first: told(answer), again: told(again), fate: fateOf(first, answer) };
}

/** As it is when nothing is cut, and nothing else is written by the way, which adds messages. */
export async function attemptUncut(course: Course): Promise<Try> {
  const stages = await course.scene.stages(2 * UNCUT);
  const tries: Try[] = [];
  for (let i = 0; i < UNCUT; i += 1)
    tries.push(await attempt(course, stages.slice(2 * i, 2 * i + 2) as [Stage, Stage]));
  return tries.reduce((least, each) => (each.seen.length < least.seen.length ? each : least));
}

/** For whoever has to look into it. */
function where({ at, place }: Cut, { seen }: Try): string {
  const { from, type } = seen[at - 1] as Seen;
  return `cut ${place} message ${at}, the ${from}'s ${type || "opening"}`;
}

/** Cuts at each of `cuts`, and holds replies and rows to those of `uncut`. */
export async function attemptEach(course: Course, uncut: Try, cuts: readonly Cut[]): Promise<Fate[]> {
  const { scene } = course;
  const stages = await scene.stages(2 * cuts.length);
  const tries: Try[] = [];
  for (const [i, cut] of cuts.entries()) {
    const own = stages.slice(2 * i, 2 * i + 2) as [Stage, Stage];
    const failed = (cause: Error): never => {
      throw new Error(`${where(cut, uncut)}: ${cause.message}`, { cause });
    };
    tries.push(await attempt(course, own, cut).catch(failed));
  }
  const rows = await scene.rows([uncut, ...tries].map(({ copy }) => copy));
  const outcome = ({ copy, first, again }: Try): Outcome => ({ first, second: again, rows: rows.get(copy) ?? [] });
  assert.ok(outcome(uncut).rows.length > 0);
  for (const [i, cut] of cuts.entries())
    assert.deepEqual(differences(outcome(tries[i] as Try), outcome(uncut)), [], where(cut, uncut));
  return tries.map(({ fate }) => fate);
}
