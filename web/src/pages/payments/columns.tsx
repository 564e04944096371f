import { Text } from "@mantine/core";
import { MinutesText, MoneyText, Nothing, PriceText, TimeText } from "../../widgets/figures/figures";
import { PURCHASE_STATE_LABELS, PurchaseStateBadge } from "../../widgets/figures/StatusBadge";
import { TierLabel } from "../../widgets/figures/TierLabel";
import { minutesText } from "../../widgets/format/minutes";
import type { CsvCell } from "../../widgets/table/csv";
import type { Column } from "../../widgets/table/DataTable";
import type { Purchase } from "./queries";
import { failureText, ORIGIN_LABELS } from "./words";

export const PURCHASE_COLUMNS: Column<Purchase>[] = [
  { id: "created", header: "Recorded", size: 118, cell: ({ row }) => <TimeText at={row.original.created_at} /> },
  {
    id: "state",
    header: "State",
    size: 122,
    meta: { wide: true },
    cell: ({ row: { original } }) => (
      <span title={original.failure ? failureText(original.failure) : undefined}>
        <PurchaseStateBadge state={original.state} />
      </span>
    ),
  },
  {
    id: "tier",
    header: "Tier",
    size: 86,
    meta: { wide: true },
    cell: ({ row }) => <TierLabel tier={row.original.tier} />,
  },
  {
    id: "minutes",
    header: "Minutes",
    size: 106,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.seconds} />,
  },
  {
    id: "price",
    header: "Price",
    size: 84,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <PriceText price={row.original.unit_price} />,
  },
  {
    id: "paid",
    header: "Amount",
    size: 100,
    meta: { align: "right" },
    cell: ({ row }) => <MoneyText usd={row.original.paid_usd} fw={500} />,
  },
  {
    id: "refunded",
    header: "Refunded",
    size: 92,
    meta: { align: "right", wide: true },
    cell: ({ row: { original } }) =>
      original.refunded_seconds === 0 ? (
        <Nothing />
      ) : (
        <span title={minutesText(original.refunded_seconds)}>
          <MoneyText usd={original.refunded_usd} />
        </span>
      ),
  },
  {
    id: "profit",
    header: "Profit",
    size: 86,
    meta: { align: "right", wide: true },
    cell: ({ row }) =>
      row.original.profit_usd === null ? (
        <Nothing label="not shown to your role" />
      ) : (
        <MoneyText usd={row.original.profit_usd} />
      ),
  },
  {
    id: "how",
    header: "How",
    size: 96,
    meta: { wide: true, grows: true },
    cell: ({ row: { original } }) => (
      <Text inherit span c="dimmed">
        {original.payment_method === null ? "Outside" : "Card"}
        {original.origin !== "direct" && `, ${ORIGIN_LABELS[original.origin].toLowerCase()}`}
      </Text>
    ),
  },
  {
    id: "succeeded",
    header: "Paid on",
    size: 118,
    meta: { wide: true },
    cell: ({ row }) =>
      row.original.succeeded_at ? <TimeText at={row.original.succeeded_at} /> : <Nothing label="not yet" />,
  },
];

/** What a narrow screen says under the time. */
export function purchaseDetail(purchase: Purchase) {
  return (
    <>
      <MinutesText seconds={purchase.seconds} unit={false} /> {purchase.tier}
      {purchase.state !== "succeeded" && `, ${PURCHASE_STATE_LABELS[purchase.state].toLowerCase()}`}
    </>
  );
}

const CSV: [header: string, cell: (purchase: Purchase) => CsvCell][] = [
  ["id", (purchase) => purchase.id],
  ["created_at", (purchase) => purchase.created_at],
  ["state", (purchase) => purchase.state],
  ["failure", (purchase) => purchase.failure],
  ["tier", (purchase) => purchase.tier],
  ["seconds", (purchase) => purchase.seconds],
  ["unit_price", (purchase) => purchase.unit_price],
  ["paid_usd", (purchase) => purchase.paid_usd],
  ["refunded_seconds", (purchase) => purchase.refunded_seconds],
  ["refunded_usd", (purchase) => purchase.refunded_usd],
  ["profit_usd", (purchase) => purchase.profit_usd],
  ["provider", (purchase) => purchase.provider],
  ["origin", (purchase) => purchase.origin],
  ["succeeded_at", (purchase) => purchase.succeeded_at],
];

export const PURCHASE_CSV_HEADER = CSV.map(([header]) => header);

export function purchaseCsvCells(purchase: Purchase): CsvCell[] {
  return CSV.map(([, cell]) => cell(purchase));
}
