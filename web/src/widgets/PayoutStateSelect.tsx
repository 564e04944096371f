import { Select } from "@mantine/core";
import { PAYOUT_STATES } from "../app/search";
import { payoutStateText } from "./figures/PayoutStateBadge";

interface PayoutStateSelectProps {
  value: (typeof PAYOUT_STATES)[number] | undefined;
  onChange: (state: string | null) => void;
}

/** Narrows a list of payouts down to those in one state. */
export function PayoutStateSelect({ value, onChange }: PayoutStateSelectProps) {
  return (
    <Select
      size="xs"
      w={140}
      aria-label="State"
      placeholder="Any state"
      clearable
      data={PAYOUT_STATES.map((state) => ({ value: state, label: payoutStateText(state) }))}
      value={value ?? null}
      onChange={onChange}
    />
  );
}
