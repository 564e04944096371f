import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { callsPage, keys, LIVE_MS } from "../../api/queries";

export const RECENT_CALLS = 7;

export function subaccountOverviewQuery(id: string, range: { from?: string; to?: string }) {
  return queryOptions({
    queryKey: [...keys.overview, id, range],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/v1/subaccounts/{subaccount}/overview", {
          params: { path: { subaccount: id }, query: range },
          signal,
        }),
      ),
    placeholderData: (previous) => previous,
    refetchInterval: LIVE_MS,
  });
}

export function recentCallsOfQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.calls, "recent", id],
    queryFn: ({ signal }) => callsPage({ subaccount: id }, RECENT_CALLS, null, signal),
    refetchInterval: LIVE_MS,
  });
}

interface StatementFilters {
  account?: Schemas["WalletAccount"];
  from?: string;
  to?: string;
}

export function statementPage(
  id: string,
  filters: StatementFilters,
  limit: number,
  cursor: string | null,
  signal?: AbortSignal,
) {
  const query = { ...filters, limit, ...(cursor && { cursor }) };
  return unwrap(
    client.GET("/v1/subaccounts/{subaccount}/statement", {
      params: { path: { subaccount: id }, query },
      ...(signal && { signal }),
    }),
  );
}

export function purchasesPage(id: string, limit: number, cursor: string | null, signal: AbortSignal) {
  return unwrap(
    client.GET("/v1/subaccounts/{subaccount}/purchases", {
      params: { path: { subaccount: id }, query: { limit, ...(cursor && { cursor }) } },
      signal,
    }),
  );
}
