import { Button, Paper, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Navigate, useRouter } from "@tanstack/react-router";
import { client, unwrap } from "../../api/client";
import { asMe, keys, setupQuery } from "../../api/queries";
import { Doorway } from "../../widgets/Doorway";
import { FormError } from "../../widgets/form/FormError";

const route = getRouteApi("/signin");

export function SignInPage() {
  const { next = "/" } = route.useSearch();
  const setup = useQuery(setupQuery).data;
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (email) => (email.trim() === "" ? "Enter your email" : null),
      password: (password) => (password === "" ? "Enter your password" : null),
    },
  });
  const signIn = useMutation({
    mutationFn: async (values: typeof form.values) => {
      const body = { email: values.email.trim(), password: values.password };
      return asMe(await unwrap(client.POST("/v1/auth/login", { body })));
    },
    onSuccess: (me) => {
      queryClient.setQueryData(keys.me, me);
      router.history.push(next);
    },
  });

  if (setup?.needed) return <Navigate to="/setup" />;
  return (
    <Doorway
      title="Sign in"
      lead={
        setup?.demo
          ? "This server holds a made-up agency; its sign-in was printed when it started."
          : "To your agency's account manager."
      }
    >
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
          <Stack>
            <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps("password")} />
            <FormError error={signIn.error} fields={[]} />
            <Button type="submit" size="sm" loading={signIn.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Doorway>
  );
}
