// How each route is asked so that it does what it is for, and how things are put back: what the matrix allows must work.
// A route that has no recipe yet is asked for nothing sensible, and must be refused for that alone.

import { schedulePayout } from "../../harness/card_sale.ts";
import { ok, type Reply } from "../../harness/client.ts";
import { invite, tokenOf } from "../../harness/people.ts";
import { planOf, STAFF } from "../../harness/platform.ts";
import { addPerson, idNumber, type Route } from "../../harness/rows.ts";
import { addSubaccount, call, sell } from "../../harness/scene.ts";
import { ACCOUNT_PLACES, NOT_FOUND, OWN_ACCOUNTS, reaches, refusal, type Place, type Verdict } from "./oracle.ts";
import { newUser, signedInRecipes } from "./recipes_me.ts";
import { engineRecipes } from "./recipes_engines.ts";
import { reservationRecipes } from "./recipes_reservations.ts";
import { userId, type Caller, type Scene, type Things } from "./scene.ts";

/** One request of the walk. */
export interface Attempt {
  scene: Scene;
  route: Route;
  caller: Caller;
  place: Place;
  /** What the ids in its path and body are. */
  things: Things;
  /** Another number for each. */
  n: number;
  /** What `before` found out. */
  found: Record<string, string>;
}

export interface Recipe {
  /** Of success. */
  status: number;
  body?: (a: Attempt) => unknown;
  /** After the path. */
  query?: (a: Attempt) => string;
  /** Where it is asked when its path says nothing of that. */
  places?: readonly Place[];
  /** Which of the things it is about, before anything is made for it alone. */
  about?: (things: Things) => Partial<Things>;
  /** Makes what an allowed request uses up. */
  before?: (a: Attempt) => Promise<unknown>;
  /** Puts back what an allowed request changed. */
  after?: (a: Attempt, reply: Reply) => unknown;
  /** What the matrix does not know. */
  verdict?: (a: Attempt, byMatrix: Verdict) => Verdict;
}

const always = (status: number, code: string) => (): Verdict => refusal(status, code);
/** Where the matrix allows it and something else does not. */
const unless =
  (isRefused: (a: Attempt) => boolean, refused: Verdict) =>
  (a: Attempt, byMatrix: Verdict): Verdict =>
    byMatrix.isAllowed && isRefused(a) ? refused : byMatrix;

const isPrimary = ({ place }: Attempt): boolean => place === "primary";
const isRemoved = ({ place }: Attempt): boolean => place === "removed";
/** A removed account's late calls are the primary's. */
const isCharged = (a: Attempt): boolean => OWN_ACCOUNTS.includes(a.place) && !isRemoved(a);
const isSuspended = ({ place }: Attempt): boolean => place === "suspended";
const again = ({ caller }: Attempt): Promise<unknown> => caller.enter();
const PASSWORD = "seven slow trains at night";
const NO_TOKEN = "x".repeat(43);
const RECHARGE = { threshold_usd: "10.00", amount_usd: "50.00", tier: "premium" };
const ALLOCATION = { premium_seconds: 6000, day: 1 };
const NOTHING_PAST_DUE = refusal(409, "nothing_past_due");
const NOT_ALLOCATED = refusal(409, "primary_cannot_be_allocated");

/** No account of the walk has a month that is past due. */
function notRetried(a: Attempt): Verdict {
  if (isPrimary(a)) return NOT_ALLOCATED;
  return a.place === "suspended" ? refusal(409, "subaccount_suspended") : NOTHING_PAST_DUE;
}

const publicRecipes: Record<string, Recipe> = {
  "GET /healthz": { status: 200 },
  "GET /readyz": { status: 200 },
  "GET /metrics": { status: 200 },
  "GET /v1/setup": { status: 200 },
  "POST /v1/setup": {
    status: 201,
    body: ({ n }) => ({
      ...{ token: NO_TOKEN, agency: "Second", name: "Eve", email: `eve.${n}@x.example`, password: PASSWORD },
    }),
    verdict: always(403, "bad_setup_token"),
  },
  "POST /v1/auth/login": {
    status: 200,
    body: ({ caller, scene }) => ({ ...(caller.person ?? scene.app.owner) }),
    after: again,
  },
  "POST /v1/auth/password/forgot": { status: 202, body: ({ n }) => ({ email: `nobody.${n}@nowhere.example` }) },
  "POST /v1/auth/password/reset": {
    status: 204,
    body: () => ({ token: NO_TOKEN, password: PASSWORD }),
    verdict: always(404, "link_not_found"),
  },
  "POST /v1/auth/email/confirm": {
    status: 200,
    body: () => ({ token: NO_TOKEN }),
    verdict: always(404, "link_not_found"),
  },
  "POST /v1/invitations/preview": { status: 200, body: ({ scene }) => ({ token: scene.token }) },
  "POST /v1/invitations/accept": {
    status: 201,
    before: async (a) => {
      a.found["token"] = tokenOf(await invite(a.scene.owner, `accepts.${a.n}@northwind.example`, "agency_member"));
    },
    body: ({ found }) => ({ token: found["token"] ?? NO_TOKEN, name: "Grace Hopper", password: PASSWORD }),
    after: again,
  },
  "POST /v1/test/clock": { status: 200, body: () => ({ advance_seconds: 1 }) },
};

const agencyRecipes: Record<string, Recipe> = {
  "GET /v1/agency": { status: 200 },
  "PATCH /v1/agency": { status: 200, body: () => ({ branding: { colour: "#336699" } }) },
  "GET /v1/agency/overview": { status: 200 },
  "GET /v1/agency/distribution": { status: 200 },
  "PUT /v1/agency/distribution": { status: 200, body: () => ({ basic_seconds: 0, premium_seconds: 60 }) },
  "GET /v1/agency/renewals": { status: 200, query: () => "?limit=500" },
  "GET /v1/agency/renewals/{renewal}/short": { status: 200, query: () => "?limit=500" },
  "GET /v1/payouts": { status: 200, query: () => "?limit=500" },
  "GET /v1/payout_account": { status: 200 },
  "GET /v1/agency/plan": { status: 200 },
  "PUT /v1/agency/plan": { status: 200, body: () => ({ plan: "agency_unlimited" }) },
  "DELETE /v1/agency": {
    status: 200,
    body: () => ({ name: "Northwind Voice" }),
    after: async ({ scene }) => ok(await scene.owner.post("/v1/agency/undo_delete")),
  },
  "POST /v1/agency/undo_delete": {
    status: 200,
    before: async ({ scene }) => ok(await scene.owner.delete("/v1/agency", { body: { name: "Northwind Voice" } })),
    verdict: unless(({ caller }) => caller.role !== "agency_owner", refusal(403, "not_allowed")),
  },
  "POST /v1/agency/transfer_ownership": {
    status: 200,
    before: async (a) => {
      const heir = await addPerson(a.scene.app.store, a.scene.app.owner, "agency_admin");
      a.found["email"] = heir.email;
      a.found["heir"] = await userId(a.scene.app, heir);
    },
    body: ({ found, things, scene }) => ({ user_id: found["heir"] ?? things.user, password: scene.app.owner.password }),
    after: async ({ found, scene }) => {
      const { email, password } = { ...scene.app.owner, email: found["email"] ?? "" };
      const heir = await scene.app.client().login({ email, password });
      const back = { user_id: await userId(scene.app, scene.app.owner), password };
      ok(await heir.post("/v1/agency/transfer_ownership", back));
    },
  },
  "GET /v1/agency/credit": { status: 200 },
  "GET /v1/agency/credit/entries": { status: 200, query: () => "?limit=500" },
  "GET /v1/audit_events": { status: 200, query: () => "?limit=500" },
};

const CARD = { number: "4242424242424242", exp_month: 12, exp_year: 2040 };

async function newCard({ scene, things }: Attempt, number = CARD.number): Promise<void> {
  const path = `/v1/subaccounts/${things.subaccount}/payment_methods`;
  things.payment_method = ok(await scene.owner.post<{ id: string }>(path, { ...CARD, number })).id;
}

async function dropCard({ scene, things }: Attempt): Promise<void> {
  ok(await scene.owner.delete(`/v1/subaccounts/${things.subaccount}/payment_methods/${things.payment_method}`));
}

/** A purchase that nothing was used of. */
const aboutASale = {
  before: async ({ scene, things }: Attempt) => {
    things.purchase = (await sell(scene.owner, things.subaccount, "premium", 60)).id;
  },
  body: () => ({}),
};

const accountRecipes: Record<string, Recipe> = {
  "GET /v1/subaccounts": {
    status: 200,
    places: ["own", "suspended", "removed"],
    query: ({ place }) => `?limit=500${place === "own" ? "" : `&status=${place}`}`,
  },
  "POST /v1/subaccounts": {
    status: 201,
    body: ({ n }) => ({ name: `Client ${n}`, email: `client.${n}@client.example` }),
  },
  "GET /v1/subaccounts/{subaccount}": { status: 200 },
  "PATCH /v1/subaccounts/{subaccount}": { status: 200, body: () => ({ timezone: "Europe/Berlin" }) },
  "GET /v1/subaccounts/{subaccount}/price_history": { status: 200, query: () => "?limit=500" },
  "PUT /v1/subaccounts/{subaccount}/prices": {
    status: 200,
    body: () => ({ basic: "0.12", premium: "0.20" }),
    verdict: unless(({ place }) => place === "primary", refusal(409, "primary_price_is_base")),
  },
  "POST /v1/subaccounts/{subaccount}/suspend": {
    status: 200,
    body: () => ({ note: "Unpaid" }),
    after: (a) => setStatus(a, "restore"),
    verdict: (a, byMatrix) =>
      unless(isPrimary, refusal(409, "primary_cannot_be_suspended"))(
        a,
        unless(isSuspended, refusal(409, "already_suspended"))(a, byMatrix),
      ),
  },
  "POST /v1/subaccounts/{subaccount}/restore": {
    status: 200,
    before: (a) => (isSuspended(a) ? Promise.resolve() : setStatus(a, "suspend")),
    after: (a) => (isSuspended(a) ? setStatus(a, "suspend") : undefined),
    verdict: unless(isPrimary, refusal(409, "not_suspended")),
  },
  "GET /v1/subaccounts/{subaccount}/removal": {
    status: 200,
    verdict: (a, byMatrix) =>
      unless(isPrimary, refusal(409, "primary_cannot_be_removed"))(
        a,
        unless(isRemoved, refusal(409, "subaccount_removed"))(a, byMatrix),
      ),
  },
  "POST /v1/subaccounts/{subaccount}/remove": {
    status: 200,
    before: async (a) => {
      if (!isPrimary(a)) a.things.subaccount = (await addSubaccount(a.scene.owner, `Goes ${a.n}`)).id;
    },
    body: () => ({}),
    verdict: unless(isPrimary, refusal(409, "primary_cannot_be_removed")),
  },
  "GET /v1/subaccounts/{subaccount}/overview": { status: 200 },
  "GET /v1/subaccounts/{subaccount}/statement": { status: 200, query: () => "?limit=500" },
  "GET /v1/subaccounts/{subaccount}/purchases": { status: 200, query: () => "?limit=500" },
  "POST /v1/subaccounts/{subaccount}/purchases": { status: 201, body: () => ({ tier: "premium", seconds: 60 }) },
  "GET /v1/purchases/{purchase}": { status: 200 },
  "POST /v1/purchases/{purchase}/mark_paid": {
    status: 200,
    about: ({ pending }) => ({ purchase: pending }),
    before: async ({ scene, things }) => {
      const order = { tier: "premium", seconds: 60 };
      const path = `/v1/subaccounts/${things.subaccount}/purchases`;
      things.purchase = ok(await scene.owner.post<{ id: string }>(path, order)).id;
    },
  },
  "GET /v1/subaccounts/{subaccount}/auto_recharge": { status: 200 },
  "PUT /v1/subaccounts/{subaccount}/auto_recharge": { status: 200, body: () => ({ enabled: false }) },
  "POST /v1/subaccounts/{subaccount}/auto_recharge/quote": { status: 200, body: () => RECHARGE },
  "GET /v1/subaccounts/{subaccount}/auto_allocation": { status: 200, verdict: unless(isPrimary, NOT_ALLOCATED) },
  "PUT /v1/subaccounts/{subaccount}/auto_allocation": {
    status: 200,
    body: () => ({ enabled: true, ...ALLOCATION }),
    verdict: unless(isPrimary, NOT_ALLOCATED),
  },
  "DELETE /v1/subaccounts/{subaccount}/auto_allocation": { status: 204, verdict: unless(isPrimary, NOT_ALLOCATED) },
  "POST /v1/subaccounts/{subaccount}/auto_allocation/quote": {
    status: 200,
    body: () => ALLOCATION,
    verdict: unless(isPrimary, NOT_ALLOCATED),
  },
  "POST /v1/subaccounts/{subaccount}/auto_allocation/retry": {
    status: 200,
    verdict: (a, byMatrix) => (byMatrix.isAllowed ? notRetried(a) : byMatrix),
  },
  "GET /v1/subaccounts/{subaccount}/auto_allocation/runs": { status: 200, query: () => "?limit=500" },
  "POST /v1/purchases/{purchase}/cancel": {
    status: 200,
    before: async ({ scene, things }) => {
      const order = { tier: "premium", seconds: 60 };
      const path = `/v1/subaccounts/${things.subaccount}/purchases`;
      things.purchase = ok(await scene.owner.post<{ id: string }>(path, order)).id;
    },
  },
  "POST /v1/purchases/{purchase}/complete_action": {
    status: 200,
    before: async (a) => {
      await newCard(a, "4000002500003155");
      const order = { tier: "premium", seconds: 1, payment_method: a.things.payment_method };
      const path = `/v1/subaccounts/${a.things.subaccount}/purchases`;
      a.things.purchase = ok(await a.scene.owner.post<{ id: string }>(path, order)).id;
      ok(await a.scene.owner.get(`/v1/purchases/${a.things.purchase}?wait=30`));
    },
    after: async (a) => {
      ok(await a.scene.owner.get(`/v1/purchases/${a.things.purchase}?wait=30`));
      ok(await a.scene.owner.post(`/v1/purchases/${a.things.purchase}/refund`, {}));
      await dropCard(a);
    },
  },
  "GET /v1/subaccounts/{subaccount}/payment_methods": { status: 200 },
  "POST /v1/subaccounts/{subaccount}/payment_methods": {
    status: 201,
    body: () => CARD,
    after: (a, { body }) => {
      a.things.payment_method = (body as { id: string }).id;
      return dropCard(a);
    },
  },
  "POST /v1/subaccounts/{subaccount}/payment_methods/{payment_method}/default": {
    status: 200,
    before: newCard,
    after: dropCard,
  },
  "DELETE /v1/subaccounts/{subaccount}/payment_methods/{payment_method}": { status: 204, before: newCard },
  "POST /v1/purchases/{purchase}/refund/quote": { ...aboutASale, status: 200 },
  "POST /v1/purchases/{purchase}/refund": { ...aboutASale, status: 201 },
  "GET /v1/purchases/{purchase}/refunds": { status: 200, query: () => "?limit=500" },
  "GET /v1/subaccounts/{subaccount}/adjustments": { status: 200, query: () => "?limit=500" },
  "POST /v1/subaccounts/{subaccount}/adjustments": {
    status: 201,
    body: () => ({ tier: "basic", seconds: 60, reason: "Goodwill" }),
    after: async ({ scene, things }) => {
      const back = { tier: "basic", seconds: -60, reason: "Goodwill" };
      ok(await scene.owner.post(`/v1/subaccounts/${things.subaccount}/adjustments`, back));
    },
  },
  "POST /v1/minute_moves/quote": { status: 200, body: ({ scene }) => secondsBetween(scene, 5, "primary", "granted") },
  "POST /v1/minute_moves": {
    status: 201,
    before: async (a) => {
      a.found["received"] = String(await received(a.scene, secondsBetween(a.scene, 5, "primary", "granted")));
    },
    body: ({ scene, found }) => ({
      ...secondsBetween(scene, 5, "primary", "granted"),
      received_seconds: Number(found["received"] ?? 0),
    }),
    after: async ({ scene, found }) => {
      const order = secondsBetween(scene, Number(found["received"]), "granted", "primary");
      ok(await scene.owner.post("/v1/minute_moves", { ...order, received_seconds: await received(scene, order) }));
    },
  },
  "GET /v1/minute_moves": { status: 200, query: () => "?limit=500" },
  "GET /v1/subaccounts/{subaccount}/knowledge_statement": { status: 200, query: () => "?limit=500" },
  "GET /v1/knowledge_transfers": { status: 200, query: () => "?limit=500" },
  "POST /v1/knowledge_transfers": {
    status: 201,
    body: ({ scene }) => creditBetween(scene, "primary", "granted"),
    after: async ({ scene }) => {
      ok(await scene.owner.post("/v1/knowledge_transfers", creditBetween(scene, "granted", "primary")));
    },
  },
  "POST /v1/knowledge_purchases": {
    status: 201,
    before: ({ scene }) => scene.app.store.damage("UPDATE plans SET knowledge_price_micros = 1000000"),
    body: () => ({ credits: 1, cost_usd: "1.00" }),
  },
  "GET /v1/profits": { status: 200, query: () => "?limit=500" },
  "GET /v1/profits/standing": { status: 200 },
  "GET /v1/calls": {
    status: 200,
    places: ["own", ...ACCOUNT_PLACES],
    query: ({ place, things }) => `?limit=500${place === "own" ? "" : `&subaccount=${things.subaccount}`}`,
    verdict: unless(({ place, caller }) => place !== "own" && !reaches(caller, place), NOT_FOUND),
  },
  "GET /v1/calls/{call}": { status: 200 },
  "POST /v1/calls": {
    status: 200,
    places: ACCOUNT_PLACES,
    body: ({ n, things }) => [call({ id: `walk-${n}`, subaccount: things.subaccount })],
    // What was used is there again: an account that owes minutes could not be removed.
    after: (a) => (isCharged(a) ? sell(a.scene.owner, a.things.subaccount, "premium", 60) : undefined),
  },
};

const peopleRecipes: Record<string, Recipe> = {
  "GET /v1/users": { status: 200, query: () => "?limit=500" },
  "PATCH /v1/users/{user}": {
    status: 200,
    before: newUser,
    body: ({ things }) => ({ role: "agency_member", subaccounts: [things.subaccount].filter(isGrantable) }),
  },
  "DELETE /v1/users/{user}": { status: 204, before: newUser },
  "DELETE /v1/users/{user}/sessions": { status: 204, before: newUser },
  "GET /v1/invitations": { status: 200, query: () => "?limit=500" },
  "POST /v1/invitations": {
    status: 201,
    body: ({ n }) => ({ email: `invited.${n}@northwind.example`, role: "agency_member" }),
  },
  "POST /v1/invitations/{invitation}/resend": { status: 200, before: newInvitation },
  "DELETE /v1/invitations/{invitation}": { status: 204, before: newInvitation },
  "GET /v1/api_keys": { status: 200, query: () => "?limit=500" },
  "POST /v1/api_keys": { status: 201, body: ({ n }) => ({ name: `key ${n}`, scopes: ["read"] }) },
  "POST /v1/api_keys/{api_key}/rotate": { status: 201, before: newKey, body: () => ({ overlap_seconds: 0 }) },
  "DELETE /v1/api_keys/{api_key}": { status: 204, before: newKey },
};

const platformRecipes: Record<string, Recipe> = {
  "GET /v1/platform/overview": { status: 200 },
  "GET /v1/platform/agencies": { status: 200, query: () => "?limit=500" },
  "GET /v1/platform/agencies/{agency}": { status: 200 },
  "GET /v1/platform/plans": { status: 200 },
  "POST /v1/platform/plans": { status: 201, body: ({ n }) => planOf(`walk_${n}`) },
  "PATCH /v1/platform/plans/{plan}": { status: 200, body: () => ({ knowledge_pack_limit: 2 }) },
  "GET /v1/platform/prices": { status: 200, query: () => "?limit=500" },
  "POST /v1/platform/prices": {
    status: 201,
    body: ({ n }) => ({ plan: "agency_lite", basic: "0.09", premium: "0.16", effective_at: laterBy(n) }),
  },
  "GET /v1/platform/prices/preview": { status: 200, query: () => "?plan=agency_lite&basic=0.09&premium=0.16" },
  "DELETE /v1/platform/prices/{price_change}": {
    status: 200,
    // Prices are no agency's: what the scene has of another's is canceled by the first who may.
    before: async (a) => {
      if (a.place !== "nowhere") a.things.price_change = await orderPrices(a);
    },
  },
  "GET /v1/platform/plans/{plan}/usage": { status: 200, query: () => "?subaccount_cap=1" },
  "GET /v1/platform/agencies/{agency}/settlements": { status: 200, query: () => "?limit=500" },
  "POST /v1/platform/agencies/{agency}/settlements": {
    status: 201,
    body: () => ({ amount_usd: "1.00", note: "By bank transfer" }),
  },
  "PATCH /v1/platform/agencies/{agency}": { status: 200, body: () => ({ payout_threshold_usd: "100.00" }) },
  "GET /v1/platform/agencies/{agency}/grants": { status: 200, query: () => "?limit=500" },
  "POST /v1/platform/agencies/{agency}/grants": {
    status: 201,
    body: () => ({ tier: "premium", seconds: 60, reason: "Welcome" }),
  },
  "POST /v1/platform/agencies/{agency}/purchases/{purchase}/dispute_lost": {
    status: 201,
    // Those of the walk were paid outside.
    verdict: unless(() => true, refusal(409, "purchase_not_disputable")),
  },
  "POST /v1/platform/agencies/{agency}/enter": { status: 200, after: again },
  "GET /v1/platform/jobs": { status: 200, query: () => "?limit=500" },
  "GET /v1/platform/job_kinds": { status: 200 },
  "POST /v1/platform/jobs/{job}/retry": { status: 200 },
  "GET /v1/platform/payouts": { status: 200, query: () => "?limit=500" },
  "POST /v1/platform/payouts/{payout}/paid": { status: 200, before: newPayout },
  "POST /v1/platform/payouts/{payout}/fail": { status: 200, before: newPayout, body: () => ({ reason: "Sent back" }) },
  "GET /v1/platform/agencies/{agency}/payout_account": { status: 200 },
  "PUT /v1/platform/agencies/{agency}/payout_account": { status: 200, body: () => ({ connected: true }) },
  "POST /v1/platform/leave": { status: 200, after: again },
};

/** Minutes from tomorrow, after all that the walk does: no two at once. */
const laterBy = (minutes: number): string => new Date(Date.now() + (1440 + minutes) * 60_000).toISOString();

async function orderPrices({ scene, n }: Attempt): Promise<string> {
  const staff = await scene.app.client().login(STAFF);
  const order = { plan: "agency_kickstart", basic: "0.09", premium: "0.16", effective_at: laterBy(n) };
  return ok(await staff.post<{ id: string }>("/v1/platform/prices", order)).id;
}

async function setStatus({ scene, things }: Attempt, action: "suspend" | "restore"): Promise<void> {
  const path = `/v1/subaccounts/${things.subaccount}/${action}`;
  ok(await scene.owner.post(path, action === "suspend" ? {} : undefined));
}

function secondsBetween({ things }: Scene, seconds: number, from: Place, to: Place): object {
  return { from: things[from].subaccount, to: things[to].subaccount, tier: "premium", seconds };
}

function creditBetween({ things }: Scene, from: Place, to: Place): object {
  return { from: things[from].subaccount, to: things[to].subaccount, credits: 1 };
}

async function received({ owner }: Scene, order: object): Promise<number> {
  return ok(await owner.post<{ received_seconds: number }>("/v1/minute_moves/quote", order)).received_seconds;
}

function isGrantable(subaccount: string): boolean {
  return idNumber(subaccount) > 1n;
}

/** One that nothing has become of yet. */
async function newPayout({ scene, place, things }: Attempt): Promise<void> {
  if (place === "nowhere") return;
  const { subaccount } = scene.things[place === "other" ? "other" : "primary"];
  things.payout = (await schedulePayout(scene.app.store, subaccount, 1, new Date())).payout;
}

async function newInvitation(a: Attempt): Promise<void> {
  a.things.invitation = (await invite(a.scene.owner, `again.${a.n}@northwind.example`, "agency_member")).id;
}

async function newKey({ scene, things, n }: Attempt): Promise<void> {
  const input = { name: `short lived ${n}`, scopes: ["read"] };
  things.api_key = ok(await scene.owner.post<{ id: string }>("/v1/api_keys", input)).id;
}

const recipes: Record<string, Recipe> = {
  ...publicRecipes,
  ...signedInRecipes,
  ...agencyRecipes,
  ...accountRecipes,
  ...reservationRecipes,
  ...engineRecipes,
  ...peopleRecipes,
  ...platformRecipes,
};

export function recipeFor({ method, path }: Route): Recipe | undefined {
  return recipes[`${method} ${path}`];
}

/** The routes that are gone: what stands here for nothing. */
export function unusedRecipes(routes: readonly Route[]): string[] {
  const served = routes.map(({ method, path }) => `${method} ${path}`);
  return Object.keys(recipes).filter((name) => !served.includes(name));
}
