// Signing in: email and password, then a code from who has two-factor sign-in.
import { Alert } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Navigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { client, isCode, unwrap } from "../../api/client";
import { asMe, keys, setupQuery } from "../../api/queries";
import { Doorway } from "../../widgets/Doorway";
import { CodeStep } from "./CodeStep";
import { PasswordStep, type Credentials } from "./PasswordStep";

const route = getRouteApi("/signin");

export function SignInPage() {
  const { next = "/", notice } = route.useSearch();
  const setup = useQuery(setupQuery).data;
  const router = useRouter();
  const queryClient = useQueryClient();
  /** Whoever proved their password, and owes a code. */
  const [known, setKnown] = useState<Credentials | null>(null);
  const signIn = useMutation({
    mutationFn: async (body: Credentials & { code?: string }) =>
      asMe(await unwrap(client.POST("/v1/auth/login", { body }))),
    onSuccess: (me) => {
      queryClient.setQueryData(keys.me, me);
      router.history.push(next);
    },
    onError: (error, { email, password }) => {
      if (isCode(error, "two_factor_required")) setKnown({ email, password });
      else if (isCode(error, "wrong_credentials")) setKnown(null);
    },
  });
  const begin = () => {
    setKnown(null);
    signIn.reset();
  };

  if (setup?.needed) return <Navigate to="/setup" />;
  if (known) {
    return (
      <CodeStep
        email={known.email}
        error={signIn.error}
        busy={signIn.isPending}
        onSubmit={(code) => signIn.mutate({ ...known, code })}
        onBack={begin}
      />
    );
  }
  return (
    <Doorway
      title="Sign in"
      lead={
        setup?.demo
          ? "This server holds a made-up agency; its sign-in was printed when it started."
          : "To your agency's account manager."
      }
    >
      {notice && (
        <Alert role="status" icon={<IconCheck size={16} />} p="xs" mb="md">
          Your new password is set. Sign in with it; you were signed out everywhere.
        </Alert>
      )}
      <PasswordStep
        email={signIn.variables?.email ?? ""}
        sendsMail={setup?.sends_mail}
        error={signIn.error}
        busy={signIn.isPending}
        onSubmit={(credentials) => signIn.mutate(credentials)}
      />
    </Doorway>
  );
}
