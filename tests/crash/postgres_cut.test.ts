// The connection to PostgreSQL, or PostgreSQL itself, dies at every message of whatever posts: the request is answered 503 or
// as ever, and once it is repeated under its Idempotency-Key all of it has happened, once. MB_TEST_STEPS=9999 takes every
// boundary instead of some.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Listener } from "../harness/listening.ts";
import { Framing, type Message } from "../harness/postgres_wire.ts";
import { chance, steps } from "../harness/seed.ts";
import { storeKind } from "../harness/store.ts";
import { chooseCuts, commitUnheard } from "./postgres_cut/boundaries.ts";
import { BOUGHT_SECONDS, postings, TALK_SECONDS, type Posting } from "./postgres_cut/postings.ts";
import { beginScene, type Stage } from "./postgres_cut/scene.ts";
import { attempt, attemptEach, attemptUncut, type Course, type Fate } from "./postgres_cut/tries.ts";

/** Of a posting's hundreds of boundaries; the ten about COMMIT are all taken. */
const CUTS = 10;
const CUTS_OF_COMMIT = 10;
/** Of either sort: each takes as long as PostgreSQL takes to be back. */
const KILLS = 1;
const TRIES = 3;
const FATES: readonly Fate[] = ["answered", "unanswered, had happened", "unanswered, had not happened"];

/** A message by PostgreSQL's description: its letter, the length of all but that, what it says. */
function framed(letter: string, says: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + says.length);
  return Buffer.concat([Buffer.from(letter), length, Buffer.from(says, "latin1")]);
}

const OPENING = framed("", "\x00\x03\x00\x00user\x00postgres\x00\x00");
const STATEMENT = framed("Q", "SELECT 1\x00");
const SYNC = framed("S", "");

test("PostgreSQL's messages are put together from pieces of any length", () => {
  const bytes = Buffer.concat([OPENING, STATEMENT, SYNC]);
  for (let length = 1; length <= bytes.length; length += 1) {
    const framing = new Framing("client");
    const messages: Message[] = [];
    for (let at = 0; at < bytes.length; at += length) messages.push(...framing.take(bytes.subarray(at, at + length)));
    assert.deepEqual(
      messages.map(({ type, bytes: own }) => [type, own.toString("latin1")]),
      [
        ["", OPENING.toString("latin1")],
        ["Q", STATEMENT.toString("latin1")],
        ["S", SYNC.toString("latin1")],
      ],
    );
  }
});

const dice = chance("PostgreSQL cut off");

/** What was cut, and how it fared. */
class Tally {
  #cuts = 0;
  #boundaries = 0;
  readonly #fates = new Map<Fate, number>();

  add(boundaries: number, fates: readonly Fate[]): void {
    this.#boundaries += boundaries;
    this.#cuts += fates.length;
    for (const fate of fates) this.#fates.set(fate, this.times(fate) + 1);
  }

  times(fate: Fate): number {
    return this.#fates.get(fate) ?? 0;
  }

  get text(): string {
    const fates = [...this.#fates].map(([fate, n]) => `${n} ${fate}`).join("; ");
    return `at ${this.#cuts} of ${this.#boundaries} boundaries: ${fates}`;
  }
}

/** Cuts at so many boundaries that have nothing to do with COMMIT, and so many that have. */
async function cutAt(others: number, ofCommit: number, course: Course, tally: Tally): Promise<void> {
  const uncut = await attemptUncut(course);
  const { boundaries, cuts } = chooseCuts(uncut.seen, others, ofCommit, dice.int(0, 999) / 1000);
  tally.add(boundaries, await attemptEach(course, uncut, cuts));
  await course.scene.check();
}

async function onPostgres(): Promise<void> {
  const scene = await beginScene();
  after(() => scene.end());
  const cut = new Tally();
  const killed = new Tally();
  const [aCall] = postings as readonly [Posting];

  for (const posting of postings) {
    test(`${posting.name}: the connection is cut, and it happens once`, () =>
      cutAt(steps(CUTS), steps(CUTS_OF_COMMIT), { scene, posting }, cut));
  }

  test(`${aCall.name}: the connection is cut that is made for it, and it happens once`, () =>
    cutAt(steps(CUTS), steps(CUTS_OF_COMMIT), { scene, posting: aCall, isNew: true }, cut));

  test("whoever listens is told the balance of a commit whose answer was lost", async () => {
    const course = { scene, posting: aCall };
    const { seen } = await attemptUncut(course);
    const fates: Fate[] = [];
    // What the server writes by the way may come first, and be cut instead.
    while (fates.at(-1) !== "unanswered, had happened") {
      assert.ok(fates.length < TRIES, fates.join("; "));
      const [spare, stage] = (await scene.stages(2)) as [Stage, Stage];
      const listener = await Listener.to(scene.url, { client: stage.hand.owner });
      fates.push((await attempt(course, [spare, stage], commitUnheard(seen))).fate);
      const told = await listener.untilAccount(stage.world.harbor);
      assert.equal(told.wallet.premium_seconds, BOUGHT_SECONDS - TALK_SECONDS);
      listener.close();
    }
  });

  const strike = async (): Promise<void> => {
    await scene.cluster.kill();
    await scene.cluster.start();
  };

  for (const posting of postings) {
    test(`${posting.name}: PostgreSQL is killed, and it happens once`, () =>
      cutAt(steps(KILLS), steps(KILLS), { scene, posting, strike }, killed));
  }

  test("of those that were cut some were answered, some had happened unanswered, some had not happened", (t) => {
    t.diagnostic(`covered: the connection cut ${cut.text}`);
    t.diagnostic(`covered: PostgreSQL killed ${killed.text}`);
    for (const fate of FATES) assert.ok(cut.times(fate) > 0, fate);
  });
}

if (storeKind() === "postgres") await onPostgres();
