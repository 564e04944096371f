import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap } from "../../api/client";
import type { AssignableRole } from "../../app/roles";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { ACCESS_FIELDS, accessBody, AccessFields, accessRules, type AccessValues } from "./AccessFields";
import { LinkOnce } from "./LinkOnce";
import { PEOPLE, type Invitation } from "./queries";

const FIELDS = ["email", ...ACCESS_FIELDS];

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Invitation | null>(null);
  return made ? <LinkOnce invitation={made} onClose={onClose} /> : <InviteForm onMade={setMade} onClose={onClose} />;
}

interface InviteFormProps {
  onMade: (invitation: Invitation) => void;
  onClose: () => void;
}

function InviteForm({ onMade, onClose }: InviteFormProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm<AccessValues & { email: string }>({
    initialValues: { email: "", role: null, reach: "some", accounts: [] },
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : "Enter an email address"),
      ...accessRules,
    },
  });
  const invite = useMutation({
    mutationFn: ({ email, role, access }: { email: string; role: AssignableRole; access: AccessValues }) => {
      const body = { email: email.trim(), ...accessBody(role, access) };
      return unwrap(client.POST("/v1/invitations", { body, params: { header: intent(body) } }));
    },
    onSuccess: (invitation) => {
      for (const queryKey of PEOPLE) void queryClient.invalidateQueries({ queryKey });
      onMade(invitation);
    },
    onError: (error) => {
      const { subaccounts, ...others } = fieldErrors(error, FIELDS);
      form.setErrors({ ...others, ...(subaccounts && { accounts: subaccounts }) });
    },
  });
  return (
    <DialogForm
      title="Invite somebody"
      submit="Invite"
      busy={invite.isPending}
      onClose={onClose}
      onSubmit={form.onSubmit(({ email, role, ...access }) => {
        if (role) invite.mutate({ email, role, access: { role, ...access } });
      })}
    >
      <TextInput
        label="Email"
        description="They sign in with it. An address belongs to one person in the whole system."
        type="email"
        placeholder="grace@northwind.example"
        autoComplete="off"
        maxLength={254}
        data-autofocus
        {...form.getInputProps("email")}
      />
      <AccessFields form={form} />
      <FormError error={invite.error} fields={FIELDS} />
    </DialogForm>
  );
}
