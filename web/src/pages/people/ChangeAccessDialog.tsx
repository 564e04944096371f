import { Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import type { AssignableRole } from "../../app/roles";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { Note } from "../../widgets/Note";
import { ACCESS_FIELDS, accessBody, AccessFields, accessRules, type AccessValues } from "./AccessFields";
import { PEOPLE, type User } from "./queries";

interface ChangeAccessDialogProps {
  user: User;
  onClose: () => void;
}

export function ChangeAccessDialog({ user, onClose }: ChangeAccessDialogProps) {
  const queryClient = useQueryClient();
  const form = useForm<AccessValues>({ initialValues: accessOf(user), validate: accessRules });
  const change = useMutation({
    mutationFn: ({ role, access }: { role: AssignableRole; access: AccessValues }) =>
      unwrap(client.PATCH("/v1/users/{user}", { params: { path: { user: user.id } }, body: accessBody(role, access) })),
    onSuccess: () => {
      notifications.show({ message: `The access of ${user.name} was changed. It counts from their next click on.` });
      for (const queryKey of [...PEOPLE, ...(user.is_you ? [keys.me] : [])]) {
        void queryClient.invalidateQueries({ queryKey });
      }
      onClose();
    },
    onError: (error) => {
      const { subaccounts, ...others } = fieldErrors(error, ACCESS_FIELDS);
      form.setErrors({ ...others, ...(subaccounts && { accounts: subaccounts }) });
    },
  });
  const losesAdmin = user.is_you && form.values.role !== "agency_admin";
  return (
    <DialogForm
      title={`Role and access of ${user.name}`}
      submit="Save"
      busy={change.isPending}
      disabled={!form.isDirty()}
      onClose={onClose}
      onSubmit={form.onSubmit(({ role, ...access }) => {
        if (role) change.mutate({ role, access: { role, ...access } });
      })}
    >
      <Text size="sm" c="dimmed">
        {user.email}
      </Text>
      <AccessFields form={form} />
      {losesAdmin && <Note>This is you: without Agency Admin you cannot manage people any more.</Note>}
      <FormError error={change.error} fields={ACCESS_FIELDS} />
    </DialogForm>
  );
}

function accessOf({ role, subaccounts }: User): AccessValues {
  const isAll = subaccounts === "all";
  return {
    role: role === "agency_owner" ? null : role,
    // An admin reaches all without a grant; as anything else, they begin with what is chosen for them.
    reach: isAll && role !== "agency_admin" ? "all" : "some",
    accounts: isAll ? [] : subaccounts,
  };
}
