// The payouts of one agency, and whether any can be made to it.
import { Anchor, Skeleton, Switch, Table } from "@mantine/core";
import "@mantine/core/styles/Switch.layer.css";
import { notifications } from "@mantine/notifications";
import { IconTransferOut } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { MoneyText, TimeText } from "../../widgets/figures/figures";
import { PayoutStateBadge } from "../../widgets/figures/PayoutStateBadge";
import { moneyText } from "../../widgets/format/money";
import { Panel } from "../../widgets/Panel";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import classes from "./PlatformPage.module.css";
import { agencyPayoutsQuery, payoutAccountQuery, type Agency, type Payout } from "./queries";

export function AgencyPayouts({ agency }: { agency: Agency }) {
  return (
    <Panel
      title="Payouts"
      hint={`${moneyText(agency.payable_usd)} payable; a payout is made at a renewal from ${moneyText(agency.payout_threshold_usd)} on.`}
      flush
      action={
        <Anchor component={Link} to="/platform/payouts" size="xs" miw="max-content">
          All payouts
        </Anchor>
      }
    >
      <div className={classes.connection}>
        <Connection agency={agency} />
      </div>
      <LatestPayouts agency={agency.id} />
    </Panel>
  );
}

function Connection({ agency }: { agency: Agency }) {
  const queryClient = useQueryClient();
  const account = useQuery(payoutAccountQuery(agency.id));
  const connect = useMutation({
    mutationFn: (connected: boolean) =>
      unwrap(
        client.PUT("/v1/platform/agencies/{agency}/payout_account", {
          params: { path: { agency: agency.id } },
          body: { connected },
        }),
      ),
    onSuccess: ({ connected }) =>
      notifications.show({
        message: connected
          ? `Payouts can be made to ${agency.name}, from its next renewal on.`
          : `No payout is made to ${agency.name} any more; its profit stays.`,
      }),
    onError: (error) => notifications.show({ color: "red", message: error.message }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.platform }),
  });
  if (account.isError) return <ErrorState error={account.error} onRetry={() => void account.refetch()} />;
  if (!account.data) return <Skeleton h={38} />;
  const { connected } = account.data;
  return (
    <Switch
      label="Payout account connected"
      description={
        connected
          ? "What is payable is paid out at the next renewal."
          : "Profit stays with the platform, however much it is."
      }
      checked={connected}
      disabled={connect.isPending}
      onChange={({ currentTarget }) => connect.mutate(currentTarget.checked)}
    />
  );
}

function LatestPayouts({ agency }: { agency: string }) {
  const payouts = useQuery(agencyPayoutsQuery(agency));
  if (payouts.isError) return <ErrorState error={payouts.error} onRetry={() => void payouts.refetch()} />;
  if (!payouts.data) return <Waiting />;
  if (payouts.data.length === 0) {
    return (
      <EmptyState icon={IconTransferOut} title="Nothing paid out yet">
        Payouts to this agency are listed here, the newest first.
      </EmptyState>
    );
  }
  return (
    <Table className={`${classes.table ?? ""} ${classes.fixed ?? ""} figures`} aria-label="Payouts">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Payout</Table.Th>
          <Table.Th ta="right" className={classes.figure}>
            Amount
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {payouts.data.map((payout) => (
          <Row key={payout.id} payout={payout} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ payout }: { payout: Payout }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className={classes.note}>
        <TimeText at={payout.created_at} />
        <small>
          <PayoutStateBadge state={payout.state} />
          {payout.failure && `: ${payout.failure}`}
        </small>
      </Table.Th>
      <Table.Td ta="right">
        <MoneyText usd={payout.amount_usd} />
      </Table.Td>
    </Table.Tr>
  );
}
