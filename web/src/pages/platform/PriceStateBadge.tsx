import { Badge } from "@mantine/core";
import type { BasePrices } from "./queries";

const LABELS: Record<BasePrices["state"], string> = {
  ordered: "Ordered",
  in_force: "In force",
  past: "Past",
  canceled: "Canceled",
};

export function PriceStateBadge({ state }: { state: BasePrices["state"] }) {
  return (
    <Badge size="xs" tt="none" color={state === "in_force" || state === "ordered" ? "pine" : "gray"}>
      {LABELS[state]}
    </Badge>
  );
}
