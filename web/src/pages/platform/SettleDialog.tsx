// What an agency paid the platform: typed, looked at once more, posted.
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { MoneyText, Nothing } from "../../widgets/figures/figures";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FactRow, Facts } from "../../widgets/form/Facts";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { decimalText, parseDecimal } from "../../widgets/format/decimal";
import { moneyText } from "../../widgets/format/money";
import type { Agency } from "./queries";

type Body = Schemas["SettlementInput"];

const FIELDS = ["amount_usd", "note"] as const;
const NOTE_MAX_CHARS = 500;

interface SettleDialogProps {
  agency: Agency;
  onClose: () => void;
}

export function SettleDialog({ agency, onClose }: SettleDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [asked, setAsked] = useState<Body | null>(null);
  const form = useForm({
    initialValues: { amount_usd: "", note: "" },
    validate: { amount_usd: (typed) => (amountTyped(typed) ? null : "Enter an amount above zero") },
  });
  const settle = useMutation({
    mutationFn: (body: Body) => {
      const params = { path: { agency: agency.id }, header: intent(body) };
      return unwrap(client.POST("/v1/platform/agencies/{agency}/settlements", { params, body }));
    },
    onSuccess: ({ id, amount_usd, credit_usd }) => {
      notifications.show({
        id,
        message: `${moneyText(amount_usd)} from ${agency.name} recorded. Its credit is ${moneyText(credit_usd)} now.`,
      });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
    onError: (error) => {
      const faults = fieldErrors(error, FIELDS);
      form.setErrors(faults);
      if (Object.keys(faults).length > 0) setAsked(null);
    },
  });
  const ask = ({ amount_usd, note }: typeof form.values) =>
    setAsked({ amount_usd: amountTyped(amount_usd) ?? "", ...(note.trim() && { note: note.trim() }) });
  if (asked) {
    return (
      <Review
        agency={agency}
        body={asked}
        busy={settle.isPending}
        error={settle.error}
        onBack={() => setAsked(null)}
        onRecord={() => settle.mutate(asked)}
        onClose={onClose}
      />
    );
  }
  return (
    <DialogForm
      title={`Record a settlement of ${agency.name}`}
      submit="Continue"
      busy={false}
      onClose={onClose}
      onSubmit={form.onSubmit(ask)}
    >
      <Text size="sm" c="dimmed">
        For money that the agency paid the platform. Its credit is <MoneyText usd={agency.credit_usd} /> now, and goes
        up by this amount.
      </Text>
      <TextInput
        label="Amount"
        inputMode="decimal"
        leftSection="$"
        placeholder="320.00"
        data-autofocus
        {...form.getInputProps("amount_usd")}
      />
      <TextInput
        label="Reference"
        description="As on your bank statement; optional. The agency sees it."
        placeholder="Bank transfer of 3 November"
        maxLength={NOTE_MAX_CHARS}
        {...form.getInputProps("note")}
      />
    </DialogForm>
  );
}

interface ReviewProps {
  agency: Agency;
  body: Body;
  busy: boolean;
  error: unknown;
  onBack: () => void;
  onRecord: () => void;
  onClose: () => void;
}

/** It cannot be taken back, so it is shown once more as it will stand in the books. */
function Review({ agency, body, busy, error, onBack, onRecord, onClose }: ReviewProps) {
  return (
    <Dialog title="Record this settlement?" onClose={onClose}>
      <Stack>
        <Facts label="Settlement">
          <FactRow label="From">{agency.name}</FactRow>
          <FactRow label="Amount">
            <MoneyText usd={body.amount_usd} fw={600} />
          </FactRow>
          <FactRow label="Reference">{body.note ?? <Nothing label="none" />}</FactRow>
        </Facts>
        <Text size="sm" c="dimmed">
          It is in the agency&apos;s credit and audit trail at once, and cannot be taken back.
        </Text>
        <FormError error={error} fields={FIELDS} />
        <Dialog.Buttons>
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button loading={busy} onClick={onRecord} data-autofocus>
            Record {moneyText(body.amount_usd)}
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}

/** As the API takes it; null while it is no amount above zero. */
function amountTyped(typed: string): string | null {
  const micros = parseDecimal(typed.replaceAll(",", ""));
  return micros !== null && micros > 0n ? decimalText(micros) : null;
}
