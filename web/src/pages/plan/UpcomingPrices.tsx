// Base prices that will count, and the clients whose own are below them then.
import { useZone } from "../../app/session";
import { exactMoneyText } from "../../widgets/format/money";
import { instantText } from "../../widgets/format/time";
import { Panel } from "../../widgets/Panel";
import classes from "./PlanPage.module.css";
import type { AgencyPlan } from "./queries";
import { counted, namesText } from "./texts";

type Prices = AgencyPlan["base_prices"];

export function UpcomingPrices({ plan: { base_prices: now, upcoming } }: { plan: AgencyPlan }) {
  const zone = useZone();
  return (
    <Panel
      title="Your base prices will change"
      hint="Calls and purchases are charged at the price of their own moment."
    >
      <ul className={`${classes.upcoming ?? ""} figures`}>
        {upcoming.map(({ at, base_prices, below_base }, index) => (
          <li key={at}>
            From <b>{instantText(at, zone)}</b>: {changeText(upcoming[index - 1]?.base_prices ?? now, base_prices)}
            {below_base.count > 0 && (
              <small>
                {counted(below_base.count, "sub-account has a price", "sub-accounts have prices")} below that, and base
                counts instead: {namesText(below_base)}.
              </small>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** `premium $0.16 → $0.18, basic $0.09`. */
export function changeText(before: Prices, after: Prices): string {
  return (["premium", "basic"] as const)
    .map((tier) =>
      before[tier] === after[tier]
        ? `${tier} ${exactMoneyText(after[tier])}`
        : `${tier} ${exactMoneyText(before[tier])} → ${exactMoneyText(after[tier])}`,
    )
    .join(", ");
}
