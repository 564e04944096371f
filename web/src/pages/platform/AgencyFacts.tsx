import type { ReactNode } from "react";
import { DayText, MoneyText, Nothing } from "../../widgets/figures/figures";
import { countText } from "../../widgets/format/minutes";
import classes from "../settings/SettingsPage.module.css";
import { dayOf, type Agency } from "./queries";

export function AgencyFacts({ agency }: { agency: Agency }) {
  const facts: [label: string, hint: string | null, value: ReactNode][] = [
    ["Plan", null, agency.plan.name],
    ["Owner", agency.owner.email, agency.owner.name ?? <Nothing key="owner" />],
    ["Sub-accounts", "The primary does not count", countText(agency.subaccounts)],
    ["Since", null, <DayText key="since" day={dayOf(agency)} />],
    ["Time zone", null, agency.timezone],
    [
      "Credit limit",
      "How far below zero credit may fall",
      agency.credit_limit_usd === null ? "None" : <MoneyText key="limit" usd={agency.credit_limit_usd} />,
    ],
    [
      "Requests a second",
      agency.requests_per_second === null ? "As set for all agencies" : "Beyond it, it is told to slow down",
      agency.requests_per_second === null ? "As all" : countText(agency.requests_per_second),
    ],
    ["Queue share", "Turns and places, as a multiple of others’", `${agency.queue_share} ×`],
    ["Payout from", "Profit that the platform collected", <MoneyText key="payout" usd={agency.payout_threshold_usd} />],
  ];
  return (
    <dl className={`${classes.facts ?? ""} figures`}>
      {facts.map(([label, hint, value]) => (
        <div key={label}>
          <dt>
            {label}
            {hint && <small>{hint}</small>}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
