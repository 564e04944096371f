import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";

export type AgencyPlan = Schemas["AgencyPlan"];
export type Choice = AgencyPlan["choices"][number];
export type Plan = Schemas["Plan"];
export type AccountNames = Schemas["AccountNames"];

export const planQuery = queryOptions({
  queryKey: keys.plan,
  queryFn: ({ signal }) => unwrap(client.GET("/v1/agency/plan", { signal })),
});

/** All that a change of plan changes. */
export const PLAN_CHANGES = [keys.plan, keys.agency, keys.subaccounts, keys.overview, keys.statement, keys.audit];
