// Who did what, from where, with what was before and after.
import { IconHistory } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { keys } from "../../api/queries";
import { parseAudit, type AuditSearch } from "../../app/search";
import { useZone } from "../../app/session";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { PageHeader } from "../../widgets/PageHeader";
import { instantText } from "../../widgets/format/time";
import { rangeInstants } from "../../widgets/range/range";
import { useNow } from "../../widgets/useNow";
import { RangePicker } from "../../widgets/range/RangePicker";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { actionText, actorText, changeSummary, targetText } from "./actions";
import { AuditEventDrawer } from "./AuditEventDrawer";
import { ActionSelect, ActorSelect, TargetSelect } from "./filters";
import { AUDIT_CSV_HEADER, auditCsvCells, auditPage, type AuditEvent } from "./queries";

const route = getRouteApi("/app/audit");

const COLUMNS: Column<AuditEvent>[] = [
  { id: "at", header: "Time", size: 118, meta: { fixed: true }, cell: ({ row }) => <TimeText at={row.original.at} /> },
  { id: "actor", header: "Who", size: 150, meta: { wide: true }, cell: ({ row }) => <Who event={row.original} /> },
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

function Who({ event }: { event: AuditEvent }) {
  const text = actorText(event.actor);
  return <span title={text}>{text}</span>;
}

function Change({ event }: { event: AuditEvent }) {
  const zone = useZone();
  const summary = changeSummary(event, (instant) => instantText(instant, zone));
  return summary === "" ? <Nothing /> : <span title={summary}>{summary}</span>;
}

function Target({ target }: Pick<AuditEvent, "target">) {
  const name = targetText(target);
  if (!target || name === null) return <Nothing />;
  return target.id.startsWith("sub_") ? (
    <SubaccountLink id={target.id} name={name} />
  ) : (
    <span title={name}>{name}</span>
  );
}

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const zone = useZone();
  const now = useNow();
  const [opened, setOpened] = useState<AuditEvent | null>(null);
  const { range = "30d", since, until, ...filters } = search;
  const query = { ...filters, ...rangeInstants({ range, ...(since && until && { since, until }) }, zone, now) };
  const list = useCursorList([...keys.audit, query], (ask, signal) => auditPage(query, ask, signal));
  const { visibility, setVisibility } = useColumnChoice("audit", COLUMNS);
  const change = (changed: Partial<Record<keyof AuditSearch, string | null>>) =>
    void navigate({ search: parseAudit({ ...search, ...changed }), replace: true });

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
            <ActorSelect value={filters.actor ?? null} onChange={(actor) => change({ actor })} />
            <ActionSelect value={filters.action ?? null} onChange={(action) => change({ action })} />
            <TargetSelect value={filters.target ?? null} onChange={(target) => change({ target })} />
          </>
        }
        actions={
          <>
            <ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="audit"
              header={AUDIT_CSV_HEADER}
              cells={auditCsvCells}
              fetchPage={(ask, signal) => auditPage(query, ask, signal)}
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
        detail={(row) => actorText(row.actor)}
        empty={<NoEvents filtered={Object.keys(filters).length > 0} onClear={() => void navigate({ search: {} })} />}
      />
      {opened && (
        <AuditEventDrawer
          event={opened}
          onClose={() => setOpened(null)}
          onFilter={(filter) => {
            setOpened(null);
            change(filter);
          }}
        />
      )}
    </>
  );
}

function NoEvents({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <NothingMatches title="No event matches" clears="filters" onClear={onClear}>
      Nothing in this range fits these filters.
    </NothingMatches>
  ) : (
    <EmptyState icon={IconHistory} title="Nothing happened in this range">
      Choose a longer range to see older events.
    </EmptyState>
  );
}
