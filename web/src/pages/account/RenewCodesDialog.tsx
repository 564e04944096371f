import { Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { NO_PROOF, PROOF_FIELDS, proofBody, ProofFields, useProofRules } from "../../widgets/form/ProofFields";
import { RecoveryCodes } from "../two-factor/RecoveryCodes";

export function RenewCodesDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: NO_PROOF, validate: useProofRules() });
  const renew = useMutation({
    mutationFn: (proof: typeof form.values) => unwrap(client.POST("/v1/me/recovery_codes", { body: proofBody(proof) })),
    onSuccess: () => {
      for (const queryKey of [keys.me, keys.audit]) void queryClient.invalidateQueries({ queryKey });
    },
    onError: (error) => form.setErrors(fieldErrors(error, PROOF_FIELDS)),
  });
  if (renew.isSuccess) {
    return (
      <Dialog
        onClose={onClose}
        title="Your new recovery codes"
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <RecoveryCodes codes={renew.data.recovery_codes} onStored={onClose} />
      </Dialog>
    );
  }
  return (
    <DialogForm
      title="Make new recovery codes"
      submit="Make new codes"
      busy={renew.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((proof) => renew.mutate(proof))}
    >
      <Text size="sm">You get ten. Those that you have now stop counting at once.</Text>
      <ProofFields form={form} />
      <FormError error={renew.error} fields={PROOF_FIELDS} />
    </DialogForm>
  );
}
