// The address and the password one signs in with.
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Me } from "../../api/queries";
import { isStaff, useMe } from "../../app/session";
import { Panel } from "../../widgets/Panel";
import classes from "./AccountPage.module.css";
import { ChangeEmailDialog } from "./ChangeEmailDialog";
import { ChangePasswordDialog } from "./ChangePasswordDialog";
import { PendingEmail } from "./PendingEmail";
import { Row } from "./Row";

export function CredentialsSection() {
  const me = useMe();
  const { user, email_change: pending } = me;
  const fixed = whyEmailStays(me);
  const [changing, setChanging] = useState<"email" | "password" | null>(null);
  const close = () => setChanging(null);
  return (
    <Panel title="Email and password" flush>
      <div className={classes.rows}>
        <Row
          title="Email"
          actions={
            fixed === null && (
              <Button variant="default" aria-label="Change email" onClick={() => setChanging("email")}>
                Change
              </Button>
            )
          }
        >
          {user.email}
          {fixed !== null && `. ${fixed}`}
        </Row>
        {pending && <PendingEmail change={pending} />}
        <Row
          title="Password"
          actions={
            <Button variant="default" aria-label="Change password" onClick={() => setChanging("password")}>
              Change
            </Button>
          }
        >
          Changing it signs you out everywhere else.
        </Row>
      </div>
      {changing === "email" && <ChangeEmailDialog onClose={close} />}
      {changing === "password" && <ChangePasswordDialog onClose={close} />}
    </Panel>
  );
}

/** Null where it can be changed. */
function whyEmailStays(me: Me): string | null {
  if (isStaff(me)) return "It stays as whoever runs the server has set it.";
  return me.agency.sends_mail
    ? null
    : "It cannot be changed: this server sends no mail by which it could be confirmed.";
}
