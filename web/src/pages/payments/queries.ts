import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import type { PageRequest } from "../../widgets/table/paging";

export type Purchase = Schemas["Purchase"];
export type Card = Schemas["PaymentMethod"];

export function cardsQuery(subaccount: string) {
  return queryOptions({
    queryKey: [...keys.cards, subaccount],
    queryFn: async ({ signal }) => {
      const params = { path: { subaccount } };
      return (await unwrap(client.GET("/v1/subaccounts/{subaccount}/payment_methods", { params, signal }))).data;
    },
  });
}

const ANSWER_WITHIN_S = 10;
const ASK_AGAIN_MS = 1_000;

/** A purchase that a card pays, heard of again until the card's processor has answered. */
export function purchaseQuery(purchase: Purchase) {
  return queryOptions({
    queryKey: [...keys.purchases, "one", purchase.id],
    queryFn: ({ signal }) => {
      const params = { path: { purchase: purchase.id }, query: { wait: ANSWER_WITHIN_S } };
      return unwrap(client.GET("/v1/purchases/{purchase}", { params, signal }));
    },
    refetchInterval: ({ state }) => (state.data && state.data.state !== "processing" ? false : ASK_AGAIN_MS),
  });
}

export interface PurchaseFilters {
  state?: Schemas["PurchaseState"];
  from?: string;
  to?: string;
}

export function purchasesPage(subaccount: string, filters: PurchaseFilters, ask: PageRequest, signal?: AbortSignal) {
  const params = { path: { subaccount }, query: { ...filters, ...ask } };
  return unwrap(client.GET("/v1/subaccounts/{subaccount}/purchases", { params, ...(signal && { signal }) }));
}

export function refundsQuery(purchase: string) {
  return queryOptions({
    queryKey: [...keys.purchases, "refunds", purchase],
    queryFn: async ({ signal }) => {
      const params = { path: { purchase }, query: { limit: 100 } };
      return (await unwrap(client.GET("/v1/purchases/{purchase}/refunds", { params, signal }))).data;
    },
  });
}

export const creditQuery = queryOptions({
  queryKey: [...keys.credit, "now"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/agency/credit", { signal })),
});

export function creditEntriesPage(range: { from?: string; to?: string }, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...range, ...ask };
  return unwrap(client.GET("/v1/agency/credit/entries", { params: { query }, ...(signal && { signal }) }));
}

export function adjustmentsPage(subaccount: string, ask: PageRequest, signal?: AbortSignal) {
  const params = { path: { subaccount }, query: ask };
  return unwrap(client.GET("/v1/subaccounts/{subaccount}/adjustments", { params, ...(signal && { signal }) }));
}
