// How an invitation gets to its person: whether its mail went out, and what to do when it did not.
import { UnstyledButton } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import classes from "./InvitationMail.module.css";
import type { Invitation } from "./queries";

type Tone = Parameters<typeof StatusBadge>[0]["tone"];

export function isUndelivered({ mail }: Invitation): boolean {
  return mail !== null && mail.state !== "sent" && mail.error !== null;
}

export function mailText({ mail }: Invitation): string {
  if (mail === null) return "By link";
  if (mail.state === "waiting") return mail.error === null ? "Queued" : "Trying again";
  return mail.state === "sent" ? "Sent" : "Not delivered";
}

function tone({ mail }: Invitation): Tone {
  if (mail === null) return "quiet";
  if (mail.state === "waiting") return mail.error === null ? "accent" : "warn";
  return mail.state === "sent" ? "good" : "bad";
}

interface MailStatusProps {
  invitation: Invitation;
  onExplain: (invitation: Invitation) => void;
}

/** What went wrong is behind it. */
export function MailStatus({ invitation, onExplain }: MailStatusProps) {
  const badge = <StatusBadge label={mailText(invitation)} tone={tone(invitation)} />;
  if (!isUndelivered(invitation)) return badge;
  return (
    <UnstyledButton
      className={classes.why}
      aria-haspopup="dialog"
      title={invitation.mail?.error ?? ""}
      onClick={() => onExplain(invitation)}
    >
      {badge}
      <IconInfoCircle size={15} stroke={1.7} aria-hidden="true" />
    </UnstyledButton>
  );
}
