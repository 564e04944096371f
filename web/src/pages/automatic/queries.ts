import { queryOptions, skipToken } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import type { PageRequest } from "../../widgets/table/paging";

export function autoRechargeQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.automatic, "recharge", id],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/v1/subaccounts/{subaccount}/auto_recharge", { params: { path: { subaccount: id } }, signal }),
      ),
  });
}

export function autoAllocationQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.automatic, "allocation", id],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/v1/subaccounts/{subaccount}/auto_allocation", { params: { path: { subaccount: id } }, signal }),
      ),
  });
}

/** What settings would do, as the server says; asked anew as they change. */
export function rechargeQuoteQuery(id: string, body: Schemas["AutoRechargeQuoteInput"] | null) {
  return queryOptions({
    queryKey: [...keys.automatic, "recharge quote", id, body],
    queryFn: body
      ? ({ signal }) =>
          unwrap(
            client.POST("/v1/subaccounts/{subaccount}/auto_recharge/quote", {
              params: { path: { subaccount: id } },
              body,
              signal,
            }),
          )
      : skipToken,
    gcTime: 0,
    retry: false,
  });
}

export function allocationQuoteQuery(id: string, body: Schemas["AutoAllocationQuoteInput"] | null) {
  return queryOptions({
    queryKey: [...keys.automatic, "allocation quote", id, body],
    queryFn: body
      ? ({ signal }) =>
          unwrap(
            client.POST("/v1/subaccounts/{subaccount}/auto_allocation/quote", {
              params: { path: { subaccount: id } },
              body,
              signal,
            }),
          )
      : skipToken,
    gcTime: 0,
    retry: false,
  });
}

export function allocationRunsPage(id: string, ask: PageRequest, signal?: AbortSignal) {
  const params = { path: { subaccount: id }, query: ask };
  return unwrap(client.GET("/v1/subaccounts/{subaccount}/auto_allocation/runs", { params, ...(signal && { signal }) }));
}
