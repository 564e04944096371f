import { List, Text } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { useBrand } from "../../app/session";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { NO_PROOF, PROOF_FIELDS, proofBody, ProofFields, useProofRules } from "../../widgets/form/ProofFields";
import { PEOPLE, type User } from "./queries";

interface TransferDialogProps {
  user: User;
  onClose: () => void;
}

export function TransferDialog({ user, onClose }: TransferDialogProps) {
  const queryClient = useQueryClient();
  const brand = useBrand();
  const form = useForm({ initialValues: NO_PROOF, validate: useProofRules() });
  const transfer = useMutation({
    mutationFn: (proof: typeof form.values) =>
      unwrap(client.POST("/v1/agency/transfer_ownership", { body: { user_id: user.id, ...proofBody(proof) } })),
    onSuccess: () => {
      notifications.show({ message: `${user.name} owns ${brand} now. You are an Agency Admin.` });
      for (const queryKey of [...PEOPLE, keys.me]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error, PROOF_FIELDS)),
  });
  return (
    <DialogForm
      title={`Make ${user.name} the owner?`}
      submit="Transfer ownership"
      busy={transfer.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit((values) => transfer.mutate(values))}
    >
      <List size="sm" spacing={6}>
        <List.Item>
          {user.name} becomes the one owner of {brand}, and nobody can remove them or change their role.
        </List.Item>
        <List.Item>You become an Agency Admin: all stays open to you, but for handing the agency over.</List.Item>
        <List.Item>Only {user.name} can give it back.</List.Item>
      </List>
      <Text size="sm" c="dimmed">
        So that nobody does this at your open screen, say once more who you are.
      </Text>
      <ProofFields form={form} />
      <FormError error={transfer.error} fields={PROOF_FIELDS} />
    </DialogForm>
  );
}
