// The columns of the sub-account table, and the same as CSV.
import { Badge, Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { DayText, MinutesText, MoneyText, Nothing, TimeText } from "../../widgets/figures/figures";
import { SUBACCOUNT_STATUS_LABELS, SubaccountStatusBadge } from "../../widgets/figures/StatusBadge";
import { parseDecimal, roundedText } from "../../widgets/format/decimal";
import { countText } from "../../widgets/format/minutes";
import { percentText } from "../../widgets/format/money";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import type { CsvCell } from "../../widgets/table/csv";
import type { Column } from "../../widgets/table/DataTable";
import classes from "./columns.module.css";

type Subaccount = Schemas["Subaccount"];

function Markup({ account }: { account: Subaccount }) {
  const { markup_percent: markup, prices } = account;
  if (!markup) return <Nothing label="not shown to your role" />;
  if (prices.apply_base_price) {
    return (
      <Text inherit component="span" c="dimmed" title="Pays the base price">
        Base
      </Text>
    );
  }
  const premium = tierMarkup(markup.premium);
  const basic = tierMarkup(markup.basic);
  return (
    <span title={`Premium ${premium.exact}, basic ${basic.exact} over base`}>
      {premium.text} / {basic.text}
    </span>
  );
}

/** Whole percents in the row, all of it on hover. */
function tierMarkup(percent: string | null): { text: string; exact: string } {
  const micros = percent === null ? null : parseDecimal(percent);
  if (percent === null || micros === null) return { text: "–", exact: "unknown" };
  return { text: `${roundedText(micros, 0)}%`, exact: percentText(percent) };
}

export const SUBACCOUNT_COLUMNS: Column<Subaccount>[] = [
  {
    id: "name",
    header: "Name",
    size: 176,
    meta: { fixed: true, sort: "name", grows: true },
    cell: ({ row: { original } }) => (
      <span className={classes.name}>
        <SubaccountLink id={original.id} name={original.name} />
        {original.kind === "primary" && (
          <Badge size="xs" color="pine" tt="none" className={classes.primary}>
            Primary
          </Badge>
        )}
      </span>
    ),
  },
  {
    id: "email",
    header: "Email",
    size: 142,
    meta: { sort: "email", wide: true },
    cell: ({ row }) => (
      <Text inherit component="span" c="dimmed" title={row.original.email}>
        {row.original.email}
      </Text>
    ),
  },
  {
    id: "reference",
    header: "Reference",
    size: 110,
    meta: { rare: true },
    cell: ({ row }) => row.original.reference ?? <Nothing />,
  },
  {
    id: "status",
    header: "Status",
    size: 106,
    meta: { sort: "status", wide: true },
    cell: ({ row }) => <SubaccountStatusBadge status={row.original.status} />,
  },
  {
    id: "premium",
    header: "Premium left",
    size: 102,
    meta: { sort: "premium_seconds", align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.wallet.premium_seconds} />,
  },
  {
    id: "basic",
    header: "Basic left",
    size: 94,
    meta: { sort: "basic_seconds", align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.wallet.basic_seconds} />,
  },
  {
    id: "wallet",
    header: "Wallet",
    size: 94,
    meta: { sort: "balance_usd", align: "right" },
    cell: ({ row: { original } }) => <MoneyText usd={original.wallet.balance_usd} fw={500} />,
  },
  {
    id: "used",
    header: "Used",
    size: 90,
    meta: { label: "Minutes used this period", sort: "minutes_used_seconds", align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.period.minutes_used_seconds} />,
  },
  {
    id: "spent",
    header: "Spent",
    size: 84,
    meta: { label: "Spent this period", sort: "spent_usd", align: "right", wide: true },
    cell: ({ row }) => <MoneyText usd={row.original.period.spent_usd} />,
  },
  {
    id: "markup",
    header: "Markup",
    size: 100,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <Markup account={row.original} />,
  },
  {
    id: "billing_date",
    header: "Billing date",
    size: 88,
    meta: { sort: "billing_date", wide: true },
    cell: ({ row }) => <DayText day={row.original.billing_date} />,
  },
  {
    id: "knowledge",
    header: "Knowledge",
    size: 104,
    meta: { label: "Knowledge credits", sort: "knowledge_credits", align: "right", rare: true },
    cell: ({ row }) => countText(row.original.knowledge_credits),
  },
  {
    id: "created",
    header: "Added",
    size: 118,
    meta: { sort: "created_at", rare: true },
    cell: ({ row }) => <TimeText at={row.original.created_at} />,
  },
];

/** What a narrow screen says under the name. */
export function SubaccountDetail({ account }: { account: Subaccount }) {
  const { wallet, status } = account;
  return (
    <>
      {status !== "active" && `${SUBACCOUNT_STATUS_LABELS[status]} · `}
      <MinutesText seconds={wallet.premium_seconds} unit={false} /> premium
      {wallet.basic_seconds !== 0 && (
        <>
          , <MinutesText seconds={wallet.basic_seconds} unit={false} /> basic
        </>
      )}
    </>
  );
}

const CSV: [header: string, cell: (account: Subaccount) => CsvCell][] = [
  ["id", (account) => account.id],
  ["kind", (account) => account.kind],
  ["name", (account) => account.name],
  ["email", (account) => account.email],
  ["reference", (account) => account.reference],
  ["status", (account) => account.status],
  ["premium_seconds", (account) => account.wallet.premium_seconds],
  ["basic_seconds", (account) => account.wallet.basic_seconds],
  ["balance_usd", (account) => account.wallet.balance_usd],
  ["period_minutes_used_seconds", (account) => account.period.minutes_used_seconds],
  ["period_spent_usd", (account) => account.period.spent_usd],
  ["period_purchased_usd", (account) => account.period.purchased_usd],
  ["price_premium", (account) => account.prices.premium],
  ["price_basic", (account) => account.prices.basic],
  ["knowledge_credits", (account) => account.knowledge_credits],
  ["billing_date", (account) => account.billing_date],
  ["created_at", (account) => account.created_at],
];

export const SUBACCOUNT_CSV_HEADER = CSV.map(([header]) => header);

export function subaccountCsvCells(account: Subaccount): CsvCell[] {
  return CSV.map(([, cell]) => cell(account));
}
