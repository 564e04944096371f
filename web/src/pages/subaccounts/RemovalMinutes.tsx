import { Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
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
  const { moves, minutes_to: to, minutes_to_name: name, subaccount } = removal;
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
