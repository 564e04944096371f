import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, LIVE_MS } from "../../api/queries";
import type { PayoutsSearch } from "../../app/search";
import type { Page, PageRequest } from "../../widgets/table/paging";

export type AccountProfit = Schemas["AccountProfit"];
export type MonthProfit = Schemas["MonthProfit"];
export type PurchaseProfit = Schemas["PurchaseProfit"];
export type ProfitSort = NonNullable<ProfitsQuery["sort"]>;

type ProfitsQuery = NonNullable<Parameters<typeof profits>[0]>;

export interface Range {
  from?: string;
  to?: string;
}

function profits(
  query: Range & {
    group_by: Schemas["Profits"]["group_by"];
    subaccount?: string;
    sort?: "name" | "-name" | `${"-" | ""}${"profit" | "payable" | "collected"}_usd`;
    limit?: number;
    cursor?: string;
  },
  signal?: AbortSignal,
) {
  return unwrap(client.GET("/v1/profits", { params: { query }, ...(signal && { signal }) }));
}

/** The totals of a range and its months; each group of the API has rows of its own kind. */
export function monthsQuery(range: Range) {
  return queryOptions({
    queryKey: [...keys.profits, "months", range],
    queryFn: async ({ signal }) => {
      const { totals, data } = await profits({ ...range, group_by: "month" }, signal);
      return { totals, months: data.filter((row): row is MonthProfit => "start" in row) };
    },
    placeholderData: (previous) => previous,
    refetchInterval: LIVE_MS,
  });
}

export async function accountsPage(
  filters: Range & { sort: ProfitSort },
  ask: PageRequest,
  signal?: AbortSignal,
): Promise<Page<AccountProfit>> {
  const { data, next_cursor } = await profits({ ...filters, ...ask, group_by: "subaccount" }, signal);
  return { data: data.filter((row): row is AccountProfit => "status" in row), next_cursor };
}

export async function purchasesPage(
  filters: Range & { subaccount?: string },
  ask: PageRequest,
  signal?: AbortSignal,
): Promise<Page<PurchaseProfit>> {
  const { data, next_cursor } = await profits({ ...filters, ...ask, group_by: "purchase" }, signal);
  return { data: data.filter((row): row is PurchaseProfit => "purchase" in row), next_cursor };
}

export type Payout = Schemas["Payout"];

export function payoutsPage(filters: PayoutsSearch, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/payouts", { params: { query }, ...(signal && { signal }) }));
}

export const payoutAccountQuery = queryOptions({
  queryKey: [...keys.profits, "payout_account"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/payout_account", { signal })),
  refetchInterval: LIVE_MS,
});
