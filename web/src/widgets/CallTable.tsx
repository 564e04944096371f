// The columns of a call, for the long list and for the few recent ones.
import type { Schemas } from "../api/client";
import { countText, durationText, exactMinutesText } from "./format/minutes";
import { MoneyText, Nothing, TimeText } from "./figures/figures";
import { CALL_STATUS_LABELS, CallStatusBadge } from "./figures/StatusBadge";
import { TierLabel } from "./figures/TierLabel";
import type { CsvCell } from "./table/csv";
import type { Column } from "./table/DataTable";
import { SubaccountLink } from "./SubaccountLink";

type Call = Schemas["Call"];

const DIRECTION_LABELS = { inbound: "Inbound", outbound: "Outbound" } as const;

function Phone({ number }: { number: string | null }) {
  return number === null ? <Nothing /> : <span className="figures">{number}</span>;
}

const text = (value: string | null) => value ?? <Nothing />;

const COLUMNS: Column<Call>[] = [
  {
    id: "started_at",
    header: "Started",
    size: 118,
    meta: { fixed: true },
    cell: ({ row }) => <TimeText at={row.original.started_at} />,
  },
  {
    id: "subaccount",
    header: "Sub-account",
    size: 134,
    meta: { grows: true },
    cell: ({ row }) => <SubaccountLink id={row.original.subaccount} name={row.original.subaccount_name} />,
  },
  {
    id: "status",
    header: "Status",
    size: 116,
    meta: { wide: true },
    cell: ({ row }) => <CallStatusBadge status={row.original.status} />,
  },
  {
    id: "direction",
    header: "Direction",
    size: 96,
    meta: { wide: true },
    cell: ({ row }) => DIRECTION_LABELS[row.original.direction],
  },
  {
    id: "from",
    header: "From",
    size: 132,
    meta: { wide: true },
    cell: ({ row }) => <Phone number={row.original.from} />,
  },
  { id: "to", header: "To", size: 132, meta: { wide: true }, cell: ({ row }) => <Phone number={row.original.to} /> },
  { id: "agent", header: "Agent", size: 130, meta: { wide: true }, cell: ({ row }) => text(row.original.agent) },
  {
    id: "tier",
    header: "Tier",
    size: 88,
    meta: { wide: true },
    cell: ({ row }) => <TierLabel tier={row.original.tier} />,
  },
  {
    id: "billed",
    header: "Billed",
    size: 80,
    meta: { align: "right" },
    cell: ({ row }) => (
      <span
        title={`${exactMinutesText(row.original.billed_seconds)}; talked ${durationText(row.original.duration_seconds)}`}
      >
        {durationText(row.original.billed_seconds)}
      </span>
    ),
  },
  {
    id: "spent",
    header: "Spent",
    size: 92,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MoneyText usd={row.original.spent_usd} />,
  },
];

/** All columns, or those that are left when every call is of one account. */
export function callColumns(ofOneAccount: boolean): Column<Call>[] {
  return ofOneAccount ? OF_ONE_ACCOUNT : COLUMNS;
}

const OF_ONE_ACCOUNT = COLUMNS.filter((column) => column.id !== "subaccount").map((column) =>
  column.id === "status" ? { ...column, meta: {} } : column,
);

export const CALL_CSV_HEADER = [
  "id",
  "external_id",
  "source",
  "started_at",
  "subaccount",
  "subaccount_name",
  "status",
  "direction",
  "tier",
  "from",
  "to",
  "agent",
  "campaign",
  "duration_seconds",
  "billed_seconds",
  "price",
  "spent_usd",
] as const satisfies (keyof Call)[];

export function callCsvCells(call: Call): CsvCell[] {
  return CALL_CSV_HEADER.map((name) => call[name]);
}

/** What a narrow screen says under a call's time. */
export function callDetail(call: Call, ofOneAccount: boolean): string {
  return ofOneAccount ? DIRECTION_LABELS[call.direction] : CALL_STATUS_LABELS[call.status];
}

export function callTitle(call: Call): string {
  return `${DIRECTION_LABELS[call.direction]} call`;
}

export function callsText(count: number): string {
  return `${countText(count)} ${count === 1 ? "call" : "calls"}`;
}
