// How far an agency may owe the platform, from how much profit on it is paid out, and how much of the server it gets.
import { Checkbox, NumberInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { MoneyText } from "../../widgets/figures/figures";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { decimalText, parseDecimal } from "../../widgets/format/decimal";
import type { Agency } from "./queries";

const FIELDS = ["credit_limit_usd", "payout_threshold_usd", "requests_per_second", "queue_share"] as const;
const REQUESTS_MAX = 1_000_000;
const SHARE_MAX = 16;

/** Numbers are texts while their fields are empty. */
interface TermsForm {
  unlimited: boolean;
  credit_limit_usd: string;
  payout_threshold_usd: string;
  requests_per_second: number | string;
  queue_share: number | string;
}

interface TermsDialogProps {
  agency: Agency;
  onClose: () => void;
}

export function TermsDialog({ agency, onClose }: TermsDialogProps) {
  const queryClient = useQueryClient();
  const form = useForm<TermsForm>({
    initialValues: {
      unlimited: agency.credit_limit_usd === null,
      credit_limit_usd: agency.credit_limit_usd ?? "",
      payout_threshold_usd: agency.payout_threshold_usd,
      requests_per_second: agency.requests_per_second ?? "",
      queue_share: agency.queue_share,
    },
    validate: {
      credit_limit_usd: (typed, { unlimited }) => (unlimited || usdTyped(typed) ? null : "Enter an amount, or 0"),
      payout_threshold_usd: (typed) => (usdTyped(typed) ? null : "Enter an amount, or 0"),
      queue_share: (typed) => (typed === "" ? "Enter a number, 1 for as much as others" : null),
    },
  });
  const save = useMutation({
    mutationFn: (body: Schemas["AgencyTermsInput"]) =>
      unwrap(client.PATCH("/v1/platform/agencies/{agency}", { params: { path: { agency: agency.id } }, body })),
    onSuccess: () => {
      notifications.show({ message: `The terms of ${agency.name} are changed, from now on.` });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  const submit = ({
    unlimited,
    credit_limit_usd: limit,
    payout_threshold_usd: threshold,
    ...server
  }: typeof form.values) =>
    save.mutate({
      credit_limit_usd: unlimited ? null : usdTyped(limit),
      ...(usdTyped(threshold) && { payout_threshold_usd: usdTyped(threshold) ?? "" }),
      requests_per_second: server.requests_per_second === "" ? null : Number(server.requests_per_second),
      queue_share: Number(server.queue_share),
    });
  return (
    <DialogForm
      title={`Terms of ${agency.name}`}
      submit="Save terms"
      busy={save.isPending}
      disabled={!form.isDirty()}
      onClose={onClose}
      onSubmit={form.onSubmit(submit)}
    >
      <Text size="sm" c="dimmed">
        Its credit is <MoneyText usd={agency.credit_usd} /> now. A limit that is exceeded already takes nothing back; it
        stops what would owe more.
      </Text>
      <Checkbox label="No credit limit" {...form.getInputProps("unlimited", { type: "checkbox" })} />
      <TextInput
        label="Credit limit"
        description="How far below zero its credit may fall, profit counted in."
        inputMode="decimal"
        leftSection="$"
        placeholder="500.00"
        data-autofocus
        disabled={form.values.unlimited}
        {...form.getInputProps("credit_limit_usd")}
      />
      <TextInput
        label="Payout from"
        description="Profit that the platform collected is paid out at the renewal once it is this much."
        inputMode="decimal"
        leftSection="$"
        {...form.getInputProps("payout_threshold_usd")}
      />
      <NumberInput
        label="Requests a second"
        description="What it may send; empty: as set for all agencies."
        placeholder="As all"
        min={1}
        max={REQUESTS_MAX}
        allowDecimal={false}
        clampBehavior="strict"
        {...form.getInputProps("requests_per_second")}
      />
      <NumberInput
        label="Queue share"
        description="How many turns and places it has for each of another agency’s, when requests wait."
        min={1}
        max={SHARE_MAX}
        allowDecimal={false}
        clampBehavior="strict"
        {...form.getInputProps("queue_share")}
      />
      <FormError error={save.error} fields={FIELDS} />
    </DialogForm>
  );
}

/** As the API takes it; null while it is no amount, or one below zero. */
function usdTyped(typed: string): string | null {
  const micros = parseDecimal(typed.replaceAll(",", ""));
  return micros !== null && micros >= 0n ? decimalText(micros) : null;
}
