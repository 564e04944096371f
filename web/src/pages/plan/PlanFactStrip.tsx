import { Progress } from "@mantine/core";
import { useZone } from "../../app/session";
import { Fact, FactStrip } from "../../widgets/FactStrip";
import { countText, minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { dateText, relativeText } from "../../widgets/format/time";
import classes from "./PlanPage.module.css";
import type { AgencyPlan } from "./queries";

export function PlanFactStrip({ plan: { plan, slots, renewal_at } }: { plan: AgencyPlan }) {
  const zone = useZone();
  const { included } = plan;
  return (
    <FactStrip label="Your plan" isPending={false}>
      <Fact label="Plan" hint={`${moneyText(plan.monthly_fee_usd)} a month`}>
        {plan.name}
      </Fact>
      <Fact label="Sub-accounts" hint={<Slots used={slots.used} cap={slots.cap} />}>
        {slots.cap === null ? countText(slots.used) : `${countText(slots.used)} of ${countText(slots.cap)}`}
      </Fact>
      <Fact
        label="Included minutes"
        hint={included.every === "month" ? "With each renewal, to your primary" : "Once, to your primary"}
      >
        {minutesText(included.premium_seconds + included.basic_seconds)}
      </Fact>
      <Fact label="Renews" hint={relativeText(renewal_at)}>
        {dateText(renewal_at, zone)}
      </Fact>
    </FactStrip>
  );
}

function Slots({ used, cap }: { used: number; cap: number | null }) {
  if (cap === null) return <>No limit in this plan</>;
  const left = cap - used;
  return (
    <>
      <Progress
        className={classes.meter ?? ""}
        size={6}
        value={Math.min(100, cap === 0 ? 100 : (used / cap) * 100)}
        color={left > 0 ? "pine" : "red"}
        aria-label={`${countText(used)} of ${countText(cap)} sub-accounts used`}
      />
      {left > 0 && `${countText(left)} left`}
      {left === 0 && "All used: remove one, or change the plan"}
      {left < 0 && `${countText(-left)} more than the plan has room for: none can be added`}
    </>
  );
}
