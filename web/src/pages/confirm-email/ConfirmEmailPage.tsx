// The page behind the links that the two addresses of a change are sent: opening it confirms.
import { Button, Loader, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { ApiError, client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { useLinkToken } from "../../app/linkToken";
import { DoorwayCard, DoorwayFailure } from "../../widgets/Doorway";

export function ConfirmEmailPage() {
  const token = useLinkToken("/confirm-email");
  if (token === null) {
    return (
      <Told title="Open the link of your mail" lead="This page needs the whole of it.">
        Go back to the mail and open its link again. For your safety, it does not stay in the address of this page.
      </Told>
    );
  }
  return <Confirmation key={token} token={token} />;
}

function Confirmation({ token }: { token: string }) {
  const queryClient = useQueryClient();
  const { mutate, ...confirm } = useMutation({
    mutationFn: () => unwrap(client.POST("/v1/auth/email/confirm", { body: { token } })),
    // In this browser somebody may be signed in whose address it is.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.me }),
  });
  useEffect(() => mutate(), [mutate]);
  if (confirm.isError) return <Refused error={confirm.error} onRetry={() => mutate()} />;
  if (!confirm.isSuccess) {
    return (
      <DoorwayCard title="Confirming your address" lead="One moment">
        <Loader aria-label="Loading" />
      </DoorwayCard>
    );
  }
  return <Confirmed {...confirm.data} />;
}

function Confirmed({ email, is_done: isDone, old_confirmed: oldConfirmed }: Schemas["EmailConfirmation"]) {
  if (isDone) {
    return (
      <Told title="Your address was changed" lead={`From now on you sign in with ${email}.`}>
        Both addresses have confirmed it. Your password is the same, and you stay signed in where you are.
      </Told>
    );
  }
  return (
    <Told title="One of two confirmations is there" lead="The change counts with the second.">
      {oldConfirmed
        ? `Now open the link in the mail that was sent to ${email}.`
        : "Now open the link in the mail that was sent to the address you sign in with so far."}{" "}
      Until then nothing changes; after a day the links expire.
    </Told>
  );
}

const REFUSALS: Record<string, { title: string; lead: string; next: string }> = {
  link_not_found: {
    title: "This link does not work any more",
    lead: "It was used, a newer change has replaced it, or it is not whole.",
    next: "Your account says how the change stands. If none waits there, ask for it again.",
  },
  link_expired: {
    title: "This change has ended",
    lead: "Its links work for a day, and not after it was taken back.",
    next: "You sign in with the same address as before. Ask for the change again in your account.",
  },
  email_taken: {
    title: "Somebody else has this address by now",
    lead: "Every email is used once in the whole system.",
    next: "You sign in with the same address as before. Change it to another one in your account.",
  },
};

function Refused({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const refusal = error instanceof ApiError ? REFUSALS[error.code] : undefined;
  if (refusal) {
    return (
      <Told title={refusal.title} lead={refusal.lead}>
        {refusal.next}
      </Told>
    );
  }
  return (
    <DoorwayFailure title="This could not be confirmed" lead="Your link is not lost." error={error} onRetry={onRetry} />
  );
}

function Told({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <DoorwayCard title={title} lead={lead}>
      <Text size="sm">{children}</Text>
      <Button size="sm" component={Link} to="/account">
        Go to your account
      </Button>
    </DoorwayCard>
  );
}
