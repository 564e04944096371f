// What an invitation's link says when it opens nothing, and what to do then.
import { Anchor, Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ApiError } from "../../api/client";
import { DoorwayCard, DoorwayFailure } from "../../widgets/Doorway";

interface RefusalText {
  title: string;
  lead: string;
  next: string;
  /** They may have an account already. */
  signsIn?: true;
}

const REFUSALS: Record<string, RefusalText> = {
  invitation_not_found: {
    title: "This link is not valid",
    lead: "It may be incomplete, or a newer one has replaced it.",
    next: "Open the link of the latest message you got, and mind that it is whole. Otherwise ask whoever invited you to send it again.",
  },
  invitation_expired: {
    title: "This invitation has expired",
    lead: "An invitation is valid for seven days.",
    next: "Ask whoever invited you to send it again; you get a new link.",
  },
  invitation_revoked: {
    title: "This invitation was taken back",
    lead: "Its link opens nothing any more.",
    next: "If that surprises you, ask whoever invited you.",
  },
  invitation_used: {
    title: "This invitation was accepted already",
    lead: "A link works once.",
    next: "If it was you, sign in with the email that was invited and the password you chose.",
    signsIn: true,
  },
  invitation_subaccounts_removed: {
    title: "There is nothing left to join",
    lead: "The accounts of this invitation were removed meanwhile.",
    next: "Ask whoever invited you for a new invitation.",
  },
  email_taken: {
    title: "You have an account already",
    lead: "The email of this invitation belongs to a user by now.",
    next: "Sign in with it. If you need another role, ask whoever invited you to change yours.",
    signsIn: true,
  },
};

/** Whether this is an answer about the invitation, which no other input could change. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.code in REFUSALS;
}

export function Refusal({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const refusal = error instanceof ApiError ? REFUSALS[error.code] : undefined;
  if (!refusal) {
    return (
      <DoorwayFailure
        title="This could not be loaded"
        lead="Your invitation is not lost."
        error={error}
        onRetry={onRetry}
      />
    );
  }
  return (
    <DoorwayCard title={refusal.title} lead={refusal.lead}>
      <Text size="sm">{refusal.next}</Text>
      {refusal.signsIn ? (
        <Button size="sm" component={Link} to="/signin">
          Sign in
        </Button>
      ) : (
        <SignInInstead />
      )}
    </DoorwayCard>
  );
}

/** The page without a token: opened by itself, or loaded again after the token left the address. */
export function LinkMissing() {
  return (
    <DoorwayCard title="Open your invitation's link" lead="This page needs the whole of it.">
      <Text size="sm">
        Go back to the message with your invitation and open its link again. For your safety, it does not stay in the
        address of this page.
      </Text>
      <SignInInstead />
    </DoorwayCard>
  );
}

function SignInInstead() {
  return (
    <Anchor component={Link} to="/signin" size="sm">
      Have an account already? Sign in
    </Anchor>
  );
}
