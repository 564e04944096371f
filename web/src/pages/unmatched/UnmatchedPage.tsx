import { Alert, Button, Group, Select } from "@mantine/core";
import { IconCheckbox, IconSearchOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { agencyQuery, keys } from "../../api/queries";
import { UNMATCHED_STATES } from "../../app/search";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { countText, durationText } from "../../widgets/format/minutes";
import { PageHeader } from "../../widgets/PageHeader";
import { EmptyState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { AssignDialog } from "./AssignDialog";
import { DismissDialog } from "./DismissDialog";

type Unmatched = Schemas["UnmatchedCall"];
type Choose = (dialog: "assign" | "dismiss", call: Unmatched) => void;

const route = getRouteApi("/app/unmatched");

const STATE_LABELS: Record<Schemas["UnmatchedState"], string> = {
  unmatched: "Waiting",
  charged: "Charged",
  duplicate: "Known already",
  dismissed: "Dismissed",
};

export function UnmatchedPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [chosen, setChosen] = useState<{ dialog: "assign" | "dismiss"; call: Unmatched } | null>(null);
  const list = useCursorList([...keys.unmatched, "list", search], (ask, signal) =>
    unwrap(client.GET("/v1/unmatched_calls", { params: { query: { ...search, ...ask } }, ...(signal && { signal }) })),
  );
  const isWaiting = search.state === undefined;
  const columns = useMemo(
    (): Column<Unmatched>[] => [
      ...COLUMNS,
      isWaiting ? actions((dialog, call) => setChosen({ dialog, call })) : OUTCOME,
    ],
    [isWaiting],
  );
  const { visibility, setVisibility } = useColumnChoice("unmatched", columns);
  const close = () => setChosen(null);
  return (
    <>
      <PageHeader title="Unmatched calls">
        Calls that an engine reported and nobody was charged for: say whose each was, or that it is nobody’s.
      </PageHeader>
      <FullNote waiting={list.total} />
      <Toolbar
        actions={<ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />}
        filters={
          <Select
            size="xs"
            w={170}
            aria-label="State"
            placeholder="Waiting"
            clearable
            data={UNMATCHED_STATES.map((value) => ({ value, label: STATE_LABELS[value] }))}
            value={search.state ?? null}
            onChange={(state) => void navigate({ search: state ? { state } : {}, replace: true })}
          />
        }
      />
      <DataTable
        label="Unmatched calls"
        columns={columns}
        visibility={visibility}
        list={{ ...list, total: null }}
        rowId={(row) => row.id}
        detail={(call) => `${call.connection_name} · ${whyText(call)}`}
        empty={
          isWaiting ? (
            <EmptyState icon={IconCheckbox} title="Nothing waits">
              Every call that your engines reported was charged to somebody.
            </EmptyState>
          ) : (
            <EmptyState icon={IconSearchOff} title="None of this kind">
              What engines report stays in these lists, with what became of it.
            </EmptyState>
          )
        }
      />
      {chosen?.dialog === "assign" && <AssignDialog call={chosen.call} onClose={close} />}
      {chosen?.dialog === "dismiss" && <DismissDialog call={chosen.call} onClose={close} />}
    </>
  );
}

/** As many wait as may: what else comes of nobody is sent back. */
function FullNote({ waiting }: { waiting: number | null }) {
  const agency = useQuery(agencyQuery).data;
  if (waiting === null || !agency || !("limits" in agency)) return null;
  const most = agency.limits.unmatched_calls;
  if (waiting < most) return null;
  return (
    <Alert role="status" color="orange" mb="md" title={`${countText(most)} calls wait, and no more may`}>
      Engines are told to send calls of nobody again later. Assign or dismiss some; calls whose account is known are
      charged all the while.
    </Alert>
  );
}

/** Why it waits, in a few words. */
function whyText({ code, field, detail }: Unmatched): string {
  if (code === "unknown_subaccount") return "Whose it is, nothing tells";
  return [field, detail].filter(Boolean).join(": ") || "Settled";
}

const COLUMNS: Column<Unmatched>[] = [
  {
    id: "started",
    header: "Started",
    size: 140,
    meta: { fixed: true, grows: true },
    cell: ({ row }) => <TimeText at={row.original.started_at ?? row.original.received_at} />,
  },
  {
    id: "engine",
    header: "Engine",
    size: 120,
    meta: { wide: true },
    cell: ({ row }) => <span title={row.original.connection_name}>{row.original.connection_name}</span>,
  },
  {
    id: "numbers",
    header: "From, to",
    size: 190,
    meta: { wide: true },
    cell: ({ row: { original: call } }) =>
      call.from || call.to ? `${call.from ?? "?"} → ${call.to ?? "?"}` : <Nothing label="no numbers" />,
  },
  {
    id: "talk",
    header: "Talk",
    size: 76,
    meta: { align: "right", wide: true },
    cell: ({ row }) => durationText(row.original.duration_seconds),
  },
  {
    id: "why",
    header: "Why",
    size: 260,
    meta: { wide: true },
    cell: ({ row }) => <span title={row.original.detail ?? ""}>{whyText(row.original)}</span>,
  },
];

const OUTCOME: Column<Unmatched> = {
  id: "outcome",
  header: "Became",
  size: 200,
  cell: ({ row: { original: call } }) => call.note ?? STATE_LABELS[call.state],
};

function actions(onChoose: Choose): Column<Unmatched> {
  return {
    id: "actions",
    header: "Decide",
    size: 176,
    meta: { fixed: true, align: "right" },
    cell: ({ row: { original: call } }) => {
      const name = call.external_id ?? "a call";
      return (
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Assign ${name}`}
            onClick={() => onChoose("assign", call)}
          >
            Assign…
          </Button>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Dismiss ${name}`}
            onClick={() => onChoose("dismiss", call)}
          >
            Dismiss…
          </Button>
        </Group>
      );
    },
  };
}
