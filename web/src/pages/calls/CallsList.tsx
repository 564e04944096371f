// Calls, of one account or of all: filters in the address, one call open beside the list.
import { Select, Text } from "@mantine/core";
import { IconPhoneCall } from "@tabler/icons-react";
import { callsPage, keys } from "../../api/queries";
import { CALL_STATUSES, DIRECTIONS, parseCalls, TIERS, type CallsSearch } from "../../app/search";
import { useZone } from "../../app/session";
import { CALL_CSV_HEADER, callColumns, callCsvCells, callDetail } from "../../widgets/CallTable";
import { CALL_STATUS_LABELS } from "../../widgets/figures/StatusBadge";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { rangeInstants } from "../../widgets/range/range";
import { useNow } from "../../widgets/useNow";
import { RangePicker } from "../../widgets/range/RangePicker";
import { SearchInput } from "../../widgets/SearchInput";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable } from "../../widgets/table/DataTable";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { CallDrawer } from "./CallDrawer";
import classes from "./CallsList.module.css";

type FilterName = "status" | "direction" | "tier";

const FILTERS: { name: FilterName; label: string; any: string; data: { value: string; label: string }[] }[] = [
  {
    name: "status",
    label: "Status",
    any: "Any status",
    data: CALL_STATUSES.map((value) => ({ value, label: CALL_STATUS_LABELS[value] })),
  },
  {
    name: "direction",
    label: "Direction",
    any: "In and out",
    data: DIRECTIONS.map((value) => ({ value, label: value === "inbound" ? "Inbound" : "Outbound" })),
  },
  { name: "tier", label: "Tier", any: "Any tier", data: TIERS.map((value) => ({ value, label: TIER_LABELS[value] })) },
];

interface CallsListProps {
  subaccount?: string;
  search: CallsSearch;
  onSearch: (search: CallsSearch) => void;
}

export function CallsList({ subaccount, search, onSearch }: CallsListProps) {
  const zone = useZone();
  const now = useNow();
  const { range = search.since ? undefined : "30d", since, until, call, ...filters } = search;
  const query = {
    ...filters,
    ...(subaccount && { subaccount }),
    ...rangeInstants({ ...(range && { range }), ...(since && until && { since, until }) }, zone, now),
  };
  const list = useCursorList([...keys.calls, "list", query], (ask, signal) => callsPage(query, ask, signal));
  const columns = callColumns(subaccount !== undefined);
  const { visibility, setVisibility } = useColumnChoice(subaccount ? "account-calls" : "calls", columns);
  const change = (changed: Partial<Record<keyof CallsSearch, string | null>>) =>
    onSearch(parseCalls({ ...search, ...changed }));

  return (
    <>
      <div className={classes.tools}>
        <Toolbar
          search={
            <SearchInput label="Search number, id, summary" value={search.q ?? ""} onChange={(q) => change({ q })} />
          }
          filters={
            <>
              <RangePicker
                value={search}
                fallback="30d"
                onChange={(chosen) => change({ range: null, since: null, until: null, ...chosen })}
              />
              {FILTERS.map((filter) => (
                <Select
                  key={filter.name}
                  size="xs"
                  w={128}
                  aria-label={filter.label}
                  placeholder={filter.any}
                  clearable
                  data={filter.data}
                  value={search[filter.name] ?? null}
                  onChange={(value) => change({ [filter.name]: value })}
                />
              ))}
            </>
          }
          actions={
            <>
              <ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />
              <ExportButton
                name="calls"
                header={[...CALL_CSV_HEADER]}
                cells={callCsvCells}
                fetchPage={(ask, signal) => callsPage(query, ask, signal)}
              />
            </>
          }
        />
      </div>
      <DataTable
        label="Calls"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        onOpen={(row) => change({ call: row.id })}
        opensByButton
        detail={(row) => callDetail(row, subaccount !== undefined)}
        empty={<NoCalls filtered={Object.keys(filters).length > 0} onClear={() => onSearch(range ? { range } : {})} />}
      />
      {call && <CallDrawer id={call} onClose={() => change({ call: null })} />}
    </>
  );
}

function NoCalls({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <NothingMatches title="No call matches" clears="search and filters" onClear={onClear}>
      Nothing in this range fits. Try a longer range or fewer filters.
    </NothingMatches>
  ) : (
    <EmptyState icon={IconPhoneCall} title="No calls in this range">
      Choose a longer range, or let your engine post calls to{" "}
      <Text span inherit ff="monospace">
        POST /v1/calls
      </Text>{" "}
      with an API key.
    </EmptyState>
  );
}
