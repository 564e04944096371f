// Platform › Jobs: what waits for its time, what was given up and why, and trying it again.
import { Button, SegmentedControl, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCircleCheck } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, LIVE_MS } from "../../api/queries";
import { parseJobs, type JobsSearch } from "../../app/search";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import { countText } from "../../widgets/format/minutes";
import { PageHeader } from "../../widgets/PageHeader";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import type { PageRequest } from "../../widgets/table/paging";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { AgencyLink } from "./AgencyLink";
import { jobKindText } from "./jobKinds";
import classes from "./PlatformPage.module.css";

type Job = Schemas["Job"];

const route = getRouteApi("/app/platform/jobs");

const kindsQuery = queryOptions({
  queryKey: [...keys.platform, "job_kinds"],
  queryFn: async ({ signal }) => (await unwrap(client.GET("/v1/platform/job_kinds", { signal }))).data,
  refetchInterval: LIVE_MS,
});

function jobsPage(filters: JobsSearch, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/platform/jobs", { params: { query }, ...(signal && { signal }) }));
}

const COLUMNS: Column<Job>[] = [
  {
    id: "kind",
    header: "Job",
    size: 130,
    meta: { fixed: true, grows: true },
    cell: ({ row }) => jobKindText(row.original.kind),
  },
  {
    id: "agency",
    header: "Agency",
    size: 170,
    meta: { wide: true },
    cell: ({ row: { original } }) =>
      original.agency === null ? (
        <Nothing label="the platform's own" />
      ) : (
        <AgencyLink id={original.agency.id} name={original.agency.name ?? "Deleted agency"} />
      ),
  },
  {
    id: "state",
    header: "State",
    size: 104,
    cell: ({ row }) => <JobState job={row.original} />,
  },
  {
    id: "due_at",
    header: "Due",
    size: 170,
    meta: { wide: true },
    cell: ({ row }) => <TimeText at={row.original.due_at} />,
  },
  {
    id: "reason",
    header: "Why it failed",
    size: 320,
    meta: { wide: true },
    cell: ({ row: { original } }) =>
      original.last_error === null ? (
        <Nothing label="it did not" />
      ) : (
        <Text inherit component="span" title={original.last_error}>
          {original.last_error}
        </Text>
      ),
  },
  {
    id: "retry",
    header: "Retry",
    size: 104,
    meta: { align: "right" },
    cell: ({ row }) => <Retry job={row.original} />,
  },
];

function JobState({ job: { state, tries } }: { job: Job }) {
  if (state === "dead") return <StatusBadge label="Given up" tone="bad" />;
  if (tries > 0) return <StatusBadge label={`Failed ${countText(tries)}×`} tone="warn" />;
  return <StatusBadge label="Waiting" tone="quiet" />;
}

/** Only what failed: all else is done when its time comes. */
function Retry({ job }: { job: Job }) {
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () =>
      unwrap(client.POST("/v1/platform/jobs/{job}/retry", { params: { path: { job: job.id }, header: {} } })),
    onSuccess: () => {
      notifications.show({ id: job.id, message: `${jobKindText(job.kind)}: it is tried again now.` });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
    },
    onError: (error) => notifications.show({ id: job.id, color: "red", message: error.message }),
  });
  if (job.state !== "dead" && job.tries === 0) return null;
  const whose = job.agency?.name ?? "the platform";
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={retry.isPending}
      aria-label={`Try again: ${jobKindText(job.kind)}, ${whose}`}
      onClick={() => retry.mutate()}
    >
      Try again
    </Button>
  );
}

export function JobsPage() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useCursorList([...keys.platform, "jobs", filters], (ask, signal) => jobsPage(filters, ask, signal));
  const { visibility, setVisibility } = useColumnChoice("jobs", COLUMNS);
  return (
    <>
      <PageHeader title="Jobs">What time causes: renewals and the like. What was done is gone from here.</PageHeader>
      <div className={classes.page}>
        <Kinds />
      </div>
      <Toolbar
        actions={<ColumnChooser columns={COLUMNS} visibility={visibility} onChange={setVisibility} />}
        filters={
          <SegmentedControl
            size="xs"
            aria-label="State"
            data={[
              { value: "", label: "All" },
              { value: "waiting", label: "Waiting" },
              { value: "dead", label: "Given up" },
            ]}
            value={filters.state ?? ""}
            onChange={(state) => void navigate({ search: parseJobs({ ...filters, state }), replace: true })}
          />
        }
      />
      <DataTable
        label="Jobs"
        columns={COLUMNS}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={(row) => row.last_error ?? row.agency?.name ?? ""}
        empty={
          <EmptyState icon={IconCircleCheck} title={filters.state === "dead" ? "Nothing was given up" : "No job waits"}>
            A job that fails is tried again by itself for some hours before it is given up.
          </EmptyState>
        }
      />
    </>
  );
}

function Kinds() {
  const kinds = useQuery(kindsQuery);
  if (kinds.isError) return <ErrorState error={kinds.error} onRetry={() => void kinds.refetch()} />;
  return (
    <FactStrip label="Jobs by kind" isPending={!kinds.data}>
      {kinds.data?.map(({ kind, waiting, due, dead }) => (
        <Fact key={kind} label={jobKindText(kind)} hint={`${countText(due)} due now, ${countText(dead)} given up`}>
          {countText(waiting)}
        </Fact>
      ))}
    </FactStrip>
  );
}
