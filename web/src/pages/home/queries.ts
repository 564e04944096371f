import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { callsPage, figuresInterval, keys } from "../../api/queries";

export const RECENT_CALLS = 8;

export function agencyOverviewQuery(range: { from?: string; to?: string }) {
  return queryOptions({
    queryKey: [...keys.overview, "agency", range],
    queryFn: ({ signal }) => unwrap(client.GET("/v1/agency/overview", { params: { query: range }, signal })),
    placeholderData: (previous) => previous,
    refetchInterval: figuresInterval,
  });
}

export const recentCallsQuery = queryOptions({
  queryKey: [...keys.calls, "recent"],
  queryFn: ({ signal }) => callsPage({}, { limit: RECENT_CALLS }, signal),
  refetchInterval: figuresInterval,
});
