// Who did what, from where, with what was before and after.
import { Button, Select } from "@mantine/core";
import { IconHistory, IconSearchOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import type { AuditSearch } from "../../app/search";
import { useMe, useZone } from "../../app/session";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { PageHeader } from "../../widgets/PageHeader";
import { rangeInstants, type RangeSearch } from "../../widgets/range/range";
import { useNow } from "../../widgets/useNow";
import { RangePicker } from "../../widgets/range/RangePicker";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { EmptyState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import type { CsvCell } from "../../widgets/table/csv";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import type { PageRequest } from "../../widgets/table/paging";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { ACTION_LABELS, actionText, changeSummary } from "./actions";
import { AuditEventDrawer } from "./AuditEventDrawer";

type AuditEvent = Schemas["AuditEvent"];

const route = getRouteApi("/app/audit");

const COLUMNS: Column<AuditEvent>[] = [
  { id: "at", header: "Time", size: 118, meta: { fixed: true }, cell: ({ row }) => <TimeText at={row.original.at} /> },
  { id: "actor", header: "Who", size: 150, meta: { wide: true }, cell: ({ row }) => row.original.actor.name },
  { id: "action", header: "Did", size: 200, cell: ({ row }) => actionText(row.original.action) },
  {
    id: "target",
    header: "To",
    size: 190,
    meta: { wide: true },
    cell: ({ row }) => <Target target={row.original.target} />,
  },
  {
    id: "change",
    header: "Change",
    size: 260,
    meta: { wide: true, grows: true },
    cell: ({ row }) => <Change event={row.original} />,
  },
  { id: "ip", header: "From", size: 130, meta: { wide: true }, cell: ({ row }) => row.original.ip ?? <Nothing /> },
];

function Change({ event }: { event: AuditEvent }) {
  const summary = changeSummary(event);
  return summary === "" ? <Nothing /> : <span title={summary}>{summary}</span>;
}

/** What it was done to; a session has no name that would tell anybody anything. */
function Target({ target }: Pick<AuditEvent, "target">) {
  if (!target || (target.name === null && target.id.startsWith("ses_"))) return <Nothing />;
  const name = target.name ?? target.id;
  return target.id.startsWith("sub_") ? (
    <SubaccountLink id={target.id} name={name} />
  ) : (
    <span title={name}>{name}</span>
  );
}

const CSV: [string, (event: AuditEvent) => CsvCell][] = [
  ["id", (event) => event.id],
  ["at", (event) => event.at],
  ["actor", (event) => event.actor.name],
  ["actor_id", (event) => event.actor.id],
  ["action", (event) => event.action],
  ["target_id", (event) => event.target?.id ?? null],
  ["target", (event) => event.target?.name ?? null],
  ["ip", (event) => event.ip],
  ["user_agent", (event) => event.user_agent],
  ["request_id", (event) => event.request_id],
  ["before", (event) => event.before && JSON.stringify(event.before)],
  ["after", (event) => event.after && JSON.stringify(event.after)],
];

type Filters = Omit<AuditSearch, keyof RangeSearch> & { from?: string; to?: string };

function auditPage(filters: Filters, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/audit_events", { params: { query }, ...(signal && { signal }) }));
}

export function AuditPage() {
  const me = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const [opened, setOpened] = useState<AuditEvent | null>(null);
  const { range = "30d", since, until, ...filters } = search;
  const query = { ...filters, ...rangeInstants(since && until ? { since, until } : { range }, zone, now) };
  const list = useCursorList([...keys.audit, query], (ask, signal) => auditPage(query, ask, signal));
  const { visibility, setVisibility } = useColumnChoice("audit", COLUMNS);
  const change = (changed: Partial<Record<keyof AuditSearch, string | null>>) =>
    void navigate({
      search: Object.fromEntries(Object.entries({ ...search, ...changed }).filter(([, value]) => value !== null)),
      replace: true,
    });

  return (
    <>
      <PageHeader title="Audit">Everything that people and machines changed. Nothing here can be edited.</PageHeader>
      <Toolbar
        filters={
          <>
            <RangePicker
              value={search}
              fallback="30d"
              onChange={(chosen) => change({ range: null, since: null, until: null, ...chosen })}
            />
            <Select
              size="xs"
              w={200}
              aria-label="Action"
              placeholder="Any action"
              clearable
              searchable
              data={Object.entries(ACTION_LABELS).map(([value, label]) => ({ value, label }))}
              value={filters.action ?? null}
              onChange={(action) => change({ action })}
            />
            <Select
              size="xs"
              w={140}
              aria-label="Who"
              placeholder="Anybody"
              clearable
              data={[{ value: me.user.id, label: "You" }]}
              value={filters.actor ?? null}
              onChange={(actor) => change({ actor })}
            />
          </>
        }
        actions={
          <>
            <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="audit"
              header={CSV.map(([header]) => header)}
              cells={(event: AuditEvent) => CSV.map(([, cell]) => cell(event))}
              fetchPage={(ask) => auditPage(query, ask)}
            />
          </>
        }
      />
      <DataTable
        label="Audit events"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        onOpen={setOpened}
        opensByButton
        detail={(row) => row.actor.name}
        empty={<NoEvents filtered={Object.keys(filters).length > 0} onClear={() => void navigate({ search: {} })} />}
      />
      {opened && <AuditEventDrawer event={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function NoEvents({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <EmptyState
      icon={IconSearchOff}
      title="No event matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      Nothing in this range fits these filters.
    </EmptyState>
  ) : (
    <EmptyState icon={IconHistory} title="Nothing happened in this range">
      Choose a longer range to see older events.
    </EmptyState>
  );
}
