// Platform › Payouts: profit on its way to agencies, and what became of it.
import { Button, Group } from "@mantine/core";
import { IconTransferOut } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { keys } from "../../api/queries";
import { parsePayouts } from "../../app/search";
import { MoneyText, TimeText } from "../../widgets/figures/figures";
import { PayoutFailure, PayoutSettled } from "../../widgets/figures/PayoutEnd";
import { PayoutStateBadge } from "../../widgets/figures/PayoutStateBadge";
import { PageHeader } from "../../widgets/PageHeader";
import { PayoutStateSelect } from "../../widgets/PayoutStateSelect";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { AgencyLink } from "./AgencyLink";
import { isUnderWay, PayoutFailedDialog, PayoutPaidDialog } from "./PayoutDialogs";
import { payoutsPage, type Payout } from "./queries";

const route = getRouteApi("/app/platform/payouts");

interface Settling {
  payout: Payout;
  as: "paid" | "failed";
}

function columnsOf(onSettle: (settling: Settling) => void): Column<Payout>[] {
  return [
    {
      id: "agency",
      header: "Agency",
      size: 110,
      meta: { fixed: true, grows: true },
      cell: ({ row: { original } }) => (
        <AgencyLink id={original.agency.id} name={original.agency.name ?? "Deleted agency"} />
      ),
    },
    {
      id: "amount",
      header: "Amount",
      size: 92,
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
      id: "created_at",
      header: "Scheduled",
      size: 126,
      meta: { wide: true },
      cell: ({ row }) => <TimeText at={row.original.created_at} />,
    },
    {
      id: "settled_at",
      header: "Settled",
      size: 126,
      meta: { wide: true },
      cell: ({ row }) => <PayoutSettled at={row.original.settled_at} />,
    },
    {
      id: "failure",
      header: "Why it failed",
      size: 220,
      meta: { wide: true },
      cell: ({ row }) => <PayoutFailure why={row.original.failure} />,
    },
    {
      id: "settle",
      header: "Settle",
      size: 140,
      meta: { align: "right" },
      cell: ({ row }) => <SettleButtons payout={row.original} onSettle={onSettle} />,
    },
  ];
}

interface SettleButtonsProps {
  payout: Payout;
  onSettle: (settling: Settling) => void;
}

/** What arrived or failed stays as it is. */
function SettleButtons({ payout, onSettle }: SettleButtonsProps) {
  if (!isUnderWay(payout)) return null;
  const whose = payout.agency.name ?? "a deleted agency";
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Mark the payout to ${whose} paid`}
        onClick={() => onSettle({ payout, as: "paid" })}
      >
        Paid
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Mark the payout to ${whose} failed`}
        onClick={() => onSettle({ payout, as: "failed" })}
      >
        Failed
      </Button>
    </Group>
  );
}

const CSV_HEADER = ["id", "agency", "name", "amount_usd", "state", "created_at", "settled_at", "failure"];

function csvCells({ id, agency, amount_usd, state, created_at, settled_at, failure }: Payout) {
  return [id, agency.id, agency.name, amount_usd, state, created_at, settled_at, failure];
}

export function PayoutsPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [settling, setSettling] = useState<Settling | null>(null);
  const columns = useMemo(() => columnsOf(setSettling), []);
  const list = useCursorList([...keys.platform, "payouts", filters], (ask, signal) =>
    payoutsPage(filters, ask, signal),
  );
  const close = () => setSettling(null);
  const { visibility, setVisibility } = useColumnChoice("platform-payouts", columns);
  return (
    <>
      <PageHeader title="Payouts">
        Profit of agencies that renewals put on its way. Send the money, then note here that it arrived or that it did
        not.
      </PageHeader>
      <Toolbar
        filters={
          <PayoutStateSelect
            value={filters.state}
            onChange={(state) => void navigate({ search: parsePayouts({ state }), replace: true })}
          />
        }
        actions={
          <>
            <ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="payouts"
              header={CSV_HEADER}
              cells={csvCells}
              fetchPage={(ask, signal) => payoutsPage(filters, ask, signal)}
            />
          </>
        }
      />
      <DataTable
        label="Payouts"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => <PayoutStateBadge state={row.state} />}
        empty={filters.state ? <NoneMatches onClear={() => void navigate({ search: {} })} /> : <NoneYet />}
      />
      {settling?.as === "paid" && <PayoutPaidDialog payout={settling.payout} onClose={close} />}
      {settling?.as === "failed" && <PayoutFailedDialog payout={settling.payout} onClose={close} />}
    </>
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
    <EmptyState icon={IconTransferOut} title="No payout yet">
      One is scheduled at the renewal of an agency whose payable profit has reached its threshold, if its payout account
      is connected.
    </EmptyState>
  );
}
