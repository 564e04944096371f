// What posts to the ledger, request by request, each under an Idempotency-Key. A new one is a row here.
//
// The agency has two clients: HARBOR (0.20 for a premium minute; 6,000 s left, a purchase that waits for its money) and
// ACME (0.25; 3,000 s).

import { ok, type Client, type Reply } from "../../harness/client.ts";
import { call, type CallRecord, type Reservation } from "../../harness/scene.ts";

/** Ids of one copy of the agency. */
export interface World {
  primary: string;
  harbor: string;
  acme: string;
  purchase: string;
  /** The reservation that was made before, if one was. */
  held?: string;
  /** When calls are told to have begun: the same in all copies. */
  started_at: string;
}

export interface Hand {
  owner: Client;
  engine: Client;
}

/** A request, to be sent as often as it takes. */
export interface Request {
  by: keyof Hand;
  path: string;
  body?: object;
}

export interface Posting {
  name: string;
  /** A call is in progress before. */
  isDuringCall?: boolean;
  request: (world: World) => Request;
}

/** HARBOR's premium minutes, and what a call takes of them. */
export const BOUGHT_SECONDS = 6000;
export const TALK_SECONDS = 61;
/** Held for longer than all boundaries take: what expired would be written in between, and change the rows. */
const HELD_SECONDS = 5400;
const BATCH = 25;

const talk = ({ started_at }: World, id: string, subaccount: string, facts: Partial<CallRecord> = {}): CallRecord =>
  call({ id, subaccount, started_at, duration_seconds: TALK_SECONDS, ...facts });

const toCalls = (body: CallRecord[]): Request => ({ by: "engine", path: "/v1/calls", body });

const holdOf = ({ harbor }: World): Request => ({
  by: "engine",
  path: "/v1/reservations",
  body: { subaccount: harbor, tier: "premium", direction: "outbound", seconds: HELD_SECONDS },
});

export const postings: readonly Posting[] = [
  {
    name: "a call",
    request: (world) => toCalls([talk(world, "one", world.harbor)]),
  },
  {
    name: "a batch of calls of two accounts",
    request: (world) =>
      toCalls(
        Array.from({ length: BATCH }, (_, i) => talk(world, `many-${i}`, i % 2 === 0 ? world.harbor : world.acme)),
      ),
  },
  { name: "minutes held for a call", request: holdOf },
  {
    name: "more minutes held",
    isDuringCall: true,
    request: ({ held }) => ({ by: "engine", path: `/v1/reservations/${held}/extend`, body: { seconds: 120 } }),
  },
  {
    name: "the end of a call",
    isDuringCall: true,
    request: (world) => toCalls([talk(world, "ended", world.harbor, { reservation: world.held ?? null })]),
  },
  {
    name: "an order of minutes",
    request: ({ harbor }) => ({
      by: "owner",
      path: `/v1/subaccounts/${harbor}/purchases`,
      body: { tier: "premium", seconds: 1201 },
    }),
  },
  {
    name: "a purchase that is paid",
    request: ({ purchase }) => ({ by: "owner", path: `/v1/purchases/${purchase}/mark_paid` }),
  },
  {
    name: "a move of minutes",
    request: ({ harbor, acme }) => ({
      by: "owner",
      path: "/v1/minute_moves",
      body: { from: harbor, to: acme, tier: "premium", seconds: 3600, received_seconds: 2880 },
    }),
  },
  {
    name: "a removal",
    request: ({ harbor, primary }) => ({
      by: "owner",
      path: `/v1/subaccounts/${harbor}/remove`,
      body: { minutes_to: primary, received: { premium_seconds: 7500 } },
    }),
  },
];

/** A call of HARBOR's begins. */
export async function beginCall({ engine }: Hand, world: World): Promise<void> {
  const { path, body } = holdOf(world);
  world.held = ok(await engine.post<Reservation>(path, body)).id;
}

export function send(hand: Hand, { by, path, body }: Request, key: string): Promise<Reply> {
  return hand[by].post(path, body, { headers: { "Idempotency-Key": key } });
}
