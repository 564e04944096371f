// What became of each account; of ten thousand, only those in sight exist, and each hears of its own outcome alone.
import { Text } from "@mantine/core";
import { useDeferredValue, useMemo, useSyncExternalStore } from "react";
import type { Schemas } from "../../../api/client";
import { StatusBadge, type Tone } from "../../../widgets/figures/StatusBadge";
import type { CsvCell } from "../../../widgets/table/csv";
import { DataTable, type Column } from "../../../widgets/table/DataTable";
import type { CursorList } from "../../../widgets/table/useCursorList";
import { useNarrow } from "../../../widgets/useNarrow";
import { OUTCOMES, type BulkRun, type Outcome, type OutcomeState, type Progress } from "./run";
import classes from "./RunDialog.module.css";

interface ResultRow {
  index: number;
  account: Schemas["Subaccount"];
}

const LABELS: Record<OutcomeState, [label: string, tone: Tone]> = {
  waiting: ["Not begun", "quiet"],
  running: ["Under way", "accent"],
  done: ["Done", "good"],
  refused: ["Refused", "bad"],
  unanswered: ["No answer", "warn"],
  skipped: ["Left out", "quiet"],
};

interface ResultsProps {
  run: BulkRun;
  progress: Progress;
  states: readonly OutcomeState[];
}

export function Results({ run, progress, states }: ResultsProps) {
  // All of them stay what they are; those of one outcome become more as the run goes on, and may lag behind.
  const isAll = states === OUTCOMES;
  const counted = useDeferredValue(isAll ? null : progress);
  const rows = useMemo(
    () => run.indices(states).flatMap((index) => rowOf(run, index)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [run, states, counted],
  );
  const columns = useMemo(
    (): Column<ResultRow>[] => [
      {
        id: "name",
        header: "Sub-account",
        size: 220,
        meta: { fixed: true },
        cell: ({ row }) => <span title={row.original.account.email}>{row.original.account.name}</span>,
      },
      {
        id: "state",
        header: "Result",
        size: 110,
        cell: ({ row }) => <State run={run} index={row.original.index} />,
      },
      {
        id: "reason",
        header: "Why",
        size: 300,
        meta: { grows: true },
        cell: ({ row }) => <Reason run={run} index={row.original.index} />,
      },
    ],
    [run],
  );
  const narrow = useNarrow();
  const list = useMemo(() => allOf(rows), [rows]);
  return (
    <div className={classes.results}>
      <DataTable
        label="Results"
        columns={columns}
        list={list}
        rowId={(row) => row.account.id}
        visibility={{ reason: !narrow }}
        detail={(row) => <Reason run={run} index={row.index} />}
        empty={
          <Text size="sm" c="dimmed" p="md">
            None.
          </Text>
        }
      />
    </div>
  );
}

function rowOf(run: BulkRun, index: number): ResultRow[] {
  const task = run.tasks[index];
  return task ? [{ index, account: task.account }] : [];
}

function allOf(rows: ResultRow[]): CursorList<ResultRow> {
  const nothing = () => undefined;
  return {
    rows,
    total: rows.length,
    isPending: false,
    isFetchingMore: false,
    isStale: false,
    error: null,
    hasMore: false,
    fetchMore: nothing,
    retry: nothing,
  };
}

function useOutcome({ run, index }: { run: BulkRun; index: number }): Outcome {
  return useSyncExternalStore(run.subscribe, () => run.outcome(index));
}

function State(place: { run: BulkRun; index: number }) {
  const [label, tone] = LABELS[useOutcome(place).state];
  return <StatusBadge label={label} tone={tone} />;
}

function Reason(place: { run: BulkRun; index: number }) {
  const { reason } = useOutcome(place);
  return reason && <span className={classes.reason}>{reason}</span>;
}

export const RESULTS_HEADER = ["id", "name", "email", "result", "reason"];

export async function* resultPages(run: BulkRun): AsyncGenerator<CsvCell[][]> {
  yield await Promise.resolve(
    run.tasks.map(({ account }, index) => {
      const { state, reason } = run.outcome(index);
      return [account.id, account.name, account.email, state, reason];
    }),
  );
}
