// Platform › Agencies: every agency on one page, however many there are.
import { Select } from "@mantine/core";
import { IconBuildingCommunity } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { keys } from "../../api/queries";
import { AGENCY_STATUSES, parseAgencies, type AgenciesSearch } from "../../app/search";
import { PageHeader } from "../../widgets/PageHeader";
import { SearchInput } from "../../widgets/SearchInput";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable } from "../../widgets/table/DataTable";
import { ListCount } from "../../widgets/table/ListCount";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { AGENCY_STATUS_LABELS } from "./AgencyStatusBadge";
import { AGENCY_COLUMNS, AGENCY_CSV_HEADER, agencyCsvCells } from "./columns";
import { agenciesPage, plansQuery } from "./queries";

const route = getRouteApi("/app/platform/agencies");

export function AgenciesPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const openPage = useNavigate();
  const plans = useQuery(plansQuery).data ?? [];
  const list = useCursorList([...keys.platform, "agencies", filters], (ask, signal) =>
    agenciesPage(filters, ask, signal),
  );
  const { visibility, setVisibility } = useColumnChoice("agencies", AGENCY_COLUMNS);
  const change = (changed: Partial<Record<keyof AgenciesSearch, string | null>>) =>
    void navigate({ search: parseAgencies({ ...filters, ...changed }), replace: true });
  return (
    <>
      <PageHeader title="Agencies" beside={<ListCount total={list.total} />} />
      <Toolbar
        search={
          <SearchInput label="Search name, owner's email" value={filters.q ?? ""} onChange={(q) => change({ q })} />
        }
        filters={
          <>
            <Select
              size="xs"
              w={140}
              aria-label="Status"
              placeholder="Any status"
              clearable
              data={AGENCY_STATUSES.map((value) => ({ value, label: AGENCY_STATUS_LABELS[value] }))}
              value={filters.status ?? null}
              onChange={(status) => change({ status })}
            />
            <Select
              size="xs"
              w={170}
              aria-label="Plan"
              placeholder="Any plan"
              clearable
              data={plans.map(({ plan }) => ({ value: plan.code, label: plan.name }))}
              value={filters.plan ?? null}
              onChange={(plan) => change({ plan })}
            />
          </>
        }
        actions={
          <>
            <ColumnChooser columns={AGENCY_COLUMNS} visibility={visibility} onChange={setVisibility} />
            <ExportButton
              name="agencies"
              header={AGENCY_CSV_HEADER}
              cells={agencyCsvCells}
              fetchPage={(ask) => agenciesPage(filters, ask)}
            />
          </>
        }
      />
      <DataTable
        label="Agencies"
        columns={AGENCY_COLUMNS}
        list={list}
        rowId={(row) => row.id}
        sort={filters.sort ?? "name"}
        onSort={(sort) => change({ sort })}
        visibility={visibility}
        onOpen={({ id }) => void openPage({ to: "/platform/agencies/$agency", params: { agency: id } })}
        detail={(row) => row.owner.email ?? row.plan.name}
        empty={
          (filters.q ?? filters.status ?? filters.plan) ? (
            <NoneMatches onClear={() => void navigate({ search: {} })} />
          ) : (
            <NoneYet />
          )
        }
      />
    </>
  );
}

function NoneMatches({ onClear }: { onClear: () => void }) {
  return (
    <NothingMatches title="No agency matches" clears="search and filters" onClear={onClear}>
      Search looks at the agency&apos;s name and its owner&apos;s email.
    </NothingMatches>
  );
}

function NoneYet() {
  return (
    <EmptyState icon={IconBuildingCommunity} title="No agency yet">
      The first one is made by the set-up link that the server prints, or by <code>minutebank init</code>.
    </EmptyState>
  );
}
