import type { Schemas } from "../../api/client";
import { StatusBadge, type Tone } from "./StatusBadge";

const PAYOUT: Record<Schemas["PayoutState"], [string, Tone]> = {
  scheduled: ["Scheduled", "accent"],
  in_transit: ["In transit", "accent"],
  paid: ["Paid", "good"],
  failed: ["Failed", "bad"],
};

export function payoutStateText(state: Schemas["PayoutState"]): string {
  return PAYOUT[state][0];
}

export function PayoutStateBadge({ state }: { state: Schemas["PayoutState"] }) {
  const [label, tone] = PAYOUT[state];
  return <StatusBadge label={label} tone={tone} />;
}
