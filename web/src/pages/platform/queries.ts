import { queryOptions, skipToken } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, LIVE_MS } from "../../api/queries";
import type { AgenciesSearch, PayoutsSearch } from "../../app/search";
import type { PageRequest } from "../../widgets/table/paging";
import { useCursorList } from "../../widgets/table/useCursorList";

export type AgencyRow = Schemas["PlatformAgencyRow"];
export type Agency = Schemas["PlatformAgency"];
export type Settlement = Schemas["Settlement"];
export type Plan = Schemas["PlatformPlan"];

/** The day, of UTC as all of the platform, that an agency began. */
export function dayOf({ created_at }: AgencyRow): string {
  return created_at.slice(0, 10);
}

export const overviewQuery = queryOptions({
  queryKey: [...keys.platform, "overview"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/platform/overview", { signal })),
  refetchInterval: LIVE_MS,
});

export type BasePrices = Schemas["BasePrices"];

export const plansQuery = queryOptions({
  queryKey: [...keys.platform, "plans"],
  queryFn: async ({ signal }) => (await unwrap(client.GET("/v1/platform/plans", { signal }))).data,
  staleTime: 60_000,
});

export function agenciesPage(filters: AgenciesSearch, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/platform/agencies", { params: { query }, ...(signal && { signal }) }));
}

/** The first few agencies in some order, for a panel. */
export function firstAgenciesQuery(sort: NonNullable<AgenciesSearch["sort"]>, limit: number) {
  return queryOptions({
    queryKey: [...keys.platform, "first", sort, limit],
    queryFn: async ({ signal }) => (await agenciesPage({ sort }, { limit }, signal)).data,
    refetchInterval: LIVE_MS,
  });
}

export function agencyQuery(agency: string) {
  return queryOptions({
    queryKey: [...keys.platform, "agency", agency],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/platform/agencies/{agency}", { params: { path: { agency } }, signal })),
    refetchInterval: LIVE_MS,
  });
}

export function useSettlements(agency: string) {
  return useCursorList([...keys.platform, "settlements", agency], (ask, signal) =>
    unwrap(
      client.GET("/v1/platform/agencies/{agency}/settlements", {
        params: { path: { agency }, query: ask },
        ...(signal && { signal }),
      }),
    ),
  );
}

/** How many agencies would be over a cap of a plan. */
export function planUsageQuery(plan: string, cap: number) {
  return queryOptions({
    queryKey: [...keys.platform, "plan_usage", plan, cap],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/v1/platform/plans/{plan}/usage", {
          params: { path: { plan }, query: { subaccount_cap: cap } },
          signal,
        }),
      ),
  });
}

export function useBasePrices() {
  return useCursorList([...keys.platform, "prices"], (ask, signal) =>
    unwrap(client.GET("/v1/platform/prices", { params: { query: ask }, ...(signal && { signal }) })),
  );
}

export interface PricesOrder {
  plan: string;
  premium: string;
  basic: string;
  effective_at?: string;
}

/** What base prices would do, before they are ordered. */
export function pricesEffectQuery(order: PricesOrder | undefined) {
  return queryOptions({
    queryKey: [...keys.platform, "prices_effect", order],
    queryFn: order
      ? ({ signal }) => unwrap(client.GET("/v1/platform/prices/preview", { params: { query: order }, signal }))
      : skipToken,
    gcTime: 0,
    retry: false,
  });
}

export function useGrants(agency: string) {
  return useCursorList([...keys.platform, "grants", agency], (ask, signal) =>
    unwrap(
      client.GET("/v1/platform/agencies/{agency}/grants", {
        params: { path: { agency }, query: ask },
        ...(signal && { signal }),
      }),
    ),
  );
}

export type Payout = Schemas["PlatformPayout"];

export function payoutsPage(filters: PayoutsSearch & { agency?: string }, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/platform/payouts", { params: { query }, ...(signal && { signal }) }));
}

const PAYOUTS_SHOWN = 6;

/** The newest of one agency, for its page. */
export function agencyPayoutsQuery(agency: string) {
  return queryOptions({
    queryKey: [...keys.platform, "payouts", "of", agency],
    queryFn: async ({ signal }) => (await payoutsPage({ agency }, { limit: PAYOUTS_SHOWN }, signal)).data,
    refetchInterval: LIVE_MS,
  });
}

export function payoutAccountQuery(agency: string) {
  return queryOptions({
    queryKey: [...keys.platform, "payout_account", agency],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/platform/agencies/{agency}/payout_account", { params: { path: { agency } }, signal })),
  });
}
