// The page behind the link that somebody who forgot their password was sent.
import { Button, Paper, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { client, isStatus, unwrap } from "../../api/client";
import { forgetPerson } from "../../api/queries";
import { useLinkToken } from "../../app/linkToken";
import { Doorway } from "../../widgets/Doorway";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { newPasswordFault, NewPasswordInput } from "../../widgets/form/NewPassword";
import { DeadLink } from "./DeadLink";
import { BackToSignIn } from "./ForgotPage";

const FIELDS = ["password"];

export function ResetPage() {
  const token = useLinkToken("/reset");
  return token === null ? <DeadLink reason="missing" /> : <ResetForm key={token} token={token} />;
}

function ResetForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { password: "" }, validate: { password: newPasswordFault } });
  const reset = useMutation({
    mutationFn: ({ password }: typeof form.values) =>
      unwrap(client.POST("/v1/auth/password/reset", { body: { token, password } })),
    onSuccess: async () => {
      await navigate({ to: "/signin", search: { notice: "password_reset" } });
      // Whoever was signed in here as the same user is not any more.
      forgetPerson(queryClient);
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  if (isStatus(reset.error, 404)) return <DeadLink reason="unknown" />;
  if (isStatus(reset.error, 409)) return <DeadLink reason="expired" />;
  return (
    <Doorway title="Set a new password" lead="All your open sessions end; then you sign in with it.">
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit((values) => reset.mutate(values))} noValidate>
          <Stack>
            <NewPasswordInput label="New password" {...form.getInputProps("password")} />
            <FormError error={reset.error} fields={FIELDS} />
            <Button type="submit" size="sm" loading={reset.isPending}>
              Set the password
            </Button>
            <BackToSignIn />
          </Stack>
        </form>
      </Paper>
    </Doorway>
  );
}
