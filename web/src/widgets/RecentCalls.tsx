import { Skeleton, Stack, Table } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Schemas } from "../api/client";
import { durationText } from "./format/minutes";
import { CallStatusBadge } from "./figures/StatusBadge";
import { MoneyText, TimeText } from "./figures/figures";
import classes from "./RecentCalls.module.css";
import { ErrorState, EmptyState } from "./states/states";
import { SubaccountLink } from "./SubaccountLink";
import { IconPhoneIncoming, IconPhoneOutgoing } from "@tabler/icons-react";

interface RecentCallsProps {
  query: UseQueryResult<Schemas["CallList"]>;
  /** Leaves out whose call it was. */
  ofOneAccount?: boolean;
}

export function RecentCalls({ query, ofOneAccount = false }: RecentCallsProps) {
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) {
    return (
      <Stack gap={20} p="md" aria-hidden="true">
        {Array.from({ length: 6 }, (_, row) => (
          <Skeleton key={row} height={12} />
        ))}
      </Stack>
    );
  }
  if (query.data.data.length === 0) {
    return (
      <EmptyState icon={IconPhoneIncoming} title="No calls yet">
        They show up here as soon as your voice engine posts them, or after a call-detail file is imported.
      </EmptyState>
    );
  }
  return (
    <Table className={`${classes.table ?? ""} figures`} aria-label="Recent calls">
      <Table.Thead className={classes.head}>
        <Table.Tr>
          <Table.Th>Call</Table.Th>
          <Table.Th className={`${classes.wide ?? ""} ${classes.status ?? ""}`}>Status</Table.Th>
          <Table.Th ta="right" className={classes.figure}>
            Billed
          </Table.Th>
          <Table.Th ta="right" className={classes.figure}>
            Spent
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {query.data.data.map((call) => (
          <Row key={call.id} call={call} ofOneAccount={ofOneAccount} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ call, ofOneAccount }: { call: Schemas["Call"]; ofOneAccount: boolean }) {
  const inbound = call.direction === "inbound";
  const Direction = inbound ? IconPhoneIncoming : IconPhoneOutgoing;
  const other = inbound ? call.from : call.to;
  return (
    <Table.Tr>
      <Table.Td>
        <div className={classes.call}>
          <Direction size={15} stroke={1.6} aria-label={inbound ? "Inbound" : "Outbound"} />
          <div className={classes.who}>
            {ofOneAccount ? (
              (other ?? "Unknown number")
            ) : (
              <SubaccountLink id={call.subaccount} name={call.subaccount_name} />
            )}
            <small>
              <TimeText at={call.started_at} />
            </small>
          </div>
        </div>
      </Table.Td>
      <Table.Td className={classes.wide}>
        <CallStatusBadge status={call.status} />
      </Table.Td>
      <Table.Td ta="right">{durationText(call.billed_seconds)}</Table.Td>
      <Table.Td ta="right">
        <MoneyText usd={call.spent_usd} />
      </Table.Td>
    </Table.Tr>
  );
}
