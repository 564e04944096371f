// What each client brought in over a range.
import { IconCoins } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Anchor } from "@mantine/core";
import { keys } from "../../api/queries";
import { parseProfits } from "../../app/search";
import { useZone } from "../../app/session";
import { MoneyText } from "../../widgets/figures/figures";
import { SubaccountStatusBadge } from "../../widgets/figures/StatusBadge";
import { rangeInstants } from "../../widgets/range/range";
import { RangePicker } from "../../widgets/range/RangePicker";
import { EmptyState } from "../../widgets/states/states";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { useNow } from "../../widgets/useNow";
import tools from "../calls/CallsList.module.css";
import { accountsPage, type AccountProfit, type ProfitSort } from "./queries";

const route = getRouteApi("/app/profits/clients");

const COLUMNS: Column<AccountProfit>[] = [
  {
    id: "name",
    header: "Client",
    size: 200,
    meta: { fixed: true, sort: "name", grows: true },
    cell: ({ row }) => <SubaccountLink id={row.original.subaccount} name={row.original.name} />,
  },
  {
    id: "status",
    header: "Status",
    size: 100,
    meta: { wide: true },
    cell: ({ row }) => <SubaccountStatusBadge status={row.original.status} />,
  },
  {
    id: "profit",
    header: "Profit",
    size: 112,
    meta: { sort: "profit_usd", align: "right" },
    cell: ({ row }) => <MoneyText usd={row.original.profit_usd} fw={500} />,
  },
  {
    id: "payable",
    header: "Payable",
    size: 112,
    meta: { sort: "payable_usd", align: "right", wide: true },
    cell: ({ row }) => <MoneyText usd={row.original.payable_usd} />,
  },
  {
    id: "collected",
    header: "Collected by you",
    size: 140,
    meta: { sort: "collected_usd", align: "right", wide: true },
    cell: ({ row }) => <MoneyText usd={row.original.collected_usd} />,
  },
  {
    id: "purchases",
    header: "Purchases",
    size: 110,
    meta: { wide: true },
    cell: ({ row }) => <PurchasesLink account={row.original} />,
  },
];

function PurchasesLink({ account }: { account: AccountProfit }) {
  const { range, since, until } = route.useSearch();
  const search = {
    ...(range && { range }),
    ...(since && until && { since, until }),
    account: account.subaccount,
  };
  return (
    <Anchor
      inherit
      renderRoot={(props) => <Link to="/profits/purchases" search={search} {...props} />}
      aria-label={`Purchases of ${account.name}`}
    >
      Purchases
    </Anchor>
  );
}

const CSV_HEADER = ["subaccount", "name", "status", "profit_usd", "payable_usd", "collected_usd"] as const;

export function ProfitAccountsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const sort: ProfitSort = search.sort ?? "-profit_usd";
  const filters = { ...rangeInstants({ range: "year", ...search }, zone, now), sort };
  const list = useCursorList([...keys.profits, "clients", filters], (ask, signal) =>
    accountsPage(filters, ask, signal),
  );
  const { visibility, setVisibility } = useColumnChoice("profit-clients", COLUMNS);
  return (
    <>
      <div className={tools.tools}>
        <Toolbar
          filters={
            <RangePicker
              value={search}
              fallback="year"
              onChange={(range) =>
                void navigate({ search: { ...range, ...(search.sort && { sort: search.sort }) }, replace: true })
              }
            />
          }
          actions={
            <>
              <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
              <ExportButton
                name="profit-by-client"
                header={[...CSV_HEADER]}
                cells={(row: AccountProfit) => CSV_HEADER.map((name) => row[name])}
                fetchPage={(ask, signal) => accountsPage(filters, ask, signal)}
              />
            </>
          }
        />
      </div>
      <DataTable
        label="Profit by client"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.subaccount}
        visibility={visibility}
        sort={sort}
        onSort={(next) => void navigate({ search: parseProfits({ ...search, sort: next }), replace: true })}
        empty={
          <EmptyState icon={IconCoins} title="No profit in this range">
            Profit is earned when a client buys minutes above the base price. Try a longer range.
          </EmptyState>
        }
      />
    </>
  );
}
