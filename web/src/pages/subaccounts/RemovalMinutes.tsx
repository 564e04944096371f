import { Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { countText, minutesText } from "../../widgets/format/minutes";
import { AccountSelect } from "./AccountSelect";
import { MoveQuote } from "./MoveQuote";

interface RemovalMinutesProps {
  title: string;
  removal: Schemas["Removal"];
  /** The quotes shown are of another destination. */
  asking: boolean;
  error: unknown;
  onChoose: (to: string | null) => void;
  onNext: () => void;
  onClose: () => void;
}

/** The first step: where the minutes left go. */
export function RemovalMinutes({ title, removal, asking, error, onChoose, onNext, onClose }: RemovalMinutesProps) {
  const { moves, minutes_to: to, minutes_to_name: name, subaccount, calls_in_progress: calls } = removal;
  return (
    <DialogForm
      title={title}
      submit="Continue"
      busy={false}
      disabled={asking || to === subaccount}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <Text size="sm" c="dimmed">
        Step 1 of 2: its minutes
      </Text>
      {moves.length === 0 ? (
        <Text size="sm">No minutes are left in its wallet.</Text>
      ) : (
        <>
          <AccountSelect label="The minutes left go to" value={to} called={name} onChange={onChoose} error={null} />
          {calls > 0 && <Text size="sm">{heldText(removal)}</Text>}
          {moves.map((move) => (
            <section key={move.tier} aria-label={TIER_LABELS[move.tier]}>
              <Text size="sm" fw={500} mb={4}>
                {TIER_LABELS[move.tier]}
              </Text>
              <MoveQuote quote={asking ? null : move} asking={asking} error={null} />
            </section>
          ))}
        </>
      )}
      <FormError error={error} fields={[]} />
    </DialogForm>
  );
}

function heldText({ calls_in_progress: calls, held_basic_seconds, held_premium_seconds }: Schemas["Removal"]): string {
  const held = minutesText(held_basic_seconds + held_premium_seconds);
  const them = calls === 1 ? "a call" : `${countText(calls)} calls`;
  return `${held} of them are held for ${them} in progress, and go with the rest.`;
}
