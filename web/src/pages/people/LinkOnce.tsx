import { Button, Stack, Text } from "@mantine/core";
import { useMe, useZone } from "../../app/session";
import { CopyField } from "../../widgets/form/CopyField";
import { Dialog } from "../../widgets/form/Dialog";
import { instantText } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";
import type { Invitation } from "./queries";

/** Whether the server sends invitations by mail; else whoever invites passes the link on. */
function useSendsMail(): boolean {
  const { agency } = useMe();
  return agency.sends_mail;
}

/** How the invitation gets to the person: by mail, or by the link that is shown this one time. */
export function LinkOnce({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { email, link } = invitation;
  const until = instantText(invitation.expires_at, useZone());
  const sendsMail = useSendsMail();
  return (
    <Dialog
      onClose={onClose}
      title={link ? `Invitation for ${email}` : "Invited"}
      {...(link && { closeOnClickOutside: false, closeOnEscape: false, withCloseButton: false })}
    >
      <Stack>
        {link && <CopyField label="Invitation link" value={link} />}
        {link ? (
          <Note>
            Pass this link on to {email}. It works once, until {until}, and nobody can show it again; <i>Send again</i>{" "}
            makes a new one.
          </Note>
        ) : (
          <Text size="sm">
            {sendsMail
              ? `It is on its way to ${email}. Its link works once, until ${until}. Whether the mail was taken stands beside it among the pending ones.`
              : `This invitation was made by an earlier try, and its link was shown then. Send it again for a new one.`}
          </Text>
        )}
        <Dialog.Buttons>
          <Button onClick={onClose} data-autofocus={!link || undefined}>
            {link ? "I have passed it on" : "Done"}
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
