// A payment that the card network took back for good: all that is left of it goes, whatever becomes of the wallet.
import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, isStatus, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { useIntent } from "../../widgets/form/intent";
import { Note } from "../../widgets/Note";
import type { Agency } from "./queries";

interface LostDisputeDialogProps {
  agency: Agency;
  onClose: () => void;
}

export function LostDisputeDialog({ agency, onClose }: LostDisputeDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm({
    initialValues: { purchase: "" },
    validate: {
      purchase: (typed) =>
        /^pur_[0-9a-z]{13}$/.test(typed.trim()) ? null : "Enter the id of a purchase, such as pur_0k3v9m2c5x1qy",
    },
  });
  const lose = useMutation({
    mutationFn: (purchase: string) => {
      const params = { path: { agency: agency.id, purchase }, header: intent(purchase) };
      return unwrap(client.POST("/v1/platform/agencies/{agency}/purchases/{purchase}/dispute_lost", { params }));
    },
    onSuccess: ({ id, amount_usd, seconds }) => {
      notifications.show({
        id,
        message: `${moneyText(amount_usd)} and ${minutesText(seconds)} of ${agency.name} taken back.`,
      });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
    onError: (error) => {
      if (isStatus(error, 404)) form.setErrors({ purchase: `${agency.name} has no such purchase` });
    },
  });
  return (
    <DialogForm
      title={`Record a lost dispute of ${agency.name}`}
      submit="Take it back"
      destructive
      busy={lose.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit(({ purchase }) => lose.mutate(purchase.trim()))}
    >
      <Text size="sm" c="dimmed">
        For a card payment that the network took back for good. What was refunded before stays refunded.
      </Text>
      <TextInput
        label="Purchase"
        description="Its id, as the payment at the card processor names it."
        placeholder="pur_0k3v9m2c5x1qy"
        data-autofocus
        {...form.getInputProps("purchase")}
      />
      <Note>
        All that is left of it goes: the minutes leave the client&apos;s wallet and the markup the agency&apos;s profit,
        which may both fall below zero. It cannot be taken back, and is in the agency&apos;s audit trail.
      </Note>
      {!isStatus(lose.error, 404) && <FormError error={lose.error} fields={[]} />}
    </DialogForm>
  );
}
