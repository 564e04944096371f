import { Button, Code, Stack, Text } from "@mantine/core";
import { useMay } from "../../app/session";
import { Dialog } from "../../widgets/form/Dialog";
import { Note } from "../../widgets/Note";
import type { Invitation } from "./queries";

interface MailFailureDialogProps {
  invitation: Invitation;
  onResend: () => void;
  onRevoke: () => void;
  onClose: () => void;
}

/** Why the mail of an invitation did not arrive, and what helps. */
export function MailFailureDialog({ invitation, onResend, onRevoke, onClose }: MailFailureDialogProps) {
  const { email, mail } = invitation;
  const mayManage = useMay("users.manage");
  const isTriedAgain = mail?.state === "waiting";
  return (
    <Dialog onClose={onClose} title={isTriedAgain ? "The mail is delayed" : "The mail was not delivered"}>
      <Stack>
        <Note>
          The mail server answered:
          <br />
          <Code>{mail?.error}</Code>
        </Note>
        <Text size="sm">
          {isTriedAgain
            ? "It is tried again by itself for three days. Nothing needs to be done, unless the address is wrong."
            : `It is not tried again by itself. Check the address first: ${email}. If it is right, send the invitation again; if it is wrong, revoke this one and invite the right address.`}
        </Text>
        <Dialog.Buttons>
          {mayManage ? (
            <>
              <Button variant="default" onClick={onRevoke}>
                Revoke…
              </Button>
              <Button onClick={onResend}>Send again…</Button>
            </>
          ) : (
            <Button onClick={onClose}>Close</Button>
          )}
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}
