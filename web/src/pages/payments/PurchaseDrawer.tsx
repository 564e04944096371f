// All there is to know of one purchase: who paid how, what was given back, what can be done now.
import { Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { MinutesText, MoneyText, Nothing, PriceText, TimeText } from "../../widgets/figures/figures";
import { PurchaseStateBadge } from "../../widgets/figures/StatusBadge";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { minutesText } from "../../widgets/format/minutes";
import { SideDrawer } from "../../widgets/SideDrawer";
import drawer from "../calls/CallDrawer.module.css";
import { PurchaseButtons, type PurchaseAction } from "./PurchaseButtons";
import classes from "./payments.module.css";
import { cardsQuery, refundsQuery, type Purchase } from "./queries";
import { cardName, failureText, ORIGIN_LABELS } from "./words";

interface PurchaseDrawerProps {
  purchase: Purchase;
  account: Schemas["Subaccount"];
  onAct: (action: PurchaseAction, purchase: Purchase) => void;
  onClose: () => void;
}

export function PurchaseDrawer({ purchase, account, onAct, onClose }: PurchaseDrawerProps) {
  const cards = useQuery({ ...cardsQuery(account.id), enabled: purchase.payment_method !== null }).data;
  const card = cards?.find(({ id }) => id === purchase.payment_method);
  return (
    <SideDrawer
      onClose={onClose}
      size={420}
      title={`${minutesText(purchase.seconds)} ${TIER_LABELS[purchase.tier].toLowerCase()}`}
    >
      <div className={drawer.lead}>
        <MoneyText usd={purchase.paid_usd} fw={600} />
        <PurchaseStateBadge state={purchase.state} />
      </div>
      {purchase.failure && (
        <Text size="sm" mt="sm" className={drawer.summary}>
          {failureText(purchase.failure)}
        </Text>
      )}
      {purchase.disputed_at && (
        <Text size="sm" mt="sm" className={drawer.summary}>
          The card network took this payment back on <TimeText at={purchase.disputed_at} />, and the minutes with it.
        </Text>
      )}
      <Group mt="md" gap={8}>
        <PurchaseButtons purchase={purchase} account={account} size="xs" onAct={onAct} />
      </Group>
      <section className={drawer.group}>
        <Title order={3}>Purchase</Title>
        <dl className={`${drawer.facts ?? ""} figures`}>
          {facts(purchase, card ? cardName(card) : "A card that was removed").map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {(purchase.refunded_seconds > 0 || purchase.disputed_at) && <Refunds purchase={purchase} />}
    </SideDrawer>
  );
}

type Fact = [label: string, value: ReactNode];

function facts(purchase: Purchase, card: string): Fact[] {
  const { base_price: base, profit_usd: profit } = purchase;
  return [
    ["Minutes", <MinutesText key="minutes" seconds={purchase.seconds} />],
    ["Price", <PriceText key="price" price={purchase.unit_price} perMinute />],
    ["Paid with", purchase.payment_method === null ? "Outside Minutebank" : card],
    ["Why", ORIGIN_LABELS[purchase.origin]],
    ...(base === null ? [] : [["Base price", <PriceText key="base" price={base} perMinute />] as Fact]),
    ...(profit === null ? [] : [["Profit", <MoneyText key="profit" usd={profit} />] as Fact]),
    ["Recorded", <TimeText key="created" at={purchase.created_at} />],
    [
      "Paid on",
      purchase.succeeded_at ? <TimeText key="paid" at={purchase.succeeded_at} /> : <Nothing label="not yet" />,
    ],
    ["Id", purchase.id],
  ];
}

const REFUND_STATES: Record<Schemas["Refund"]["state"], string> = {
  pending: "on its way",
  succeeded: "given back",
  failed: "refused",
};

function Refunds({ purchase }: { purchase: Purchase }) {
  const refunds = useQuery(refundsQuery(purchase.id)).data ?? [];
  return (
    <section className={drawer.group}>
      <Title order={3}>Given back</Title>
      <ul className={classes.refunds} aria-label="Given back">
        {refunds.map((refund) => (
          <li key={refund.id}>
            <Group justify="space-between" gap={8} wrap="nowrap">
              <span>
                <MinutesText seconds={refund.seconds} />
                {refund.kind === "dispute" ? ", lost dispute" : `, ${REFUND_STATES[refund.state]}`}
              </span>
              <MoneyText usd={refund.amount_usd} />
            </Group>
            <Text size="xs" c="dimmed">
              <TimeText at={refund.created_at} />, by {refund.actor.name}
              {refund.failure && `. ${failureText(refund.failure)}`}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
