// What two clients do to one account at the same moment. A new action is a row here: nothing else has to know of it.
//
// The agency has one slot left, two knowledge credits at its primary, and two clients: HARBOR (0.20 for a premium minute;
// 6,000 s and 600 basic ones left, a knowledge credit, an API key, a purchase that waits for its money) and ACME (0.25;
// 3,000 s). MAY administers HARBOR, KIM reaches ACME alone.

import { ok, type Client, type Reply } from "../../harness/client.ts";
import { call, type CallRecord, type Reservation } from "../../harness/scene.ts";

/** Ids of the copy in which the actions meet. */
export interface World {
  number: number;
  agency: string;
  primary: string;
  harbor: string;
  acme: string;
  purchase: string;
  /** The one that HARBOR's premium minutes are from. */
  paid: string;
  kim: string;
  /** HARBOR's own API key. */
  key: string;
  /** The reservation of HARBOR's that was made before, if one was. */
  held?: string;
  /** When calls are told to have begun: the same in all worlds. */
  started_at: string;
}

/** Who acts, by way of one node. */
export interface Hand {
  owner: Client;
  may: Client;
  engine: Client;
  staff: Client;
}

export interface Action {
  name: string;
  /** What has to be so before, whoever comes first. */
  prepare?: (hand: Hand, world: World) => Promise<Reply>;
  run: (hand: Hand, world: World) => Promise<Reply>;
  /** Two of these may be done as one: what each of them posted can't be told apart. */
  isGathered?: boolean;
  /** Refusals that are as good as one another: which of them it is depends on how far the request had come. */
  refusals?: readonly string[];
}

const harborCall = (world: World, id: string, facts: Partial<CallRecord> = {}): CallRecord =>
  call({ id, subaccount: world.harbor, started_at: world.started_at, duration_seconds: 61, ...facts });

const newAccount = (name: string) => ({ name, email: `${name.toLowerCase()}@client.example` });

/** A move of premium minutes at the prices that both ends have in the pattern. */
const move = (from: string, to: string, seconds: number, received_seconds: number) => ({
  ...{ from, to, tier: "premium", seconds, received_seconds },
});

const hold =
  (seconds: number) =>
  async ({ engine }: Hand, { harbor }: World) =>
    engine.post<Reservation>("/v1/reservations", {
      subaccount: harbor,
      tier: "premium",
      direction: "outbound",
      seconds,
    });

/** A call of HARBOR's is in progress. */
async function holdBefore(hand: Hand, world: World): Promise<Reply> {
  const reply = await hold(600)(hand, world);
  world.held = ok(reply).id;
  return reply;
}

export const actions: readonly Action[] = [
  {
    name: "add an account to the last slot",
    run: ({ owner }) => owner.post("/v1/subaccounts", newAccount("Birch")),
  },
  {
    name: "add an account at the cap",
    prepare: ({ owner }) => owner.post("/v1/subaccounts", newAccount("Cedar")),
    run: ({ owner }) => owner.post("/v1/subaccounts", newAccount("Damson")),
  },
  {
    name: "record a call",
    isGathered: true,
    run: ({ engine }, world) => engine.post("/v1/calls", [harborCall(world, "one")]),
  },
  {
    name: "record a batch of several accounts",
    isGathered: true,
    run: ({ engine }, world) =>
      engine.post("/v1/calls", [
        harborCall(world, "b1"),
        harborCall(world, "b2", { tier: "basic", duration_seconds: 7 }),
        harborCall(world, "b3", { subaccount: world.acme }),
        harborCall(world, "one"),
        harborCall(world, "b4", { subaccount: world.primary, duration_seconds: 3 }),
      ]),
  },
  {
    name: "record a call that uses all minutes",
    isGathered: true,
    run: ({ engine }, world) => engine.post("/v1/calls", [harborCall(world, "long", { duration_seconds: 6000 })]),
  },
  { name: "hold minutes for a call", isGathered: true, run: hold(300) },
  { name: "hold all that is left for a call", isGathered: true, run: hold(6000) },
  {
    name: "extend a call in progress",
    isGathered: true,
    prepare: holdBefore,
    run: ({ engine }, { held }) => engine.post(`/v1/reservations/${held}/extend`, { seconds: 300 }),
  },
  {
    name: "cancel a call in progress",
    isGathered: true,
    prepare: holdBefore,
    run: ({ engine }, { held }) => engine.delete(`/v1/reservations/${held}`),
  },
  {
    name: "end a call in progress",
    prepare: holdBefore,
    isGathered: true,
    run: ({ engine }, world) => engine.post("/v1/calls", [{ ...harborCall(world, "ended"), reservation: world.held }]),
  },
  {
    name: "remove by force amid a call",
    prepare: holdBefore,
    run: ({ owner }, { harbor, primary }) =>
      owner.post(`/v1/subaccounts/${harbor}/remove`, {
        minutes_to: primary,
        received: { basic_seconds: 800, premium_seconds: 7500 },
        force: true,
      }),
  },
  {
    name: "move minutes out",
    run: ({ owner }, { harbor, acme }) => owner.post("/v1/minute_moves", move(harbor, acme, 3600, 2880)),
  },
  {
    name: "move all minutes out",
    run: ({ owner }, { harbor, acme }) => owner.post("/v1/minute_moves", move(harbor, acme, 6000, 4800)),
  },
  {
    name: "move minutes in",
    run: ({ owner }, { harbor, acme }) => owner.post("/v1/minute_moves", move(acme, harbor, 2400, 3000)),
  },
  {
    name: "quote a move",
    run: ({ owner }, { harbor, acme }) =>
      owner.post("/v1/minute_moves/quote", { from: harbor, to: acme, tier: "premium", seconds: 6000 }),
  },
  {
    name: "list moves",
    run: ({ owner }, { harbor }) => owner.get(`/v1/minute_moves?subaccount=${harbor}`),
  },
  {
    name: "order a purchase",
    run: ({ owner }, { harbor }) =>
      owner.post(`/v1/subaccounts/${harbor}/purchases`, { tier: "premium", seconds: 1201 }),
  },
  {
    name: "order a purchase as the client",
    refusals: ["session_expired", "subaccount_removed"],
    run: ({ may }, { harbor }) =>
      may.post(`/v1/subaccounts/${harbor}/purchases`, { tier: "basic", amount_usd: "7.77" }),
  },
  {
    name: "mark a purchase paid",
    run: ({ owner }, { purchase }) => owner.post(`/v1/purchases/${purchase}/mark_paid`),
  },
  {
    name: "call a purchase off",
    run: ({ owner }, { purchase }) => owner.post(`/v1/purchases/${purchase}/cancel`),
  },
  {
    name: "refund some minutes",
    run: ({ owner }, { paid }) => owner.post(`/v1/purchases/${paid}/refund`, { seconds: 3000 }),
  },
  {
    name: "refund all minutes",
    run: ({ owner }, { paid }) => owner.post(`/v1/purchases/${paid}/refund`, {}),
  },
  {
    name: "give minutes by hand",
    run: ({ owner }, { harbor }) =>
      owner.post(`/v1/subaccounts/${harbor}/adjustments`, { tier: "premium", seconds: 1200, reason: "Goodwill" }),
  },
  {
    name: "take minutes by hand",
    run: ({ owner }, { harbor }) =>
      owner.post(`/v1/subaccounts/${harbor}/adjustments`, { tier: "premium", seconds: -1200, reason: "Mistake" }),
  },
  {
    name: "set prices",
    run: ({ owner }, { harbor }) => owner.put(`/v1/subaccounts/${harbor}/prices`, { basic: "0.15", premium: "0.30" }),
  },
  {
    name: "apply base price to the other account",
    run: ({ owner }, { acme }) => owner.put(`/v1/subaccounts/${acme}/prices`, { apply_base_price: true }),
  },
  {
    name: "suspend",
    run: ({ owner }, { harbor }) => owner.post(`/v1/subaccounts/${harbor}/suspend`, { note: "Invoice of May" }),
  },
  {
    name: "restore",
    prepare: ({ owner }, { harbor }) => owner.post(`/v1/subaccounts/${harbor}/suspend`, {}),
    run: ({ owner }, { harbor }) => owner.post(`/v1/subaccounts/${harbor}/restore`),
  },
  {
    name: "remove to the primary",
    run: ({ owner }, { harbor, primary }) =>
      owner.post(`/v1/subaccounts/${harbor}/remove`, {
        minutes_to: primary,
        received: { basic_seconds: 800, premium_seconds: 7500 },
      }),
  },
  {
    name: "remove to the other account",
    run: ({ owner }, { harbor, acme }) =>
      owner.post(`/v1/subaccounts/${harbor}/remove`, {
        minutes_to: acme,
        received: { basic_seconds: 600, premium_seconds: 4800 },
      }),
  },
  {
    name: "remove the other account to this one",
    run: ({ owner }, { harbor, acme }) =>
      owner.post(`/v1/subaccounts/${acme}/remove`, { minutes_to: harbor, received: { premium_seconds: 3750 } }),
  },
  {
    name: "look at a removal",
    run: ({ owner }, { harbor }) => owner.get(`/v1/subaccounts/${harbor}/removal`),
  },
  {
    name: "grant access",
    run: ({ owner }, { kim, harbor, acme }) =>
      owner.patch(`/v1/users/${kim}`, { role: "subaccount_member", subaccounts: [acme, harbor] }),
  },
  {
    name: "invite somebody to it alone",
    run: ({ owner }, { number, harbor }) =>
      owner.post("/v1/invitations", {
        email: `${number}.guest@northwind.example`,
        role: "subaccount_admin",
        subaccounts: [harbor],
      }),
  },
  {
    name: "make an API key of its own",
    run: ({ owner }, { harbor }) =>
      owner.post("/v1/api_keys", { name: "another PBX", scopes: ["calls:write"], subaccount: harbor }),
  },
  {
    name: "rotate its API key",
    run: ({ owner }, { key }) => owner.post(`/v1/api_keys/${key}/rotate`, {}),
  },
  {
    name: "revoke its API key",
    run: ({ owner }, { key }) => owner.delete(`/v1/api_keys/${key}`),
  },
  {
    name: "change its name",
    run: ({ owner }, { harbor }) => owner.patch(`/v1/subaccounts/${harbor}`, { name: "Harbor & Sons" }),
  },
  {
    name: "change its login email",
    run: ({ owner }, { harbor }) => owner.patch(`/v1/subaccounts/${harbor}`, { email: "birch@client.example" }),
  },
  {
    name: "change the agency's default prices",
    run: ({ owner }) => owner.patch("/v1/agency", { default_prices: { basic: "0.20", premium: "0.40" } }),
  },
  {
    name: "turn on auto-recharge",
    run: ({ owner }, { harbor }) =>
      owner.put(`/v1/subaccounts/${harbor}/auto_recharge`, {
        ...{ enabled: true, threshold_usd: "1.00", amount_usd: "20.00", tier: "premium" },
      }),
  },
  {
    name: "allocate minutes monthly",
    run: ({ owner }, { harbor }) =>
      owner.put(`/v1/subaccounts/${harbor}/auto_allocation`, {
        ...{ enabled: true, basic_seconds: 0, premium_seconds: 1200, day: 31 },
      }),
  },
  {
    name: "end the monthly allocation",
    prepare: ({ owner }, { harbor }) =>
      owner.put(`/v1/subaccounts/${harbor}/auto_allocation`, {
        ...{ enabled: true, basic_seconds: 600, premium_seconds: 0, day: 1 },
      }),
    run: ({ owner }, { harbor }) => owner.delete(`/v1/subaccounts/${harbor}/auto_allocation`),
  },
  {
    name: "set what is distributed at renewals",
    run: ({ owner }) => owner.put("/v1/agency/distribution", { basic_seconds: 60, premium_seconds: 600 }),
  },
  {
    name: "note that the agency can be paid out",
    run: ({ staff }, { agency }) => staff.put(`/v1/platform/agencies/${agency}/payout_account`, { connected: true }),
  },
  {
    name: "change to a bigger plan",
    run: ({ owner }) => owner.put("/v1/agency/plan", { plan: "agency_unlimited" }),
  },
  {
    name: "change to a smaller plan",
    run: ({ owner }) => owner.put("/v1/agency/plan", { plan: "agency_kickstart" }),
  },
  {
    name: "buy knowledge credits",
    run: ({ owner }) => owner.post("/v1/knowledge_purchases", { credits: 3, cost_usd: "1.50" }),
  },
  {
    name: "move knowledge credits to it",
    run: ({ owner }, { primary, harbor }) =>
      owner.post("/v1/knowledge_transfers", { from: primary, to: harbor, credits: 2 }),
  },
  {
    name: "move its knowledge credit back",
    run: ({ owner }, { primary, harbor }) =>
      owner.post("/v1/knowledge_transfers", { from: harbor, to: primary, credits: 1 }),
  },
  {
    name: "settle with the platform",
    run: ({ staff }, { agency }) =>
      staff.post(`/v1/platform/agencies/${agency}/settlements`, { amount_usd: "12.34", note: "Wire of May" }),
  },
  {
    name: "read the statement",
    run: ({ owner }, { harbor }) => owner.get(`/v1/subaccounts/${harbor}/statement`),
  },
  {
    name: "read the statement as the client",
    run: ({ may }, { harbor }) => may.get(`/v1/subaccounts/${harbor}/statement`),
  },
  {
    name: "read the account",
    run: ({ owner }, { harbor }) => owner.get(`/v1/subaccounts/${harbor}`),
  },
  {
    name: "list accounts",
    run: ({ owner }) => owner.get("/v1/subaccounts"),
  },
  {
    name: "read the agency's overview",
    run: ({ owner }) => owner.get("/v1/agency/overview"),
  },
];
