import { PasswordInput, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys, type Me } from "../../api/queries";
import { useMe } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";

const FIELDS = ["email", "password"] as const;

export function ChangeEmailDialog({ onClose }: { onClose: () => void }) {
  const { user, email_change: pending } = useMe();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (email) => (email.includes("@") ? null : "Enter an email address"),
      password: (password) => (password ? null : "Enter your password"),
    },
  });
  const change = useMutation({
    mutationFn: ({ email, password }: typeof form.values) =>
      unwrap(client.POST("/v1/me/email", { body: { email: email.trim(), password } })),
    onSuccess: (email_change) => {
      queryClient.setQueryData<Me>(keys.me, (me) => me && { ...me, email_change });
      void queryClient.invalidateQueries({ queryKey: keys.audit });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title="Change your email"
      submit="Send the links"
      busy={change.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => change.mutate(values))}
    >
      <Text size="sm">
        Both {user.email} and the new address are sent a link. You sign in with the new one once both were opened,
        within a day.{pending && ` The change to ${pending.email} ends by it.`}
      </Text>
      <TextInput
        label="New email"
        type="email"
        autoComplete="email"
        maxLength={254}
        data-autofocus
        {...form.getInputProps("email")}
      />
      <PasswordInput
        label="Your password"
        autoComplete="current-password"
        maxLength={200}
        {...form.getInputProps("password")}
      />
      <FormError error={change.error} fields={FIELDS} />
    </DialogForm>
  );
}
