import { Button, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { ROLE_LABELS } from "../../app/roles";
import { Doorway } from "../../widgets/Doorway";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { newPasswordFault, NewPasswordInput } from "../../widgets/form/NewPassword";
import { exactInstantText, instantText } from "../../widgets/format/time";
import classes from "./AcceptPage.module.css";
import { isRefusal, Refusal } from "./Refusal";

type Preview = Schemas["InvitationPreview"];

const FIELDS = ["name", "password"];

/** To somebody who has just been asked in, a role is what they will be able to do. */
const WHAT_YOU_MAY: Record<Schemas["Role"], string> = {
  agency_owner: "",
  agency_admin: "You can do everything in every account, but hand the agency over.",
  agency_member: "You work in the agency's own account and in those below.",
  subaccount_admin: "You have full access inside these accounts.",
  subaccount_member: "You see everything inside these accounts, and can add cards and buy minutes.",
};

export function AcceptForm({ token, invitation }: { token: string; invitation: Preview }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: "", password: "" },
    validate: {
      name: (name) => (name.trim() ? null : "Enter your name"),
      password: newPasswordFault,
    },
  });
  const accept = useMutation({
    mutationFn: ({ name, password }: typeof form.values) =>
      unwrap(client.POST("/v1/invitations/accept", { body: { token, name: name.trim(), password } })),
    onSuccess: (me) => {
      // Whoever was signed in here before is not any more.
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "invitation" });
      queryClient.setQueryData(keys.me, me);
      router.history.push("/");
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  const { agency } = invitation;
  const brand = agency.branding.name ?? agency.name;
  if (isRefusal(accept.error)) return <Refusal error={accept.error} onRetry={() => accept.reset()} />;
  return (
    <Doorway
      brand={brand}
      title={`Join ${brand}`}
      lead={invitation.invited_by ? `${invitation.invited_by} invites you.` : "You are invited."}
    >
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit((values) => accept.mutate(values))} noValidate>
          <Stack>
            <Facts invitation={invitation} />
            <TextInput
              label="Your name"
              autoComplete="name"
              maxLength={120}
              data-autofocus
              {...form.getInputProps("name")}
            />
            {/* So that a password manager keeps the password under the right name. */}
            <input type="hidden" name="username" autoComplete="username" value={invitation.email} />
            <NewPasswordInput label="Password" {...form.getInputProps("password")} />
            <FormError error={accept.error} fields={FIELDS} />
            <Button type="submit" size="sm" loading={accept.isPending}>
              Accept and sign in
            </Button>
          </Stack>
        </form>
      </Paper>
      <Text size="xs" c="dimmed" mt="sm">
        Not expected? Close this page; without you, nothing happens.
      </Text>
    </Doorway>
  );
}

function Facts({ invitation }: { invitation: Preview }) {
  const { agency, role, expires_at: until } = invitation;
  return (
    <dl className={classes.facts}>
      <dt>Email</dt>
      <dd>{invitation.email}</dd>
      <dt>Role</dt>
      <dd>
        {ROLE_LABELS[role]}
        <small>{WHAT_YOU_MAY[role]}</small>
      </dd>
      <dt>Accounts</dt>
      <dd>{accountsText(invitation)}</dd>
      <dt>Valid until</dt>
      <dd className="figures" title={exactInstantText(until, agency.timezone)}>
        {instantText(until, agency.timezone)}
      </dd>
    </dl>
  );
}

const NAMED = 8;

function accountsText({ role, subaccounts }: Preview): string {
  if (role === "agency_admin") return "All";
  const own = role === "agency_member" ? ["The agency's own"] : [];
  if (subaccounts === "all") return [...own, own.length > 0 ? "all clients'" : "All clients' accounts"].join(" and ");
  const names = [...own, ...subaccounts.map((account) => account.name)];
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(", ")} and ${more} more` : names.join(", ");
}
