import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import type { PageRequest } from "../../widgets/table/paging";
import { callsPage, figuresInterval, keys } from "../../api/queries";

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
    refetchInterval: figuresInterval,
  });
}

export function recentCallsOfQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.calls, "recent", id],
    queryFn: ({ signal }) => callsPage({ subaccount: id }, { limit: RECENT_CALLS }, signal),
    refetchInterval: figuresInterval,
  });
}

interface StatementFilters {
  account?: Schemas["WalletAccount"];
  from?: string;
  to?: string;
}

export function statementPage(id: string, filters: StatementFilters, ask: PageRequest, signal?: AbortSignal) {
  const params = { path: { subaccount: id }, query: { ...filters, ...ask } };
  return unwrap(client.GET("/v1/subaccounts/{subaccount}/statement", { params, ...(signal && { signal }) }));
}
