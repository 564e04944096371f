import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { MoneyText } from "../../widgets/figures/figures";
import { countText, minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { dateText } from "../../widgets/format/time";
import { Panel } from "../../widgets/Panel";
import classes from "./SettingsPage.module.css";

/** What the platform sets for this agency; read here, changed there. */
export function PlanFacts({ agency }: { agency: Schemas["Agency"] }) {
  const zone = useZone();
  const { plan, limits } = agency;
  const included = plan.included.premium_seconds + plan.included.basic_seconds;
  const facts: [label: string, hint: string, value: ReactNode][] = [
    ["Plan", `Since ${dateText(agency.subscription_start, zone)}`, plan.name],
    ["Renews", "A new billing period begins", dateText(agency.renewal_at, zone)],
    ["Monthly fee", "What the plan itself costs", <MoneyText key="fee" usd={plan.monthly_fee_usd} />],
    [
      "Included minutes",
      plan.included.every === "month" ? "With each renewal" : "Once, when you began",
      minutesText(included),
    ],
    [
      "Sub-accounts",
      "The primary does not count",
      plan.subaccount_cap === null ? "No limit" : countText(plan.subaccount_cap),
    ],
    [
      "Credit with the platform",
      agency.credit_limit_usd === null
        ? "Below zero is base that you owe for minutes you sold yourself"
        : `May fall to ${moneyText(`-${agency.credit_limit_usd}`)}`,
      <MoneyText key="credit" usd={agency.credit_usd} />,
    ],
    ["Payout from", "Profit that the platform collected", <MoneyText key="payout" usd={agency.payout_threshold_usd} />],
    ["Call records in one request", "What your engine may send at once", countText(limits.batch_records)],
  ];
  return (
    <Panel
      title="Plan and limits"
      hint="Set by your platform."
      action={
        <Anchor size="xs" renderRoot={(props) => <Link to="/plan" {...props} />}>
          Slots and other plans
        </Anchor>
      }
    >
      <dl className={`${classes.facts ?? ""} figures`}>
        {facts.map(([label, hint, value]) => (
          <div key={label}>
            <dt>
              {label}
              <small>{hint}</small>
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
