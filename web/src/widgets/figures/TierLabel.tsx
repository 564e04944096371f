import type { Schemas } from "../../api/client";

export const TIER_LABELS: Record<Schemas["Tier"], string> = { basic: "Basic", premium: "Premium" };

export function TierLabel({ tier }: { tier: Schemas["Tier"] }) {
  return <>{TIER_LABELS[tier]}</>;
}
