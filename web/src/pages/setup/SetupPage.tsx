// The first visit to a new server: its one-time link makes the agency and its owner.
import { Button, Code, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { client, isStatus, unwrap, type Schemas } from "../../api/client";
import { keys, setupQuery } from "../../api/queries";
import { tokenOf } from "../../app/linkToken";
import { Doorway } from "../../widgets/Doorway";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { newPasswordFault, NewPasswordInput } from "../../widgets/form/NewPassword";
import { timezones } from "../../widgets/form/timezones";

const FIELDS = ["agency", "name", "email", "password", "timezone"] as const;

export function SetupPage() {
  const setup = useQuery(setupQuery).data;
  const [token] = useState(() => tokenOf(window.location.hash));
  if (setup && !setup.needed) return <Navigate to="/signin" />;
  return token ? <SetupForm token={token} /> : <NoToken />;
}

function NoToken() {
  return (
    <Doorway title="Almost there" lead="This server has no agency yet.">
      <Paper withBorder p="lg" radius="lg">
        <Stack gap="sm">
          <Text size="sm">
            Open the one-time set-up link that the server printed when it started. It ends in{" "}
            <Code>/setup#token=…</Code>
          </Text>
          <Text size="sm" c="dimmed">
            No terminal at hand? Whoever runs the server can make the agency there with <Code>minutebank init</Code>.
          </Text>
        </Stack>
      </Paper>
    </Doorway>
  );
}

function SetupForm({ token }: { token: string }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const intent = useIntent();
  const form = useForm({
    initialValues: {
      agency: "",
      name: "",
      email: "",
      password: "",
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    validate: {
      agency: (value) => (value.trim() ? null : "Name your agency"),
      name: (value) => (value.trim() ? null : "Enter your name"),
      email: (value) => (value.includes("@") ? null : "Enter an email address"),
      password: newPasswordFault,
    },
  });
  const complete = useMutation({
    mutationFn: (values: typeof form.values) => {
      const body: Schemas["SetupInput"] = { ...values, token, email: values.email.trim() };
      return unwrap(client.POST("/v1/setup", { body, params: { header: intent(body) } }));
    },
    onSuccess: (me) => {
      queryClient.setQueryData(keys.me, me);
      // Read again by the next who asks; renewed here, this page would lead to sign-in before it is left.
      queryClient.removeQueries({ queryKey: keys.setup });
      router.history.push("/");
    },
    onError: (error) => form.setErrors(fieldErrors(error, FIELDS)),
  });
  return (
    <Doorway title="Set up your agency" lead="You become its owner. All of this can be changed later.">
      <Paper withBorder p="lg" radius="lg">
        <form onSubmit={form.onSubmit((values) => complete.mutate(values))} noValidate>
          <Stack>
            <TextInput label="Agency" placeholder="Northwind Voice" maxLength={120} {...form.getInputProps("agency")} />
            <TextInput label="Your name" autoComplete="name" maxLength={120} {...form.getInputProps("name")} />
            <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps("email")} />
            <NewPasswordInput label="Password" {...form.getInputProps("password")} />
            <Select
              label="Timezone"
              description="Days, billing periods and reports follow it."
              searchable
              data={timezones(form.values.timezone)}
              {...form.getInputProps("timezone")}
            />
            <FormError error={complete.error} fields={FIELDS} />
            {isStatus(complete.error, 403) && (
              <Text size="sm">Restart the server to have a new link printed, and open that one.</Text>
            )}
            <Button type="submit" size="sm" loading={complete.isPending}>
              Create agency
            </Button>
          </Stack>
        </form>
      </Paper>
    </Doorway>
  );
}
