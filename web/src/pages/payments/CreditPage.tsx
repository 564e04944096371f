// The agency's account with the platform: what it owes, how much more it may owe, and what made it so.
import { IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { keys, LIVE_MS } from "../../api/queries";
import { parseCredit } from "../../app/search";
import { useZone } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { MoneyText, TimeText } from "../../widgets/figures/figures";
import { moneyText } from "../../widgets/format/money";
import { PageHeader } from "../../widgets/PageHeader";
import { rangeInstants } from "../../widgets/range/range";
import { RangePicker } from "../../widgets/range/RangePicker";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { useNow } from "../../widgets/useNow";
import classes from "./payments.module.css";
import { creditEntriesPage, creditQuery } from "./queries";

type Entry = Schemas["CreditEntry"];

const route = getRouteApi("/app/credit");

const COLUMNS: Column<Entry>[] = [
  { id: "at", header: "Time", size: 126, meta: { fixed: true }, cell: ({ row }) => <TimeText at={row.original.at} /> },
  {
    id: "description",
    header: "What",
    size: 320,
    meta: { grows: true, wide: true },
    cell: ({ row }) => <span title={row.original.description}>{row.original.description}</span>,
  },
  {
    id: "amount",
    header: "Amount",
    size: 110,
    meta: { align: "right" },
    cell: ({ row }) => <Amount usd={row.original.amount_usd} />,
  },
  {
    id: "balance",
    header: "Credit after",
    size: 116,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MoneyText usd={row.original.balance_usd} fw={500} />,
  },
  { id: "by", header: "By", size: 150, meta: { wide: true }, cell: ({ row }) => row.original.actor.name },
];

function Amount({ usd }: { usd: string }) {
  return (
    <>
      {!usd.startsWith("-") && "+"}
      <MoneyText usd={usd} />
    </>
  );
}

const CSV_HEADER = ["id", "time", "kind", "description", "amount_usd", "balance_usd", "subaccount", "reference", "by"];

function csvCells(entry: Entry) {
  return [
    entry.id,
    entry.at,
    entry.kind,
    entry.description,
    entry.amount_usd,
    entry.balance_usd,
    entry.subaccount,
    entry.reference,
    entry.actor.name,
  ];
}

export function CreditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const credit = useQuery({ ...creditQuery, refetchInterval: LIVE_MS });
  const filters = rangeInstants(search.since ? search : { range: search.range ?? "90d" }, zone, now);
  const list = useCursorList([...keys.credit, "entries", filters], (ask, signal) =>
    creditEntriesPage(filters, ask, signal),
  );
  const { visibility, setVisibility } = useColumnChoice("credit", COLUMNS);
  if (credit.isError && !credit.data) return <ErrorState error={credit.error} onRetry={() => void credit.refetch()} />;
  return (
    <>
      <PageHeader title="Credit">
        Your account with the platform. Minutes that you sell or give on your own account cost you their base price
        here; what you settle with the platform, and value that moves set free, comes back.
      </PageHeader>
      <div className={classes.facts}>
        <FactStrip label="With the platform" isPending={!credit.data}>
          {credit.data && <CreditFacts credit={credit.data} />}
        </FactStrip>
      </div>
      <Toolbar
        filters={
          <RangePicker
            value={search}
            fallback="90d"
            onChange={(range) => void navigate({ search: parseCredit({ ...range }), replace: true })}
          />
        }
        actions={
          <>
            <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="credit"
              header={CSV_HEADER}
              cells={csvCells}
              fetchPage={(ask, signal) => creditEntriesPage(filters, ask, signal)}
            />
          </>
        }
      />
      <DataTable
        label="Credit entries"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => row.description}
        empty={
          <EmptyState icon={IconScale} title="Nothing changed your credit in this range">
            Purchases that are paid to you, minutes given by hand, moves and settlements are listed here. Try a longer
            range.
          </EmptyState>
        }
      />
    </>
  );
}

function CreditFacts({ credit }: { credit: Schemas["Credit"] }) {
  const owes = credit.owed_usd !== "0.00";
  return (
    <>
      <Fact label="Credit" hint={owes ? `You owe the platform ${moneyText(credit.owed_usd)}` : "You owe nothing"}>
        <MoneyText usd={credit.balance_usd} />
      </Fact>
      <Fact label="Available" hint={availableHint(credit)}>
        {credit.available_usd === null ? "No limit" : <MoneyText usd={credit.available_usd} />}
      </Fact>
      <Fact
        label="Profit"
        hint={`Payable ${moneyText(credit.payable_usd)}; payout from ${moneyText(credit.payout_threshold_usd)}`}
      >
        <MoneyText usd={credit.profit_usd} />
      </Fact>
      <Fact label="Collected" hint="Markup on what was paid to you">
        <MoneyText usd={credit.collected_usd} />
      </Fact>
    </>
  );
}

function availableHint({ limit_usd: limit }: Schemas["Credit"]): string {
  if (limit === null) return "The platform set no limit";
  return limit === "0.00" ? "You may not owe anything" : `You may owe up to ${moneyText(limit)}`;
}
