import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys, asMe } from "../../api/queries";
import { fieldErrors } from "../../widgets/form/FormError";
import { SettingsSection } from "../settings/SettingsSection";

const FIELDS = ["name"] as const;

export function NameSection({ name: before }: { name: string }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: before },
    validate: { name: (name) => (name.trim() ? null : "Enter your name") },
  });
  const save = useMutation({
    mutationFn: async ({ name }: typeof form.values) =>
      asMe(await unwrap(client.PATCH("/v1/me", { body: { name: name.trim() } }))),
    onSuccess: (me) => {
      queryClient.setQueryData(keys.me, me);
      form.resetDirty();
      notifications.show({ message: "Your name was changed." });
      for (const queryKey of [keys.users, keys.audit]) void queryClient.invalidateQueries({ queryKey });
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <SettingsSection
      title="Name"
      hint="What others see beside what you do."
      scope="Past events in the audit trail keep the name you had then."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
    >
      <TextInput label="Your name" autoComplete="name" maxLength={120} maw={360} {...form.getInputProps("name")} />
    </SettingsSection>
  );
}
