import { PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { useMe } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { newPasswordFault, NewPasswordInput } from "../../widgets/form/NewPassword";
import { Note } from "../../widgets/Note";

const FIELDS = ["current_password", "new_password"] as const;

export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const { user, email_change: pending } = useMe();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { current_password: "", new_password: "" },
    validate: {
      current_password: (password) => (password ? null : "Enter the password you have now"),
      new_password: newPasswordFault,
    },
  });
  const change = useMutation({
    mutationFn: (body: typeof form.values) => unwrap(client.POST("/v1/me/password", { body })),
    onSuccess: () => {
      notifications.show({ message: "Your password was changed. Everywhere else you were signed out." });
      for (const queryKey of [keys.me, keys.sessions, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title="Change your password"
      submit="Change password"
      busy={change.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => change.mutate(values))}
    >
      {/* So that a password manager keeps the password under the right name. */}
      <input type="hidden" name="username" autoComplete="username" value={user.email} />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        maxLength={200}
        data-autofocus
        {...form.getInputProps("current_password")}
      />
      <NewPasswordInput label="New password" {...form.getInputProps("new_password")} />
      {pending && <Note>It also takes back the change of your email to {pending.email}.</Note>}
      <FormError error={change.error} fields={FIELDS} />
    </DialogForm>
  );
}
