// What happened at each renewal: the fee, the minutes that came and went on, and the payout.
import { Anchor, Skeleton, Table, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { MinutesText, MoneyText } from "../../widgets/figures/figures";
import { moneyText } from "../../widgets/format/money";
import { dateText } from "../../widgets/format/time";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { ShortDialog } from "./ShortDialog";
import tables from "../platform/PlatformPage.module.css";

type Renewal = Schemas["Renewal"];

const SHOWN = 12;

const renewalsQuery = queryOptions({
  queryKey: ["renewals"],
  queryFn: async ({ signal }) =>
    (await unwrap(client.GET("/v1/agency/renewals", { params: { query: { limit: SHOWN } }, signal }))).data,
});

const both = ({ basic_seconds, premium_seconds }: Schemas["TierSeconds"]) => basic_seconds + premium_seconds;

export function RenewalsPanel() {
  const renewals = useQuery(renewalsQuery);
  return (
    <Panel title="Renewals" hint={`The last ${SHOWN} starts of a billing period.`} flush>
      {renewals.isError && <ErrorState error={renewals.error} onRetry={() => void renewals.refetch()} />}
      {renewals.isPending && <Skeleton height={120} m="md" w="auto" />}
      {renewals.data && <Rows renewals={renewals.data} />}
    </Panel>
  );
}

function Rows({ renewals }: { renewals: Renewal[] }) {
  if (renewals.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        There was none yet: the first comes a month after you began.
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={640} type="native" tabIndex={0} role="region" aria-label="Table of renewals">
      <Table className={`${tables.table ?? ""} figures`} aria-label="Renewals">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Period from</Table.Th>
            <Table.Th ta="right">Fee</Table.Th>
            <Table.Th ta="right">Minutes included</Table.Th>
            <Table.Th ta="right">Went to clients</Table.Th>
            <Table.Th ta="right">Too few for</Table.Th>
            <Table.Th>Payout</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {renewals.map((renewal) => (
            <Row key={renewal.id} renewal={renewal} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ renewal }: { renewal: Renewal }) {
  const zone = useZone();
  const [showsShort, setShowsShort] = useState(false);
  return (
    <Table.Tr>
      <Table.Th scope="row">{dateText(renewal.start_at, zone)}</Table.Th>
      <Table.Td ta="right">
        <MoneyText usd={renewal.fee_usd} />
      </Table.Td>
      <Table.Td ta="right">
        <MinutesText seconds={both(renewal.granted)} />
      </Table.Td>
      <Table.Td ta="right">
        <MinutesText seconds={both(renewal.distributed)} />
      </Table.Td>
      <Table.Td ta="right">
        {renewal.short_accounts === 0 ? (
          "No client"
        ) : (
          <Anchor component="button" type="button" inherit underline="always" onClick={() => setShowsShort(true)}>
            {clientsText(renewal)}
          </Anchor>
        )}
        {showsShort && <ShortDialog renewal={renewal} onClose={() => setShowsShort(false)} />}
      </Table.Td>
      <Table.Td>{payoutText(renewal)}</Table.Td>
    </Table.Tr>
  );
}

function clientsText({ short_accounts, accounts }: Renewal) {
  return `${short_accounts} of ${accounts} clients`;
}

function payoutText({ payout, payable_usd }: Renewal): string {
  switch (payout) {
    case "scheduled":
      return `${moneyText(payable_usd)} is paid out`;
    case "not_connected":
      return `${moneyText(payable_usd)} stays: no payout account is connected`;
    case "below_threshold":
      return `${moneyText(payable_usd)} stays: below the threshold`;
    case "nothing":
      return "Nothing to pay out";
    case "open":
      return "Under way";
  }
}
