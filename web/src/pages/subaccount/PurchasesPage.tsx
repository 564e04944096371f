import { Button, VisuallyHidden } from "@mantine/core";
import { IconCash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Schemas } from "../../api/client";
import { keys, subaccountQuery } from "../../api/queries";
import { useMay } from "../../app/session";
import { MinutesText, MoneyText, Nothing, PriceText, TimeText } from "../../widgets/figures/figures";
import { PURCHASE_STATE_LABELS, PurchaseStateBadge } from "../../widgets/figures/StatusBadge";
import { TierLabel } from "../../widgets/figures/TierLabel";
import { EmptyState } from "../../widgets/states/states";
import { useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { useCursorList } from "../../widgets/table/useCursorList";
import { MarkPaidDialog } from "../subaccounts/MarkPaidDialog";
import { purchasesPage } from "./queries";

type Purchase = Schemas["Purchase"];

const route = getRouteApi("/app/subaccounts/$subaccount/purchases");

const COLUMNS: Column<Purchase>[] = [
  { id: "created", header: "Recorded", size: 118, cell: ({ row }) => <TimeText at={row.original.created_at} /> },
  {
    id: "state",
    header: "State",
    size: 110,
    meta: { wide: true },
    cell: ({ row }) => <PurchaseStateBadge state={row.original.state} />,
  },
  {
    id: "tier",
    header: "Tier",
    size: 90,
    meta: { wide: true },
    cell: ({ row }) => <TierLabel tier={row.original.tier} />,
  },
  {
    id: "minutes",
    header: "Minutes",
    size: 116,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.seconds} />,
  },
  {
    id: "price",
    header: "Price",
    size: 100,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <PriceText price={row.original.unit_price} />,
  },
  {
    id: "paid",
    header: "Client pays",
    size: 104,
    meta: { align: "right" },
    cell: ({ row }) => <MoneyText usd={row.original.paid_usd} fw={500} />,
  },
  {
    id: "profit",
    header: "Profit",
    size: 100,
    meta: { align: "right", wide: true },
    cell: ({ row }) =>
      row.original.profit_usd === null ? (
        <Nothing label="not shown to your role" />
      ) : (
        <MoneyText usd={row.original.profit_usd} />
      ),
  },
  {
    id: "succeeded",
    header: "Paid on",
    size: 130,
    meta: { wide: true },
    cell: ({ row }) =>
      row.original.succeeded_at ? <TimeText at={row.original.succeeded_at} /> : <Nothing label="not yet" />,
  },
];

export function PurchasesPage() {
  const { subaccount: id } = route.useParams();
  const account = useQuery(subaccountQuery(id)).data;
  const maySettle = useMay("purchases.settle");
  const seesProfit = useMay("profits.view");
  const [settling, setSettling] = useState<Purchase | null>(null);
  const list = useCursorList([...keys.purchases, id], (ask, signal) => purchasesPage(id, ask, signal));
  const columns = useMemo(
    (): Column<Purchase>[] => [
      ...COLUMNS.filter((column) => column.id !== "profit" || seesProfit),
      ...(maySettle ? [settleColumn(setSettling)] : []),
    ],
    [maySettle, seesProfit],
  );
  const { visibility } = useColumnChoice("purchases", columns);
  return (
    <>
      <DataTable
        label="Purchases"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => <PurchaseDetail purchase={row} />}
        empty={
          <EmptyState icon={IconCash} title="No purchases yet">
            Record a purchase when this client buys minutes; its minutes are added once it is marked paid.
          </EmptyState>
        }
      />
      {settling && (
        <MarkPaidDialog
          purchase={settling}
          account={account?.name ?? "the account"}
          onClose={() => setSettling(null)}
        />
      )}
    </>
  );
}

function PurchaseDetail({ purchase }: { purchase: Purchase }) {
  return (
    <>
      <MinutesText seconds={purchase.seconds} unit={false} /> {purchase.tier}
      {purchase.state !== "succeeded" && `, ${PURCHASE_STATE_LABELS[purchase.state].toLowerCase()}`}
    </>
  );
}

function settleColumn(onSettle: (purchase: Purchase) => void): Column<Purchase> {
  return {
    id: "settle",
    header: () => <VisuallyHidden>Actions</VisuallyHidden>,
    size: 96,
    meta: { align: "right" },
    cell: ({ row: { original } }) =>
      original.state === "pending" && (
        <Button size="compact-xs" variant="default" onClick={() => onSettle(original)}>
          Mark paid
        </Button>
      ),
  };
}
