import { queryOptions } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import type { AuditSearch } from "../../app/search";
import type { CsvCell } from "../../widgets/table/csv";
import type { PageRequest } from "../../widgets/table/paging";

export type AuditEvent = Schemas["AuditEvent"];

export type AuditFilters = Pick<AuditSearch, "action" | "actor" | "target"> & { from?: string; to?: string };

export function auditPage(filters: AuditFilters, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/audit_events", { params: { query }, ...(signal && { signal }) }));
}

/** What somebody or something is called, also when it is gone: as the newest event about it says. */
export function auditNameQuery(part: "actor" | "target", id: string) {
  return queryOptions({
    queryKey: [...keys.audit, "name", part, id],
    queryFn: async ({ signal }) => {
      const { data } = await auditPage({ [part]: id }, { limit: 1 }, signal);
      return data[0]?.[part]?.name ?? null;
    },
    staleTime: 60_000,
  });
}

const CSV: [string, (event: AuditEvent) => CsvCell][] = [
  ["id", (event) => event.id],
  ["at", (event) => event.at],
  ["actor_kind", (event) => event.actor.kind],
  ["actor", (event) => event.actor.name],
  ["actor_id", (event) => event.actor.id],
  ["action", (event) => event.action],
  ["target_id", (event) => event.target?.id ?? null],
  ["target", (event) => event.target?.name ?? null],
  ["ip", (event) => event.ip],
  ["user_agent", (event) => event.user_agent],
  ["request_id", (event) => event.request_id],
  ["before", (event) => event.before && JSON.stringify(event.before)],
  ["after", (event) => event.after && JSON.stringify(event.after)],
];

export const AUDIT_CSV_HEADER = CSV.map(([header]) => header);

export function auditCsvCells(event: AuditEvent): CsvCell[] {
  return CSV.map(([, cell]) => cell(event));
}
