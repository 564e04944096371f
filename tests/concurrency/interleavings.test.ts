// Two clients at the same moment: every pair of actions on an account, in random order. What comes of it, both replies and
// every row, is what would have come of one after the other. Each pair meets in an agency of its own, a copy of one pattern;
// on PostgreSQL the two clients come by way of two nodes.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { App } from "../harness/app.ts";
import { Client, ok, type Reply } from "../harness/client.ts";
import { Pattern, signedIn, type Copy } from "../harness/copies.ts";
import { check, Server } from "../harness/minutebank.ts";
import { STAFF } from "../harness/platform.ts";
import { addPerson } from "../harness/rows.ts";
import { addSubaccount, sell, type Purchase, type Subaccount } from "../harness/scene.ts";
import { chance, steps } from "../harness/seed.ts";
import { storeKind } from "../harness/store.ts";
import { actions, type Action, type Hand, type World } from "./interleavings/actions.ts";
import { differences, isSame, rowsOf, withoutPostings, Words, type Outcome } from "../harness/outcome.ts";

/** Of more than a thousand, which take minutes. */
const PAIRS_BY_DEFAULT = 300;
/** How many pairs meet while others do: enough to fill the writer's groups. */
const PAIRS_AT_ONCE = 24;
/** Of the credit that the pattern has left: a removal or a purchase, not both. */
const TIGHT_LIMIT_MICROS = 30_900_000;
const SCOPES = ["calls:write", "reservations:write"];
const NAMED_ROUNDS = 12;
const CHECKED_EVERY = 8;

const dice = chance("interleavings");

const app = await App.start({ staff: STAFF, plan: "agency_lite" });
const nodes = [
  app.server,
  storeKind() === "postgres" ? await Server.start(app.store, { args: ["--node", "1"] }) : app.server,
] as const;

after(async () => {
  const [first, second] = nodes;
  if (second !== first) await second.stop();
  await app.finish();
});

/** The agency of which all others are copies. */
async function makePattern() {
  const owner = await app.ownerClient();
  await app.machineClient(SCOPES);
  const { id: agency } = ok(await owner.get<{ id: string }>("/v1/agency"));
  const { data } = ok(await owner.get<{ data: Subaccount[] }>("/v1/subaccounts?kind=primary"));
  const primary = data[0]?.id ?? "";
  const harbor = await addSubaccount(owner, "Harbor", { prices: { basic: "0.12", premium: "0.20" } });
  const acme = await addSubaccount(owner, "Acme", { prices: { basic: "0.12", premium: "0.25" } });
  const { id: paid } = await sell(owner, harbor.id, "premium", 6000);
  await sell(owner, harbor.id, "basic", 600);
  await sell(owner, acme.id, "premium", 3000);
  const order = { tier: "premium", seconds: 1200 };
  const { id: purchase } = ok(await owner.post<Purchase>(`/v1/subaccounts/${harbor.id}/purchases`, order));
  await app.store.damage("UPDATE plans SET knowledge_price_micros = 500000");
  ok(await owner.post("/v1/knowledge_purchases", { credits: 2, cost_usd: "1.00" }));
  ok(await owner.post("/v1/knowledge_transfers", { from: primary, to: harbor.id, credits: 1 }));
  const may = await addPerson(app.store, app.owner, "subaccount_admin", { grants: [harbor.id] });
  const kim = await addPerson(app.store, app.owner, "subaccount_member", { grants: [acme.id] });
  await app.client().login(may);
  const users = ok(await owner.get<{ data: { id: string; email: string }[] }>("/v1/users")).data;
  const kimId = users.find(({ email }) => email === kim.email)?.id ?? "";
  const own = { name: "their PBX", scopes: ["calls:write"], subaccount: harbor.id };
  const { id: key } = ok(await owner.post<{ id: string }>("/v1/api_keys", own));
  const ids = { key, paid, agency, primary, harbor: harbor.id, acme: acme.id, purchase, kim: kimId };
  const [cookie = ""] = owner.cookies.keys();
  const staff = await app.client().login(STAFF);
  return { ids, cookie, staff, emails: { owner: app.owner.email, may: may.email } };
}

const made = await makePattern();
const pattern = await Pattern.of(app.store, made.ids.agency);
const words = new Words(await pattern.ids());
const started_at = new Date().toISOString();

function worldOf(copy: Copy): World {
  const ids = Object.fromEntries(Object.entries(made.ids).map(([name, id]) => [name, copy.id(id)]));
  return { ...(ids as Record<keyof typeof made.ids, string>), number: copy.number, started_at };
}

/** Everybody who may act in `copy`, by way of this node; `close` lets go of what they hold. */
class Hands {
  readonly hand: Hand;
  readonly #clients: Client[] = [];

  constructor(node: Server, copy: Copy) {
    const client = (options = {}): Client => {
      const one = new Client(node.url, options);
      this.#clients.push(one);
      return one;
    };
    this.hand = {
      owner: signedIn(client(), made.cookie, copy, made.emails.owner),
      may: signedIn(client(), made.cookie, copy, made.emails.may),
      engine: client({ key: copy.secret(SCOPES.join(" ")) }),
      staff: client().carrying(made.staff),
    };
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

const WAYS = ["in order", "reversed", "at once", "at once, reversed"] as const;

interface Meeting {
  pair: readonly [Action, Action];
  /** How they come to act: one after the other, either first, or at once, either perhaps a little sooner. */
  way: (typeof WAYS)[number];
  copy: Copy;
  replies?: [string, string];
}

function mustBeAnswered(reply: Reply): void {
  assert.ok(reply.status < 500, `${reply.status}: ${JSON.stringify(reply.body)}`);
}

async function meet(meeting: Meeting): Promise<void> {
  const { pair, way, copy } = meeting;
  const world = worldOf(copy);
  const hands = nodes.map((node) => new Hands(node, copy));
  const [one, other] = hands.map(({ hand }) => hand) as [Hand, Hand];
  for (const prepare of new Set(pair.map((action) => action.prepare))) if (prepare) ok(await prepare(one, world));
  const act = [() => pair[0].run(one, world), () => pair[1].run(other, world)] as const;
  const replies = await (way.startsWith("at once") ? atOnce : inTurn)(act, way.endsWith("reversed"));
  for (const each of hands) each.close();
  replies.forEach(mustBeAnswered);
  meeting.replies = [words.reply(replies[0], copy, pair[0].refusals), words.reply(replies[1], copy, pair[1].refusals)];
}

type Acts = readonly [() => Promise<Reply>, () => Promise<Reply>];

async function inTurn([one, other]: Acts, isReversed: boolean): Promise<[Reply, Reply]> {
  if (!isReversed) return [await one(), await other()];
  const last = await other();
  return [await one(), last];
}

async function atOnce(acts: Acts, isReversed: boolean): Promise<[Reply, Reply]> {
  const later = isReversed ? 0 : 1;
  const delay_ms = dice.pick([0, 0, 0, 1, 2, 4]);
  const [one, other] = acts.map(async (act, i) => {
    if (i === later && delay_ms > 0) await sleep(delay_ms);
    return act();
  });
  return Promise.all([one as Promise<Reply>, other as Promise<Reply>]);
}

async function meetAll(meetings: Meeting[]): Promise<void> {
  const waiting = [...meetings];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await meet(next);
  };
  await Promise.all(Array.from({ length: PAIRS_AT_ONCE }, worker));
}

async function limitCredit(copies: Copy[]): Promise<void> {
  const agencies = copies.map(({ agency }) => agency).join(", ");
  await app.store.damage(`UPDATE agencies SET credit_limit_micros = ${TIGHT_LIMIT_MICROS} WHERE id IN (${agencies})`);
}

/** Lets each pair meet, and holds what came of it to what comes of one after the other. */
async function judge(pairs: readonly (readonly [Action, Action])[], isTight: boolean): Promise<void> {
  const copies = await pattern.copy(pairs.length * WAYS.length);
  if (isTight) await limitCredit(copies);
  const meetings = pairs.flatMap((pair, i) =>
    WAYS.map((way, j): Meeting => ({ pair, way, copy: copies[i * WAYS.length + j] as Copy })),
  );
  await meetAll(meetings);
  const rows = await rowsOf(app.store, copies, words);
  const outcomes = meetings.map(({ copy, replies: [first, second] = ["", ""] }): Outcome => {
    return { first, second, rows: rows.get(copy) ?? [] };
  });
  for (const [i, pair] of pairs.entries()) {
    const isGathered = pair.every((action) => action.isGathered);
    const own = outcomes
      .slice(i * WAYS.length, (i + 1) * WAYS.length)
      .map((one) => (isGathered ? withoutPostings(one) : one));
    const [inOrder, reversed, ...seen] = own as [Outcome, Outcome, ...Outcome[]];
    for (const outcome of seen) {
      if (!isSame(outcome, inOrder) && !isSame(outcome, reversed)) fail(pair, isTight, outcome, inOrder, reversed);
    }
  }
}

function fail(
  [one, other]: Meeting["pair"],
  isTight: boolean,
  seen: Outcome,
  inOrder: Outcome,
  reversed: Outcome,
): never {
  const credit = isTight ? ", credit being scarce," : "";
  const lines = [
    `"${one.name}" and "${other.name}" at once${credit} came to neither order's end`,
    ...["beside the first one first:", ...differences(seen, inOrder)],
    ...["beside the other first:", ...differences(seen, reversed)],
  ];
  assert.fail(lines.join("\n"));
}

const named = (name: string): Action => {
  const action = actions.find((each) => each.name === name);
  assert.ok(action, `no action "${name}"`);
  return action;
};

/** What issue after issue of others' trackers is about, many times over. */
function leavesTheBooksRight(title: string, removals: string[], others: string[]): void {
  test(title, async () => {
    const pairs = removals.flatMap((removal) => others.map((other) => [named(removal), named(other)] as const));
    const rounds = Array.from({ length: Math.ceil(NAMED_ROUNDS / WAYS.length) }, () => pairs).flat();
    await judge(rounds, false);
    await judge(rounds, true);
    await check(app.store);
  });
}

const REMOVALS = ["remove to the primary", "remove to the other account"];

const FORCED = ["remove by force amid a call"];

leavesTheBooksRight("a removal and a purchase at the same moment leave the books right", REMOVALS, [
  "order a purchase",
  "order a purchase as the client",
  "mark a purchase paid",
]);
leavesTheBooksRight("a removal and a move at the same moment leave the books right", REMOVALS, [
  "move minutes in",
  "move minutes out",
  "move all minutes out",
]);
leavesTheBooksRight("a removal and a call at the same moment leave the books right", REMOVALS, [
  "record a call",
  "record a batch of several accounts",
  "record a call that uses all minutes",
]);
leavesTheBooksRight("a removal and a call in progress at the same moment leave the books right", FORCED, [
  ...["hold minutes for a call", "extend a call in progress", "cancel a call in progress", "end a call in progress"],
]);
leavesTheBooksRight("two removals at the same moment leave the books right", REMOVALS, [
  ...REMOVALS,
  "remove the other account to this one",
]);

const pairs_n = (actions.length * (actions.length + 1)) / 2;
/** All of them several times over with MB_TEST_STEPS; else as many as a run has time for, others each time. */
const wanted = steps(PAIRS_BY_DEFAULT);
const rounds = Math.max(1, Math.ceil(wanted / pairs_n));
const isWanted = (): boolean => wanted >= pairs_n || dice.int(1, pairs_n) <= wanted;
let met = 0;

for (const [i, action] of actions.entries()) {
  const others = actions.slice(i).filter(isWanted);
  if (others.length === 0) continue;
  test(`"${action.name}" and each of ${others.length} actions at once come to what one after the other does`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      await judge(
        others.map((other) => [action, other] as const),
        dice.oneIn(2),
      );
      met += others.length;
    }
    if (i % CHECKED_EVERY === CHECKED_EVERY - 1) await check(app.store);
  });
}

test("pairs of all kinds have met", (t) => {
  t.diagnostic(`covered: ${met} of ${pairs_n} pairs of ${actions.length} actions met at once, twice each`);
  assert.ok(met >= Math.min(wanted, pairs_n) / 2, `only ${met} pairs have met`);
});
