import { Table } from "@mantine/core";
import { IconGift } from "@tabler/icons-react";
import { MinutesText, TimeText } from "../../widgets/figures/figures";
import { TierLabel } from "../../widgets/figures/TierLabel";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import { ShowOlder } from "../../widgets/table/ShowOlder";
import classes from "./PlatformPage.module.css";
import { useGrants } from "./queries";

/** Minutes that the platform gave an agency or took back. */
export function Grants({ agency }: { agency: string }) {
  const list = useGrants(agency);
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Waiting />;
  if (list.rows.length === 0) {
    return (
      <EmptyState icon={IconGift} title="Nothing given yet">
        Minutes that the platform gives this agency, or takes back, are listed here.
      </EmptyState>
    );
  }
  return (
    <>
      <Table
        className={`${classes.table ?? ""} ${classes.fixed ?? ""} ${classes.settlements ?? ""} figures`}
        aria-label="Minutes given"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Reason</Table.Th>
            <Table.Th ta="right" className={classes.figure}>
              Minutes
            </Table.Th>
            <Table.Th className={`${classes.figure ?? ""} ${classes.wide ?? ""}`}>Tier</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Th scope="row" className={classes.note}>
                {row.reason}
                <small>
                  <TimeText at={row.created_at} />, by {row.actor.name}
                </small>
              </Table.Th>
              <Table.Td ta="right">
                {row.seconds > 0 && "+"}
                <MinutesText seconds={row.seconds} />
              </Table.Td>
              <Table.Td className={classes.wide}>
                <TierLabel tier={row.tier} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ShowOlder list={list} className={classes.more} />
    </>
  );
}
