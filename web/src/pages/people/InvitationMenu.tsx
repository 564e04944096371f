// What can be done to an invitation that waits.
import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconMailForward, IconMailOff, IconMailQuestion } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { useMay } from "../../app/session";
import { isUndelivered } from "./InvitationMail";
import { MailFailureDialog } from "./MailFailureDialog";
import type { Invitation } from "./queries";
import { ResendDialog } from "./ResendDialog";
import { RevokeInvitationDialog } from "./RevokeInvitationDialog";

type InvitationDialog = "failure" | "resend" | "revoke";

interface InvitationMenuProps {
  invitation: Invitation;
  onChoose: (dialog: InvitationDialog, invitation: Invitation) => void;
}

export function InvitationMenu({ invitation, onChoose }: InvitationMenuProps) {
  if (!useMay("users.manage")) return null;
  return (
    <Menu width={210}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${invitation.email}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isUndelivered(invitation) && (
          <Menu.Item
            leftSection={<IconMailQuestion size={15} stroke={1.7} />}
            onClick={() => onChoose("failure", invitation)}
          >
            Why it did not arrive…
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconMailForward size={15} stroke={1.7} />}
          onClick={() => onChoose("resend", invitation)}
        >
          Send again…
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconMailOff size={15} stroke={1.7} />}
          onClick={() => onChoose("revoke", invitation)}
        >
          Revoke…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The dialogs, and the door to them. */
export function useInvitationDialogs() {
  const [shown, setShown] = useState<{ dialog: InvitationDialog; invitation: Invitation } | null>(null);
  const open = useCallback((dialog: InvitationDialog, invitation: Invitation) => setShown({ dialog, invitation }), []);
  const close = () => setShown(null);
  return {
    open,
    element: shown && (
      <>
        {shown.dialog === "failure" && (
          <MailFailureDialog
            invitation={shown.invitation}
            onResend={() => open("resend", shown.invitation)}
            onRevoke={() => open("revoke", shown.invitation)}
            onClose={close}
          />
        )}
        {shown.dialog === "resend" && <ResendDialog invitation={shown.invitation} onClose={close} />}
        {shown.dialog === "revoke" && <RevokeInvitationDialog invitation={shown.invitation} onClose={close} />}
      </>
    ),
  };
}
