import { Button, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { Dialog } from "../../widgets/form/Dialog";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { NO_PROOF, PROOF_FIELDS, proofBody, ProofFields, useProofRules } from "../../widgets/form/ProofFields";

interface ProveStepProps {
  isAnew: boolean;
  leave: ReactNode;
  onProven: (secret: Schemas["TotpSecret"]) => void;
}

export function ProveStep({ isAnew, leave, onProven }: ProveStepProps) {
  const form = useForm({ initialValues: NO_PROOF, validate: useProofRules() });
  const begin = useMutation({
    mutationFn: (proof: typeof form.values) => unwrap(client.POST("/v1/me/totp", { body: proofBody(proof) })),
    onSuccess: onProven,
    onError: (error) => form.setErrors(fieldErrors(error, PROOF_FIELDS)),
  });
  return (
    <form onSubmit={form.onSubmit((proof) => begin.mutate(proof))} noValidate>
      <Stack>
        <Text size="sm">
          {isAnew
            ? "For a new phone, say. The app you have counts until the new one has shown its first code. If it is gone, use a recovery code."
            : "Whenever you sign in you will be asked for a code from your phone. Any authenticator app makes them: Google Authenticator, 1Password, Aegis, or the one you have."}
        </Text>
        <ProofFields form={form} />
        <FormError error={begin.error} fields={PROOF_FIELDS} />
        <Dialog.Buttons>
          {leave}
          <Button type="submit" loading={begin.isPending}>
            Continue
          </Button>
        </Dialog.Buttons>
      </Stack>
    </form>
  );
}
