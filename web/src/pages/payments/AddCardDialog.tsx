import { Group, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { cardName } from "./words";

const FIELDS = ["number", "exp_month", "exp_year"] as const;
const EXPIRY = /^(0?[1-9]|1[0-2])\s*\/\s*(?:20)?(\d\d)$/;

interface AddCardDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function AddCardDialog({ account, onClose }: AddCardDialogProps) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { number: "", expiry: "" },
    validate: {
      number: (typed) => (/\d/.test(typed) ? null : "Enter the card's number"),
      expiry: (typed) => (EXPIRY.test(typed.trim()) ? null : "Enter month and year, such as 12/30"),
    },
  });
  const add = useMutation({
    mutationFn: ({ number, expiry }: typeof form.values) => {
      const [, month, year] = EXPIRY.exec(expiry.trim()) ?? [];
      const body = { number: number.trim(), exp_month: Number(month), exp_year: 2000 + Number(year) };
      const params = { path: { subaccount: account.id } };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/payment_methods", { params, body }));
    },
    onSuccess: (card) => {
      notifications.show({ message: `${cardName(card)} was added to ${account.name}.` });
      void queryClient.invalidateQueries({ queryKey: keys.cards });
      onClose();
    },
    onError: (error) => {
      const { number, exp_month: month, exp_year: year } = fieldErrors(error, FIELDS);
      const expiry = month ?? year;
      form.setErrors({ ...(number && { number }), ...(expiry && { expiry }) });
    },
  });
  return (
    <DialogForm
      title={`Add a card to ${account.name}`}
      submit="Add card"
      busy={add.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => add.mutate(values))}
    >
      <Text size="sm" c="dimmed">
        Nothing is charged now. The number is not kept here, only its last four digits.
      </Text>
      <Group align="flex-start" wrap="nowrap" gap={12}>
        <TextInput
          flex={1}
          label="Card number"
          inputMode="numeric"
          autoComplete="cc-number"
          placeholder="4242 4242 4242 4242"
          maxLength={30}
          data-autofocus
          {...form.getInputProps("number")}
        />
        <TextInput
          w={110}
          label="Expires"
          inputMode="numeric"
          autoComplete="cc-exp"
          placeholder="MM/YY"
          maxLength={9}
          {...form.getInputProps("expiry")}
        />
      </Group>
      <FormError error={add.error} fields={FIELDS} />
    </DialogForm>
  );
}
