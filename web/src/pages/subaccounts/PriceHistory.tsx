// What a client's minutes cost since when, and who set it: unfolded where somebody asks.
import { Button, Collapse, Skeleton, Table } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useId } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { PriceText, TimeText } from "../../widgets/figures/figures";
import { ErrorState } from "../../widgets/states/states";
import { ShowOlder } from "../../widgets/table/ShowOlder";
import { useCursorList } from "../../widgets/table/useCursorList";
import classes from "./PriceHistory.module.css";

type Moment = Schemas["PriceMoment"];

export function usePriceHistory(account: string) {
  return useCursorList([...keys.subaccounts, "price_history", account], (ask, signal) =>
    unwrap(
      client.GET("/v1/subaccounts/{subaccount}/price_history", {
        params: { path: { subaccount: account }, query: ask },
        ...(signal && { signal }),
      }),
    ),
  );
}

export function PriceHistory({ list }: { list: ReturnType<typeof usePriceHistory> }) {
  const [opened, { toggle }] = useDisclosure(false);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={toggle}
        aria-expanded={opened}
        aria-controls={id}
        leftSection={
          <IconChevronDown size={14} aria-hidden="true" className={classes.chevron} data-opened={opened || undefined} />
        }
      >
        Price history
      </Button>
      <Collapse expanded={opened} id={id}>
        {opened && <Moments list={list} />}
      </Collapse>
    </div>
  );
}

function Moments({ list }: { list: ReturnType<typeof usePriceHistory> }) {
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Skeleton height={80} mt={8} />;
  return (
    <>
      <Table.ScrollContainer
        minWidth={380}
        maxHeight={240}
        type="native"
        className={classes.scroll ?? ""}
        tabIndex={0}
        role="region"
        aria-label="Table of prices over time"
      >
        <Table className={`${classes.table ?? ""} figures`} aria-label="Price history">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>From</Table.Th>
              <Table.Th ta="right">Premium</Table.Th>
              <Table.Th ta="right">Basic</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.rows.map((moment) => (
              <Table.Tr key={moment.from}>
                <Table.Th scope="row">
                  <TimeText at={moment.from} />
                </Table.Th>
                <Price moment={moment} tier="premium" />
                <Price moment={moment} tier="basic" />
                <Table.Td>{whyText(moment)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ShowOlder list={list} size="compact-sm" mt={8} />
    </>
  );
}

function Price({ moment, tier }: { moment: Moment; tier: Schemas["Tier"] }) {
  return (
    <Table.Td ta="right">
      <PriceText price={moment.prices[tier]} />
      <small>
        base <PriceText price={moment.base_prices[tier]} />
      </small>
    </Table.Td>
  );
}

const REASONS: Record<Moment["cause"], string> = {
  start: "Added",
  client_prices: "Prices set",
  base_prices: "Base changed",
  both: "Prices set, and base changed",
};

function whyText({ cause, actor, from }: Moment): string {
  const why = cause === "base_prices" && Date.parse(from) > Date.now() ? "Base will change" : REASONS[cause];
  return actor ? `${why}, ${actor.name}` : why;
}
