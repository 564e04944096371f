// What was paid out, what is on its way, and whether anything can be.
import { Text } from "@mantine/core";
import { IconTransferOut } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { keys } from "../../api/queries";
import { parsePayouts } from "../../app/search";
import { MoneyText, TimeText } from "../../widgets/figures/figures";
import { PayoutFailure, PayoutSettled } from "../../widgets/figures/PayoutEnd";
import { PayoutStateBadge } from "../../widgets/figures/PayoutStateBadge";
import { moneyText } from "../../widgets/format/money";
import { Note } from "../../widgets/Note";
import { PayoutStateSelect } from "../../widgets/PayoutStateSelect";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import classes from "./ProfitsPage.module.css";
import { payoutAccountQuery, payoutsPage, type Payout } from "./queries";

const route = getRouteApi("/app/profits/payouts");

const COLUMNS: Column<Payout>[] = [
  {
    id: "created_at",
    header: "Scheduled",
    size: 130,
    meta: { fixed: true },
    cell: ({ row }) => <TimeText at={row.original.created_at} />,
  },
  {
    id: "amount",
    header: "Amount",
    size: 112,
    meta: { align: "right" },
    cell: ({ row }) => <MoneyText usd={row.original.amount_usd} fw={500} />,
  },
  {
    id: "state",
    header: "State",
    size: 116,
    meta: { wide: true },
    cell: ({ row }) => <PayoutStateBadge state={row.original.state} />,
  },
  {
    id: "settled_at",
    header: "Settled",
    size: 130,
    meta: { wide: true },
    cell: ({ row }) => <PayoutSettled at={row.original.settled_at} />,
  },
  {
    id: "failure",
    header: "Why it failed",
    size: 260,
    meta: { wide: true, grows: true },
    cell: ({ row }) => <PayoutFailure why={row.original.failure} />,
  },
];

const CSV_HEADER = ["id", "created_at", "amount_usd", "state", "settled_at", "failure", "renewal"] as const;

export function PayoutsPage() {
  // The range of the other tabs is none of this list's; it stays for them.
  const { state, ...range } = route.useSearch();
  const navigate = route.useNavigate();
  const asked = state ? { state } : {};
  const list = useCursorList([...keys.profits, "payouts", asked], (ask, signal) => payoutsPage(asked, ask, signal));
  const change = (to: string | null) =>
    void navigate({ search: { ...range, ...parsePayouts({ state: to }) }, replace: true });
  const { visibility, setVisibility } = useColumnChoice("payouts", COLUMNS);
  return (
    <>
      <div className={classes.account}>
        <Account />
      </div>
      <Toolbar
        filters={<PayoutStateSelect value={state} onChange={change} />}
        actions={
          <>
            <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="payouts"
              header={[...CSV_HEADER]}
              cells={(row: Payout) => CSV_HEADER.map((name) => row[name])}
              fetchPage={(ask, signal) => payoutsPage(asked, ask, signal)}
            />
          </>
        }
      />
      <DataTable
        label="Payouts"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => (
          <>
            <PayoutStateBadge state={row.state} /> {row.failure}
          </>
        )}
        empty={state ? <NoneMatches onClear={() => change(null)} /> : <NoneYet />}
      />
    </>
  );
}

/** Whether a payout can be made at all. */
function Account() {
  const account = useQuery(payoutAccountQuery).data;
  if (!account) return null;
  if (!account.connected) {
    return (
      <Note>
        No payout account is connected, so profit stays with the platform, however much it is. Ask whoever runs the
        platform to connect one; what is payable then is paid out at your next renewal.
      </Note>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      Your payout account is connected. All that is payable is paid out at a renewal, from{" "}
      {moneyText(account.threshold_usd)} on.
    </Text>
  );
}

function NoneMatches({ onClear }: { onClear: () => void }) {
  return (
    <NothingMatches title="No payout matches" clears="filters" onClear={onClear}>
      Payouts in other states are listed without the filter.
    </NothingMatches>
  );
}

function NoneYet() {
  return (
    <EmptyState icon={IconTransferOut} title="Nothing paid out yet">
      A payout is scheduled at the renewal at which enough profit is payable, and listed here until it has arrived.
    </EmptyState>
  );
}
