import { queryOptions, useMutation } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, LIVE_MS } from "../../api/queries";
import type { AgenciesSearch } from "../../app/search";
import { beginAnew } from "../../app/StaffBar";
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

export function useEnterAgency(agency: string) {
  return useMutation({
    mutationFn: () => unwrap(client.POST("/v1/platform/agencies/{agency}/enter", { params: { path: { agency } } })),
    onSuccess: () => beginAnew("/"),
  });
}
