// Every move of minutes between the agency's accounts, as it was quoted and made.
import { IconArrowsExchange } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, subaccountQuery } from "../../api/queries";
import { parseMoves, type MovesSearch } from "../../app/search";
import { useZone } from "../../app/session";
import { MinutesText, MoneyText, Nothing, PriceText, TimeText } from "../../widgets/figures/figures";
import { TierLabel } from "../../widgets/figures/TierLabel";
import { PageHeader } from "../../widgets/PageHeader";
import { rangeInstants } from "../../widgets/range/range";
import { RangePicker } from "../../widgets/range/RangePicker";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import type { PageRequest } from "../../widgets/table/paging";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { useNow } from "../../widgets/useNow";
import { AccountSelect } from "../subaccounts/AccountSelect";

type Move = Schemas["MinuteMove"];

const route = getRouteApi("/app/moves");

const COLUMNS: Column<Move>[] = [
  {
    id: "from",
    header: "From",
    size: 170,
    meta: { fixed: true },
    cell: ({ row }) => <SubaccountLink id={row.original.from} name={row.original.from_name} />,
  },
  {
    id: "to",
    header: "To",
    size: 170,
    meta: { wide: true },
    cell: ({ row }) => <SubaccountLink id={row.original.to} name={row.original.to_name} />,
  },
  {
    id: "at",
    header: "Time",
    size: 118,
    meta: { wide: true },
    cell: ({ row }) => <TimeText at={row.original.created_at} />,
  },
  {
    id: "tier",
    header: "Tier",
    size: 90,
    meta: { wide: true },
    cell: ({ row }) => <TierLabel tier={row.original.tier} />,
  },
  {
    id: "sent",
    header: "Sent",
    size: 104,
    meta: { align: "right" },
    cell: ({ row }) => <MinutesText seconds={row.original.sent_seconds} />,
  },
  {
    id: "received",
    header: "Received",
    size: 104,
    meta: { align: "right", wide: true },
    cell: ({ row }) => <MinutesText seconds={row.original.received_seconds} />,
  },
  {
    id: "prices",
    header: "Prices",
    size: 130,
    meta: { align: "right", wide: true },
    cell: ({ row }) => (
      <>
        <PriceText price={row.original.price_from} /> → <PriceText price={row.original.price_to} />
      </>
    ),
  },
  {
    id: "adjustment",
    header: "Credit",
    size: 92,
    meta: { align: "right", wide: true },
    cell: ({ row }) =>
      row.original.adjustment_usd === "0.00" ? (
        <Nothing label="unchanged" />
      ) : (
        <MoneyText usd={row.original.adjustment_usd} />
      ),
  },
  { id: "by", header: "By", size: 140, meta: { wide: true, grows: true }, cell: ({ row }) => row.original.actor.name },
];

const CSV_HEADER = [
  "time",
  "from",
  "to",
  "tier",
  "sent_seconds",
  "received_seconds",
  "price_from",
  "price_to",
  "adjustment_usd",
  "by",
];

function csvCells(move: Move) {
  return [
    move.created_at,
    move.from_name,
    move.to_name,
    move.tier,
    move.sent_seconds,
    move.received_seconds,
    move.price_from,
    move.price_to,
    move.adjustment_usd,
    move.actor.name,
  ];
}

interface MoveFilters {
  subaccount?: string;
  from?: string;
  to?: string;
}

function movesPage(filters: MoveFilters, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/minute_moves", { params: { query }, ...(signal && { signal }) }));
}

export function MovesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const { range = "30d", since, until, account } = search;
  const chosen = useQuery({ ...subaccountQuery(account ?? ""), enabled: account !== undefined }).data;
  const filters = {
    ...(account && { subaccount: account }),
    ...rangeInstants({ range, ...(since && until && { since, until }) }, zone, now),
  };
  const list = useCursorList([...keys.moves, filters], (ask, signal) => movesPage(filters, ask, signal));
  const { visibility, setVisibility } = useColumnChoice("moves", COLUMNS);
  const change = (changed: Partial<Record<keyof MovesSearch, string | null>>) =>
    void navigate({ search: parseMoves({ ...search, ...changed }), replace: true });

  return (
    <>
      <PageHeader title="Minute moves">
        Minutes that went from one account to another, at the prices of that moment.
      </PageHeader>
      <Toolbar
        filters={
          <>
            <RangePicker
              value={search}
              fallback="30d"
              onChange={(picked) =>
                void navigate({ search: { ...picked, ...(account && { account }) }, replace: true })
              }
            />
            <AccountSelect
              label="From or to"
              inToolbar
              value={account ?? null}
              called={chosen?.name ?? null}
              error={null}
              onChange={(id) => change({ account: id })}
            />
          </>
        }
        actions={
          <>
            <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="minute-moves"
              header={CSV_HEADER}
              cells={csvCells}
              fetchPage={(ask, signal) => movesPage(filters, ask, signal)}
            />
          </>
        }
      />
      <DataTable
        label="Minute moves"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => `to ${row.to_name}`}
        empty={<NoMoves filtered={account !== undefined} onClear={() => void navigate({ search: {} })} />}
      />
    </>
  );
}

function NoMoves({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <NothingMatches title="No move matches" clears="filters" onClear={onClear}>
      This account neither gave nor received minutes in this range.
    </NothingMatches>
  ) : (
    <EmptyState icon={IconArrowsExchange} title="No minutes were moved in this range">
      Move minutes from an account’s menu in Subaccounts.
    </EmptyState>
  );
}
