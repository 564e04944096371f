// Minutes that the platform gives an agency, or takes back: they cost it nothing.
import { SegmentedControl, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { minutesText, secondsTyped } from "../../widgets/format/minutes";
import type { Agency } from "./queries";

const FIELDS = ["seconds", "reason"] as const;
const REASON_MAX_CHARS = 200;

const INITIAL: { way: "give" | "take"; tier: Schemas["Tier"]; minutes: string; reason: string } = {
  way: "give",
  tier: "premium",
  minutes: "",
  reason: "",
};

interface GrantDialogProps {
  agency: Agency;
  onClose: () => void;
}

export function GrantDialog({ agency, onClose }: GrantDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm({
    initialValues: INITIAL,
    validate: {
      minutes: (typed) => (secondsTyped(typed) ? null : "Enter minutes in whole seconds, such as 12.5 or 12:30"),
      reason: (typed) => (typed.trim() ? null : "Say why"),
    },
  });
  const grant = useMutation({
    mutationFn: (body: Schemas["GrantInput"]) => {
      const params = { path: { agency: agency.id }, header: intent(body) };
      return unwrap(client.POST("/v1/platform/agencies/{agency}/grants", { params, body }));
    },
    onSuccess: ({ seconds }) => {
      const did = seconds > 0 ? "given to" : "taken from";
      notifications.show({ message: `${minutesText(Math.abs(seconds))} were ${did} ${agency.name}.` });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
    onError: (error) => {
      const { seconds, reason } = fieldErrors(error, FIELDS);
      form.setErrors({ ...(seconds && { minutes: seconds }), ...(reason && { reason }) });
    },
  });
  const { way, tier, minutes } = form.values;
  const seconds = secondsTyped(minutes);
  const verb = way === "give" ? "Give" : "Take";
  return (
    <DialogForm
      title={`Give or take minutes: ${agency.name}`}
      submit={seconds ? `${verb} ${minutesText(seconds)}` : verb}
      destructive={way === "take"}
      busy={grant.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit(({ reason }) =>
        grant.mutate({ tier, seconds: (way === "give" ? 1 : -1) * (seconds ?? 0), reason: reason.trim() }),
      )}
    >
      <Text size="sm" c="dimmed">
        Into the agency&apos;s own account, or out of it. They cost the agency nothing and change nothing of what it
        owes. Its people read the reason in their statement and audit trail.
      </Text>
      <SegmentedControl
        fullWidth
        aria-label="Way"
        data={[
          { value: "give", label: "Give" },
          { value: "take", label: "Take" },
        ]}
        {...form.getInputProps("way")}
      />
      <SegmentedControl
        fullWidth
        aria-label="Tier"
        data={(["premium", "basic"] as const).map((value) => ({ value, label: TIER_LABELS[value] }))}
        {...form.getInputProps("tier")}
      />
      <TextInput
        label="Minutes"
        inputMode="decimal"
        placeholder="1,000"
        rightSection="min"
        rightSectionWidth={44}
        data-autofocus
        {...form.getInputProps("minutes")}
      />
      <TextInput label="Reason" placeholder="Welcome" maxLength={REASON_MAX_CHARS} {...form.getInputProps("reason")} />
      <FormError error={grant.error} fields={FIELDS} />
    </DialogForm>
  );
}
