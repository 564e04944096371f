// What the link to a new password says when it opens nothing, and what to do then.
import { Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { DoorwayCard } from "../../widgets/Doorway";
import { BackToSignIn } from "./ForgotPage";

const REASONS = {
  missing: {
    title: "Open the link of your mail",
    lead: "This page needs the whole of it.",
    next: "Go back to the mail and open its link again. For your safety, it does not stay in the address of this page.",
  },
  unknown: {
    title: "This link does not work any more",
    lead: "It was used, a newer one has replaced it, or it is not whole.",
    next: "If you have set a new password with it, sign in. Otherwise open the link of the newest mail, or ask for another.",
  },
  expired: {
    title: "This link has expired",
    lead: "A link works for an hour.",
    next: "Your password is what it was. Ask for another link to set a new one.",
  },
};

export function DeadLink({ reason }: { reason: keyof typeof REASONS }) {
  const { title, lead, next } = REASONS[reason];
  return (
    <DoorwayCard title={title} lead={lead}>
      <Text size="sm">{next}</Text>
      <Button size="sm" component={Link} to="/forgot">
        Ask for another link
      </Button>
      <BackToSignIn />
    </DoorwayCard>
  );
}
