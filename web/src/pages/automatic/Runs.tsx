// The months of an allocation that came due, and what came of each.
import { Table } from "@mantine/core";
import { IconCalendarRepeat } from "@tabler/icons-react";
import type { Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { MinutesText, Nothing, TimeText } from "../../widgets/figures/figures";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import { ShowOlder } from "../../widgets/table/ShowOlder";
import { useCursorList } from "../../widgets/table/useCursorList";
import classes from "./AutomaticPage.module.css";
import { allocationRunsPage } from "./queries";
import { monthText, reasonText, RUN_STATES } from "./words";

type Run = Schemas["AllocationRun"];

export function Runs({ id }: { id: string }) {
  const list = useCursorList([...keys.automatic, "runs", id], (ask, signal) => allocationRunsPage(id, ask, signal));
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Waiting rows={3} />;
  if (list.rows.length === 0) {
    return (
      <EmptyState icon={IconCalendarRepeat} title="No month has come due yet">
        Each month that does is listed here, with what came of it.
      </EmptyState>
    );
  }
  return (
    <>
      <Table className={`${classes.table ?? ""} figures`} aria-label="Months">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Month</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Premium</Table.Th>
            <Table.Th ta="right" className={classes.wide}>
              Basic
            </Table.Th>
            <Table.Th ta="right" className={classes.wide}>
              Settled
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.rows.map((run) => (
            <Row key={run.month} run={run} />
          ))}
        </Table.Tbody>
      </Table>
      <ShowOlder list={list} className={classes.more} />
    </>
  );
}

function Row({ run }: { run: Run }) {
  const [label, tone] = RUN_STATES[run.state];
  return (
    <Table.Tr>
      <Table.Th scope="row">
        {monthText(run.month)}
        {run.reason && <small>{reasonText(run.reason)}</small>}
      </Table.Th>
      <Table.Td>
        <StatusBadge label={label} tone={tone} />
      </Table.Td>
      <Table.Td ta="right">
        <MinutesText seconds={run.premium_seconds} />
      </Table.Td>
      <Table.Td ta="right" className={classes.wide}>
        <MinutesText seconds={run.basic_seconds} />
      </Table.Td>
      <Table.Td ta="right" className={classes.wide}>
        {run.settled_at ? <TimeText at={run.settled_at} /> : <Nothing label="not yet" />}
      </Table.Td>
    </Table.Tr>
  );
}
