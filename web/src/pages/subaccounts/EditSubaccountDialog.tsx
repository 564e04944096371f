import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { concurrencyFault, concurrencyValue } from "../../widgets/form/concurrency";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { SUBACCOUNT_FIELDS, subaccountBody, SubaccountFields, subaccountRules } from "./SubaccountFields";

const FIELDS = [...SUBACCOUNT_FIELDS, "concurrency_limit"] as const;

interface EditSubaccountDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function EditSubaccountDialog({ account, onClose }: EditSubaccountDialogProps) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      name: account.name,
      email: account.email,
      reference: account.reference ?? "",
      concurrency_limit: account.concurrency_limit === null ? "" : String(account.concurrency_limit),
    },
    validate: { ...subaccountRules, concurrency_limit: concurrencyFault },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      unwrap(
        client.PATCH("/v1/subaccounts/{subaccount}", {
          params: { path: { subaccount: account.id } },
          body: { ...subaccountBody(values), concurrency_limit: concurrencyValue(values.concurrency_limit) },
        }),
      ),
    onSuccess: (saved) => {
      notifications.show({ message: `${saved.name} was changed.` });
      for (const queryKey of [keys.subaccounts, keys.me, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title={`Edit ${account.name}`}
      submit="Save"
      busy={save.isPending}
      disabled={!form.isDirty()}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <SubaccountFields form={form} />
      <TextInput
        label="Calls at once"
        description="Beyond it no call may begin. Empty: as many as Settings say."
        placeholder="As in Settings"
        inputMode="numeric"
        {...form.getInputProps("concurrency_limit")}
      />
      <FormError error={save.error} fields={FIELDS} />
    </DialogForm>
  );
}
