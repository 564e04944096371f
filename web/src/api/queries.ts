// What several pages ask the server for. A page's own questions stand beside the page.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import type { PageRequest } from "../widgets/table/paging";
import { client, unwrap, type Schemas } from "./client";

/** The first words of every query key; invalidating one of them renews all that hangs on it. */
export const keys = {
  me: ["me"],
  setup: ["setup"],
  agency: ["agency"],
  plan: ["plan"],
  subaccounts: ["subaccounts"],
  users: ["users"],
  invitations: ["invitations"],
  calls: ["calls"],
  reservations: ["reservations"],
  purchases: ["purchases"],
  cards: ["payment_methods"],
  credit: ["credit"],
  moves: ["minute_moves"],
  automatic: ["automatic"],
  statement: ["statement"],
  knowledge: ["knowledge"],
  profits: ["profits"],
  overview: ["overview"],
  apiKeys: ["api_keys"],
  engines: ["engine_connections"],
  unmatched: ["unmatched_calls"],
  audit: ["audit"],
  sessions: ["sessions"],
  platform: ["platform"],
} as const;

/** Forgets all that whoever was signed in has read; what the server says of itself, everybody may know. */
export function forgetPerson(queryClient: QueryClient) {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.setup[0] });
  queryClient.getMutationCache().clear();
}

/** All that a purchase, a price or a call changes. */
export const ACCOUNT_FIGURES = [
  keys.subaccounts,
  keys.overview,
  keys.purchases,
  keys.statement,
  keys.automatic,
  keys.profits,
  keys.credit,
  keys.audit,
];

/** All that shows whether an account is suspended. */
export const ACCOUNT_STATUS = [keys.subaccounts, keys.overview, keys.me, keys.automatic, keys.audit];

/** Whoever is signed in. */
export type Me = Omit<Schemas["Me"], "role"> & { role: Schemas["Role"] | "platform_admin" };

/** Where others have their agency, the platform's staff outside every agency have this: every page finds a name and a zone. */
const PLATFORM: Me["agency"] = {
  id: "",
  name: "Minutebank",
  status: "active",
  timezone: "UTC",
  branding: { name: null, colour: null },
  deletes_at: null,
  demo: false,
  sends_mail: false,
  takes_cards: false,
};

export function asMe(answer: Schemas["Me"] | Omit<Schemas["PlatformMe"], "agency">): Me {
  if (answer.role !== "platform_admin") return answer;
  return {
    ...answer,
    agency: PLATFORM,
    subaccounts: [],
    all_subaccounts: false,
    two_factor_required: false,
    two_factor_setup_required: false,
    email_change: null,
    platform_inside: [],
  };
}

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }) => asMe(await unwrap(client.GET("/v1/me", { signal }))),
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: keys.setup,
  queryFn: ({ signal }) => unwrap(client.GET("/v1/setup", { signal })),
  staleTime: 60_000,
});

export const agencyQuery = queryOptions({
  queryKey: keys.agency,
  queryFn: ({ signal }) => unwrap(client.GET("/v1/agency", { signal })),
  staleTime: 60_000,
});

/** How old the notices above an open page may get. */
export const NOTICES_MS = 60_000;

/** How old figures on an open page may get; calls change them at any time. */
export const LIVE_MS = 15_000;

/** Whether a stream tells this tab what changes, as it does (api/live.ts). */
export const stream = { isLive: false };

/** For `refetchInterval` of what it tells. */
export const figuresInterval = () => (stream.isLive ? 4 * LIVE_MS : LIVE_MS);

/** What of the profit could be paid out, and whether it can. */
export const profitStandingQuery = queryOptions({
  queryKey: [...keys.profits, "standing"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/profits/standing", { signal })),
  refetchInterval: LIVE_MS,
});

export function subaccountQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.subaccounts, "one", id],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/subaccounts/{subaccount}", { params: { path: { subaccount: id } }, signal })),
  });
}

/** The agency's own account. */
export const primaryQuery = queryOptions({
  queryKey: [...keys.subaccounts, "primary"],
  queryFn: ({ signal }) =>
    unwrap(client.GET("/v1/subaccounts", { params: { query: { kind: "primary", limit: 1 } }, signal })),
});

/** The few sub-accounts that a switcher or a palette shows for what was typed. */
export function subaccountSearchQuery(q: string, limit: number) {
  return queryOptions({
    queryKey: [...keys.subaccounts, "search", q, limit],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/subaccounts", { params: { query: { limit, ...(q && { q }) } }, signal })),
    placeholderData: (previous) => previous,
    staleTime: 10_000,
  });
}

/** The few agencies that the palette shows the platform's staff for what was typed. */
export function agencySearchQuery(q: string, limit: number) {
  return queryOptions({
    queryKey: [...keys.platform, "search", q, limit],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/platform/agencies", { params: { query: { limit, ...(q && { q }) } }, signal })),
    placeholderData: (previous) => previous,
    staleTime: 10_000,
  });
}

export type CallFilters = Partial<
  Pick<Schemas["Call"], "subaccount" | "status" | "direction" | "tier"> & { q: string; from: string; to: string }
>;

export function callsPage(filters: CallFilters, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/calls", { params: { query }, ...(signal && { signal }) }));
}
