import { Table } from "@mantine/core";
import { IconBuildingCommunity, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DayText, MoneyText } from "../../widgets/figures/figures";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import { AgencyLink } from "./AgencyLink";
import classes from "./PlatformPage.module.css";
import { dayOf, firstAgenciesQuery, type AgencyRow } from "./queries";

const SHOWN = 5;

/** Those whose credit is furthest below zero, with what they owe. */
export function Debtors() {
  const few = useQuery(firstAgenciesQuery("credit_usd", SHOWN));
  return (
    <Few
      label="Owe the most"
      heading="Credit"
      query={few}
      rows={few.data?.filter(({ credit_usd }) => credit_usd.startsWith("-"))}
      figure={(row) => <MoneyText usd={row.credit_usd} />}
      empty={
        <EmptyState icon={IconCircleCheck} title="No agency owes anything">
          Agencies that sold minutes themselves owe the platform base price until they settle.
        </EmptyState>
      }
    />
  );
}

export function Newest() {
  const few = useQuery(firstAgenciesQuery("-created_at", SHOWN));
  return (
    <Few
      label="Newest"
      heading="Since"
      query={few}
      rows={few.data}
      figure={(row) => <DayText day={dayOf(row)} />}
      empty={
        <EmptyState icon={IconBuildingCommunity} title="No agency yet">
          The first one is made by the set-up link that the server prints.
        </EmptyState>
      }
    />
  );
}

interface FewProps {
  label: string;
  heading: string;
  query: { isError: boolean; error: Error | null; refetch: () => unknown };
  rows: AgencyRow[] | undefined;
  figure: (row: AgencyRow) => ReactNode;
  empty: ReactNode;
}

function Few({ label, heading, query, rows, figure, empty }: FewProps) {
  if (!rows) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Waiting rows={SHOWN} />
    );
  }
  if (rows.length === 0) return empty;
  return (
    <Table className={`${classes.table ?? ""} ${classes.fixed ?? ""} figures`} aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Agency</Table.Th>
          <Table.Th ta="right" className={classes.figure}>
            {heading}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Th scope="row">
              <div className={classes.text}>
                <AgencyLink id={row.id} name={row.name} />
                <small>{row.owner.email ?? row.plan.name}</small>
              </div>
            </Table.Th>
            <Table.Td ta="right">{figure(row)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
