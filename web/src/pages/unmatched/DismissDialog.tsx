import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";

const FIELDS = ["reason"] as const;

/** Nobody is charged for it, for a reason. */
export function DismissDialog({ call, onClose }: { call: Schemas["UnmatchedCall"]; onClose: () => void }) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (reason) => (reason.trim() ? null : "Say why, for whoever asks later") },
  });
  const dismiss = useMutation({
    mutationFn: ({ reason }: typeof form.values) => {
      const body = { reason: reason.trim() };
      return unwrap(
        client.POST("/v1/unmatched_calls/{unmatched_call}/dismiss", {
          params: { path: { unmatched_call: call.id }, header: intent(body) },
          body,
        }),
      );
    },
    onSuccess: () => {
      for (const queryKey of [keys.unmatched, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <DialogForm
      title="Dismiss this call?"
      submit="Dismiss"
      destructive
      busy={dismiss.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => dismiss.mutate(values))}
    >
      <Text size="sm">Nobody is charged for it, also when the engine reports it again.</Text>
      <TextInput
        label="Reason"
        placeholder="A test call of ours"
        maxLength={200}
        data-autofocus
        {...form.getInputProps("reason")}
      />
      <FormError error={dismiss.error} fields={FIELDS} />
    </DialogForm>
  );
}
