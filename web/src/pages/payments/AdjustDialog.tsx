// Minutes that the agency's people give or take by hand: at the agency's cost, with a reason that the client reads.
import { SegmentedControl, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, subaccountQuery } from "../../api/queries";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FactRow, Facts } from "../../widgets/form/Facts";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { decimalText, parseDecimal, valueOf } from "../../widgets/format/decimal";
import { exactMinutesText, minutesText, secondsTyped } from "../../widgets/format/minutes";
import { creditQuery } from "./queries";

const FIELDS = ["seconds", "reason"] as const;
const REASON_MAX_CHARS = 200;

interface AdjustDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function AdjustDialog({ account: opened, onClose }: AdjustDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const account = useQuery(subaccountQuery(opened.id)).data ?? opened;
  const [way, setWay] = useState<"give" | "take">("give");
  const [tier, setTier] = useState<Schemas["Tier"]>("premium");
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const left = account.wallet[`${tier}_seconds`];
  const amount = secondsTyped(typed);
  const seconds = amount === null ? null : way === "give" ? amount : -amount;
  const tooMany = seconds !== null && seconds < 0 && -seconds > left;
  const adjust = useMutation({
    mutationFn: (body: Schemas["AdjustmentInput"]) => {
      const params = { path: { subaccount: account.id }, header: intent(body) };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/adjustments", { params, body }));
    },
    onSuccess: ({ seconds: made }) => {
      const did = made > 0 ? "given to" : "taken from";
      notifications.show({ message: `${minutesText(Math.abs(made))} were ${did} ${account.name}.` });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const faults = fieldErrors(adjust.error, FIELDS);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (seconds && !tooMany && reason.trim()) adjust.mutate({ tier, seconds, reason: reason.trim() });
  };
  return (
    <DialogForm
      title={`Give or take minutes: ${account.name}`}
      submit={seconds ? `${way === "give" ? "Give" : "Take"} ${minutesText(Math.abs(seconds))}` : "Adjust"}
      destructive={way === "take"}
      busy={adjust.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        For goodwill and corrections. What you give costs you the base price on your credit with the platform; what you
        take gives it back. The client pays nothing. To take it back, adjust the other way.
      </Text>
      <SegmentedControl
        fullWidth
        aria-label="Way"
        value={way}
        onChange={setWay}
        data={[
          { value: "give", label: "Give" },
          { value: "take", label: "Take" },
        ]}
      />
      <SegmentedControl
        fullWidth
        aria-label="Tier"
        value={tier}
        onChange={setTier}
        data={(["premium", "basic"] as const).map((value) => ({ value, label: TIER_LABELS[value] }))}
      />
      <TextInput
        data-autofocus
        label="Minutes"
        description={`${exactMinutesText(left)} in the wallet now`}
        inputMode="decimal"
        placeholder="10 or 1:30"
        rightSection="min"
        rightSectionWidth={44}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={faults.seconds ?? minutesHint(seconds, tooMany, submitted)}
      />
      <TextInput
        label="Reason"
        description="Stands in the client's statement and in your audit trail."
        placeholder="Ten minutes for the outage of 3 November"
        maxLength={REASON_MAX_CHARS}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={faults.reason ?? (submitted && !reason.trim() ? "Say why" : null)}
      />
      {seconds !== null && !tooMany && <Outcome account={account} tier={tier} seconds={seconds} left={left} />}
      <FormError error={adjust.error} fields={FIELDS} />
    </DialogForm>
  );
}

function minutesHint(seconds: number | null, tooMany: boolean, submitted: boolean): string | null {
  if (tooMany) return "That is more than is left";
  return submitted && !seconds ? "Enter minutes in whole seconds, such as 12.5 or 12:30" : null;
}

interface OutcomeProps {
  account: Schemas["Subaccount"];
  tier: Schemas["Tier"];
  seconds: number;
  left: number;
}

function Outcome({ account, tier, seconds, left }: OutcomeProps) {
  const credit = useQuery(creditQuery).data;
  const base = (account.base_prices ?? account.prices)[tier];
  const change = -valueOf(BigInt(seconds), parseDecimal(base) ?? 0n);
  const before = credit ? parseDecimal(credit.balance_usd) : null;
  return (
    <Facts label="Outcome">
      <FactRow label="In the wallet then">
        <MinutesText seconds={left + seconds} />
      </FactRow>
      <FactRow label={seconds >= 0 ? "Costs you" : "Gives you back"}>
        <MoneyText usd={decimalText(change < 0n ? -change : change)} fw={600} /> at <PriceText price={base} perMinute />
      </FactRow>
      {before !== null && (
        <>
          <FactRow label="Your credit then">
            <MoneyText usd={decimalText(before + change)} />
          </FactRow>
        </>
      )}
    </Facts>
  );
}
