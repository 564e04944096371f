import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { SUBACCOUNT_FIELDS, subaccountBody, SubaccountFields, subaccountRules } from "./SubaccountFields";

interface EditSubaccountDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function EditSubaccountDialog({ account, onClose }: EditSubaccountDialogProps) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: account.name, email: account.email, reference: account.reference ?? "" },
    validate: subaccountRules,
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      unwrap(
        client.PATCH("/v1/subaccounts/{subaccount}", {
          params: { path: { subaccount: account.id } },
          body: subaccountBody(values),
        }),
      ),
    onSuccess: (saved) => {
      notifications.show({ message: `${saved.name} was changed.` });
      for (const queryKey of [keys.subaccounts, keys.me, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, SUBACCOUNT_FIELDS)),
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
      <FormError error={save.error} fields={SUBACCOUNT_FIELDS} />
    </DialogForm>
  );
}
