// Every minute that came or went, with the balance after it: what explains a wallet.
import { Select, Text } from "@mantine/core";
import { IconReceipt } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { parseStatement, WALLET_ACCOUNTS } from "../../app/search";
import { useZone } from "../../app/session";
import { MinutesText, TimeText } from "../../widgets/figures/figures";
import { exactMinutesText, minutesText } from "../../widgets/format/minutes";
import { rangeInstants, type RangeSearch } from "../../widgets/range/range";
import { useNow } from "../../widgets/useNow";
import { RangePicker } from "../../widgets/range/RangePicker";
import { EmptyState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { statementPage } from "./queries";
import { STATEMENT_CSV_HEADER, statementCsvCells } from "./statementCsv";
import classes from "../calls/CallsList.module.css";

type Entry = Schemas["StatementEntry"];

const route = getRouteApi("/app/subaccounts/$subaccount/statement");

const ACCOUNT_LABELS: Record<Schemas["WalletAccount"], string> = {
  "wallet.premium": "Premium",
  "wallet.basic": "Basic",
  "held.premium": "Premium, held",
  "held.basic": "Basic, held",
};

function Amount({ seconds }: { seconds: number }) {
  return (
    <Text inherit span title={exactMinutesText(seconds)} {...(seconds > 0 && { c: "var(--mb-good)" })}>
      {seconds > 0 && "+"}
      {minutesText(seconds)}
    </Text>
  );
}

const COLUMNS: Column<Entry>[] = [
  { id: "at", header: "Time", size: 118, cell: ({ row }) => <TimeText at={row.original.at} /> },
  {
    id: "description",
    header: "What",
    size: 116,
    meta: { grows: true, wide: true },
    cell: ({ row }) => row.original.description,
  },
  {
    id: "account",
    header: "Account",
    size: 130,
    meta: { wide: true },
    cell: ({ row }) => ACCOUNT_LABELS[row.original.account],
  },
  {
    id: "amount",
    header: "Amount",
    size: 112,
    meta: { align: "right" },
    cell: ({ row }) => <Amount seconds={row.original.amount_seconds} />,
  },
  {
    id: "balance",
    header: "Balance after",
    size: 130,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.balance_seconds} fw={500} />,
  },
  { id: "actor", header: "By", size: 160, meta: { wide: true }, cell: ({ row }) => row.original.actor.name },
];

export function StatementPage() {
  const { subaccount: id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const range: RangeSearch = search.since ? search : { range: search.range ?? "30d" };
  const filters = { ...rangeInstants(range, zone, now), ...(search.account && { account: search.account }) };
  const list = useCursorList([...keys.statement, id, filters], (ask, signal) =>
    statementPage(id, filters, ask, signal),
  );
  const { visibility, setVisibility } = useColumnChoice("statement", COLUMNS);
  const change = (changed: RangeSearch & { account?: Schemas["WalletAccount"] | null }) =>
    void navigate({ search: parseStatement({ ...changed }), replace: true });

  return (
    <>
      <div className={classes.tools}>
        <Toolbar
          filters={
            <>
              <RangePicker
                value={search}
                fallback="30d"
                onChange={(chosen) => change({ ...chosen, ...(search.account && { account: search.account }) })}
              />
              <Select
                size="xs"
                w={160}
                aria-label="Account"
                placeholder="All accounts"
                clearable
                data={WALLET_ACCOUNTS.map((value) => ({ value, label: ACCOUNT_LABELS[value] }))}
                value={search.account ?? null}
                onChange={(account) => change({ ...search, account })}
              />
            </>
          }
          actions={
            <>
              <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
              <ExportButton
                name="statement"
                header={[...STATEMENT_CSV_HEADER]}
                cells={statementCsvCells}
                fetchPage={(ask, signal) => statementPage(id, filters, ask, signal)}
              />
            </>
          }
        />
      </div>
      <DataTable
        label="Statement"
        columns={COLUMNS}
        list={list}
        rowId={(row) => `${row.id} ${row.account}`}
        visibility={visibility}
        detail={(row) => `${row.description}, ${ACCOUNT_LABELS[row.account].toLowerCase()}`}
        empty={
          <EmptyState icon={IconReceipt} title="Nothing moved in this range">
            Purchases, grants and calls are listed here as soon as they change the wallet. Try a longer range.
          </EmptyState>
        }
      />
    </>
  );
}
