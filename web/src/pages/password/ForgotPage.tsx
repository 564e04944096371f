// A link to set a new password. The answer is the same for every address, so that nobody finds out who has an account.
import { Anchor, Button, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client, unwrap } from "../../api/client";
import { setupQuery } from "../../api/queries";
import { Doorway, DoorwayCard } from "../../widgets/Doorway";
import { FormError } from "../../widgets/form/FormError";
import { WITHOUT_MAIL } from "../sign-in/PasswordStep";

export function ForgotPage() {
  const setup = useQuery(setupQuery).data;
  const ask = useMutation({
    mutationFn: (email: string) => unwrap(client.POST("/v1/auth/password/forgot", { body: { email } })),
  });
  if (setup?.sends_mail === false) {
    return (
      <DoorwayCard title="Forgot your password?" lead="A new one cannot be set by mail here.">
        <Text size="sm">{WITHOUT_MAIL}</Text>
        <BackToSignIn />
      </DoorwayCard>
    );
  }
  if (ask.isSuccess) return <Asked email={ask.variables} onAgain={() => ask.reset()} />;
  return <AskForm error={ask.error} busy={ask.isPending} onSubmit={(email) => ask.mutate(email)} />;
}

interface AskFormProps {
  error: unknown;
  busy: boolean;
  onSubmit: (email: string) => void;
}

function AskForm({ error, busy, onSubmit }: AskFormProps) {
  const form = useForm({
    initialValues: { email: "" },
    validate: { email: (email) => (email.includes("@") ? null : "Enter the email you sign in with") },
  });
  return (
    <Doorway title="Forgot your password?" lead="We send you a link to set a new one.">
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit(({ email }) => onSubmit(email.trim()))} noValidate>
          <Stack>
            <TextInput
              label="Email"
              type="email"
              autoComplete="username"
              maxLength={254}
              {...form.getInputProps("email")}
            />
            <FormError error={error} fields={[]} />
            <Button type="submit" size="sm" loading={busy}>
              Send the link
            </Button>
            <BackToSignIn />
          </Stack>
        </form>
      </Paper>
    </Doorway>
  );
}

function Asked({ email, onAgain }: { email: string; onAgain: () => void }) {
  return (
    <DoorwayCard title="Check your mail" lead={`If somebody signs in with ${email}, a link is on its way there.`}>
      <Text size="sm" role="status">
        The link works once, for an hour. Nothing there after some minutes? Check the spam folder, and that this is the
        address you sign in with. Within five minutes of one link no other is sent.
      </Text>
      <Button variant="default" size="sm" onClick={onAgain}>
        Use another address
      </Button>
      <BackToSignIn />
    </DoorwayCard>
  );
}

export function BackToSignIn() {
  return (
    <Anchor component={Link} to="/signin" size="sm">
      Back to sign-in
    </Anchor>
  );
}
