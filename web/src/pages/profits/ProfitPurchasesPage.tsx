// The purchases behind the profit of a range, that which changed last first.
import { IconCoins } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { keys, subaccountQuery } from "../../api/queries";
import { parseProfits } from "../../app/search";
import { useZone } from "../../app/session";
import { MinutesText, MoneyText, TimeText } from "../../widgets/figures/figures";
import { TierLabel } from "../../widgets/figures/TierLabel";
import { rangeInstants } from "../../widgets/range/range";
import { RangePicker } from "../../widgets/range/RangePicker";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { useNow } from "../../widgets/useNow";
import tools from "../calls/CallsList.module.css";
import { AccountSelect } from "../subaccounts/AccountSelect";
import { purchasesPage, type PurchaseProfit } from "./queries";

const route = getRouteApi("/app/profits/purchases");

const COLUMNS: Column<PurchaseProfit>[] = [
  {
    id: "client",
    header: "Client",
    size: 190,
    meta: { fixed: true, grows: true },
    cell: ({ row }) => <SubaccountLink id={row.original.subaccount} name={row.original.name} />,
  },
  {
    id: "at",
    header: "Time",
    size: 118,
    meta: { wide: true },
    cell: ({ row }) => <TimeText at={row.original.changed_at} />,
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
    id: "paid",
    header: "Client paid",
    size: 110,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MoneyText usd={row.original.paid_usd} />,
  },
  {
    id: "profit",
    header: "Profit",
    size: 110,
    meta: { align: "right" },
    cell: ({ row }) => <MoneyText usd={row.original.profit_usd} fw={500} />,
  },
  {
    id: "kind",
    header: "Of it",
    size: 170,
    meta: { wide: true },
    cell: ({ row }) => <Kind profit={row.original} />,
  },
];

/** Who collected the money, and whether some of it went back. */
function Kind({ profit }: { profit: PurchaseProfit }) {
  const by = profit.payable_usd === "0.00" ? "Collected by you" : "Payable";
  return <>{profit.changes > 1 ? `${by}, after refunds` : by}</>;
}

const CSV_HEADER = [
  "purchase",
  "changed_at",
  "subaccount",
  "name",
  "tier",
  "seconds",
  "paid_usd",
  "profit_usd",
  "payable_usd",
  "collected_usd",
] as const;

export function ProfitPurchasesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const { account } = search;
  const chosen = useQuery({ ...subaccountQuery(account ?? ""), enabled: account !== undefined }).data;
  const filters = {
    ...rangeInstants({ range: "year", ...search }, zone, now),
    ...(account && { subaccount: account }),
  };
  const list = useCursorList([...keys.profits, "purchases", filters], (ask, signal) =>
    purchasesPage(filters, ask, signal),
  );
  const { visibility, setVisibility } = useColumnChoice("profit-purchases", COLUMNS);
  const change = (id: string | null) =>
    void navigate({ search: parseProfits({ ...search, account: id }), replace: true });
  return (
    <>
      <div className={tools.tools}>
        <Toolbar
          filters={
            <>
              <RangePicker
                value={search}
                fallback="year"
                onChange={(range) =>
                  void navigate({ search: { ...range, ...(account && { account }) }, replace: true })
                }
              />
              <AccountSelect
                label="Client"
                inToolbar
                value={account ?? null}
                called={chosen?.name ?? null}
                error={null}
                onChange={change}
              />
            </>
          }
          actions={
            <>
              <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
              <ExportButton
                name="profit-by-purchase"
                header={[...CSV_HEADER]}
                cells={(row: PurchaseProfit) => CSV_HEADER.map((name) => row[name])}
                fetchPage={(ask, signal) => purchasesPage(filters, ask, signal)}
              />
            </>
          }
        />
      </div>
      <DataTable
        label="Profit by purchase"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.purchase}
        visibility={visibility}
        detail={(row) => (
          <>
            <TimeText at={row.changed_at} />, <Kind profit={row} />
          </>
        )}
        empty={account ? <NoneOfAccount onClear={() => change(null)} /> : <None />}
      />
    </>
  );
}

function NoneOfAccount({ onClear }: { onClear: () => void }) {
  return (
    <NothingMatches title="No purchase matches" clears="filters" onClear={onClear}>
      This client bought nothing above the base price in this range.
    </NothingMatches>
  );
}

function None() {
  return (
    <EmptyState icon={IconCoins} title="No profit in this range">
      Purchases above the base price are listed here once they are paid. Try a longer range.
    </EmptyState>
  );
}
