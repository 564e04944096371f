import { Table } from "@mantine/core";
import { IconCash } from "@tabler/icons-react";
import { MoneyText, Nothing, TimeText } from "../../widgets/figures/figures";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import { ShowOlder } from "../../widgets/table/ShowOlder";
import classes from "./PlatformPage.module.css";
import { useSettlements, type Settlement } from "./queries";

export function Settlements({ agency }: { agency: string }) {
  const list = useSettlements(agency);
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Waiting />;
  if (list.rows.length === 0) {
    return (
      <EmptyState icon={IconCash} title="Nothing settled yet">
        What the agency pays the platform is listed here once somebody records it.
      </EmptyState>
    );
  }
  return (
    <>
      <Table
        className={`${classes.table ?? ""} ${classes.fixed ?? ""} ${classes.settlements ?? ""} figures`}
        aria-label="Settlements"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Settlement</Table.Th>
            <Table.Th ta="right" className={classes.figure}>
              Amount
            </Table.Th>
            <Table.Th ta="right" className={`${classes.figure ?? ""} ${classes.wide ?? ""}`}>
              Credit after
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
      <ShowOlder list={list} className={classes.more} />
    </>
  );
}

function Row({ row }: { row: Settlement }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.note}>
        {row.note ?? <Nothing label="no reference" />}
        <small>
          <TimeText at={row.settled_at} />, by {row.settled_by.name}
        </small>
      </Table.Th>
      <Table.Td ta="right">
        <MoneyText usd={row.amount_usd} />
      </Table.Td>
      <Table.Td ta="right" className={classes.wide}>
        <MoneyText usd={row.credit_usd} />
      </Table.Td>
    </Table.Tr>
  );
}
