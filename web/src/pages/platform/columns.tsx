// The columns of the table of agencies, and the same as CSV.
import { Text } from "@mantine/core";
import { DayText, MoneyText, Nothing } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import type { CsvCell } from "../../widgets/table/csv";
import type { Column } from "../../widgets/table/DataTable";
import { AgencyLink } from "./AgencyLink";
import { AgencyStatusBadge } from "./AgencyStatusBadge";
import { dayOf, type AgencyRow } from "./queries";

export const AGENCY_COLUMNS: Column<AgencyRow>[] = [
  {
    id: "name",
    header: "Name",
    size: 200,
    meta: { fixed: true, sort: "name", grows: true },
    cell: ({ row: { original } }) => <AgencyLink id={original.id} name={original.name} />,
  },
  {
    id: "owner",
    header: "Owner",
    size: 130,
    meta: { wide: true },
    cell: ({ row: { original } }) => original.owner.name ?? <Nothing />,
  },
  {
    id: "email",
    header: "Owner's email",
    size: 220,
    meta: { wide: true },
    cell: ({ row: { original } }) =>
      original.owner.email === null ? (
        <Nothing />
      ) : (
        <Text inherit component="span" c="dimmed" title={original.owner.email}>
          {original.owner.email}
        </Text>
      ),
  },
  { id: "plan", header: "Plan", size: 140, meta: { wide: true }, cell: ({ row }) => row.original.plan.name },
  {
    id: "status",
    header: "Status",
    size: 126,
    meta: { wide: true },
    cell: ({ row }) => <AgencyStatusBadge status={row.original.status} />,
  },
  {
    id: "subaccounts",
    header: "Sub-accounts",
    size: 112,
    meta: { align: "right", sort: "subaccounts", wide: true },
    cell: ({ row }) => countText(row.original.subaccounts),
  },
  {
    id: "credit",
    header: "Credit",
    size: 120,
    meta: { align: "right", sort: "credit_usd" },
    cell: ({ row }) => <MoneyText usd={row.original.credit_usd} />,
  },
  {
    id: "created_at",
    header: "Since",
    size: 84,
    meta: { sort: "created_at", wide: true },
    cell: ({ row }) => <DayText day={dayOf(row.original)} />,
  },
];

const CSV: [string, (row: AgencyRow) => CsvCell][] = [
  ["id", (row) => row.id],
  ["name", (row) => row.name],
  ["plan", (row) => row.plan.code],
  ["status", (row) => row.status],
  ["owner", (row) => row.owner.name],
  ["owner_email", (row) => row.owner.email],
  ["subaccounts", (row) => row.subaccounts],
  ["credit_usd", (row) => row.credit_usd],
  ["created_at", (row) => row.created_at],
];

export const AGENCY_CSV_HEADER = CSV.map(([header]) => header);

export function agencyCsvCells(row: AgencyRow): CsvCell[] {
  return CSV.map(([, cell]) => cell(row));
}
