// Minutes that somebody gave an account or took from it by hand: why, who, and what it did to the agency's credit.
import { Group, Text } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import type { Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { MinutesText, MoneyText, TimeText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { SideDrawer } from "../../widgets/SideDrawer";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { Waiting } from "../../widgets/states/Waiting";
import { ShowOlder } from "../../widgets/table/ShowOlder";
import { useCursorList } from "../../widgets/table/useCursorList";
import classes from "./payments.module.css";
import { adjustmentsPage } from "./queries";

interface AdjustmentsDrawerProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function AdjustmentsDrawer({ account, onClose }: AdjustmentsDrawerProps) {
  return (
    <SideDrawer title={`Minutes by hand: ${account.name}`} size={420} onClose={onClose}>
      <Adjustments account={account.id} />
    </SideDrawer>
  );
}

function Adjustments({ account }: { account: string }) {
  const list = useCursorList([...keys.purchases, "adjustments", account], (ask, signal) =>
    adjustmentsPage(account, ask, signal),
  );
  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (list.isPending) return <Waiting />;
  if (list.rows.length === 0) {
    return (
      <EmptyState icon={IconScale} title="None were given or taken">
        Minutes that somebody gives this account or takes from it by hand are listed here, with the reason.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={classes.refunds} aria-label="Minutes by hand">
        {list.rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      <ShowOlder list={list} mt="md" />
    </>
  );
}

function Row({ row }: { row: Schemas["Adjustment"] }) {
  return (
    <li>
      <Group justify="space-between" gap={8} wrap="nowrap" align="baseline">
        <span className={classes.reason}>{row.reason}</span>
        <Text component="span" inherit fw={500} miw="max-content">
          {row.seconds > 0 && "+"}
          <MinutesText seconds={row.seconds} /> {TIER_LABELS[row.tier].toLowerCase()}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        <TimeText at={row.created_at} />, by {row.actor.name}. Your credit changed by <MoneyText usd={row.credit_usd} />
        .
      </Text>
    </li>
  );
}
