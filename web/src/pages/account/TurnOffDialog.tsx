import { Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { NO_PROOF, PROOF_FIELDS, proofBody, ProofFields, useProofRules } from "../../widgets/form/ProofFields";

export function TurnOffDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: NO_PROOF, validate: useProofRules() });
  const turnOff = useMutation({
    mutationFn: (proof: typeof form.values) => unwrap(client.DELETE("/v1/me/totp", { body: proofBody(proof) })),
    onSuccess: () => {
      notifications.show({ message: "Two-factor sign-in is off. Your password alone signs you in." });
      for (const queryKey of [keys.me, keys.users, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, PROOF_FIELDS)),
  });
  return (
    <DialogForm
      title="Turn two-factor sign-in off?"
      submit="Turn off"
      cancel="Keep it on"
      busy={turnOff.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((proof) => turnOff.mutate(proof))}
    >
      <Text size="sm">
        Whoever finds out your password is in then. Your recovery codes stop counting, too; for a new phone, set it up
        anew instead.
      </Text>
      <ProofFields form={form} />
      <FormError error={turnOff.error} fields={PROOF_FIELDS} />
    </DialogForm>
  );
}
