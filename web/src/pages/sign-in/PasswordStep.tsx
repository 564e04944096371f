import { Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { FormError } from "../../widgets/form/FormError";

export interface Credentials {
  email: string;
  password: string;
}

interface PasswordStepProps {
  /** As it was typed before, by who comes back to this step. */
  email: string;
  /** Undefined while it is not known. */
  sendsMail: boolean | undefined;
  error: unknown;
  busy: boolean;
  onSubmit: (credentials: Credentials) => void;
}

export function PasswordStep({ email: before, sendsMail, error, busy, onSubmit }: PasswordStepProps) {
  const form = useForm({
    initialValues: { email: before, password: "" },
    validate: {
      email: (email) => (email.trim() === "" ? "Enter your email" : null),
      password: (password) => (password === "" ? "Enter your password" : null),
    },
  });
  return (
    <>
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit(({ email, password }) => onSubmit({ email: email.trim(), password }))} noValidate>
          <Stack>
            <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps("password")} />
            <FormError error={error} fields={[]} />
            <Button type="submit" size="sm" loading={busy}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
      {sendsMail !== undefined && (
        <Text size="xs" c="dimmed" mt="sm">
          {sendsMail ? (
            <Anchor component={Link} to="/forgot" size="xs">
              Forgot your password?
            </Anchor>
          ) : (
            <>Forgot your password? {WITHOUT_MAIL}</>
          )}
        </Text>
      )}
    </>
  );
}

export const WITHOUT_MAIL =
  "This server sends no mail: ask an admin of your agency to invite you again, or whoever runs the server to set a new password.";
