// The address and the password one signs in with.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../../app/session";
import { Panel } from "../../widgets/Panel";
import classes from "./AccountPage.module.css";
import { ChangeEmailDialog } from "./ChangeEmailDialog";
import { ChangePasswordDialog } from "./ChangePasswordDialog";
import { PendingEmail } from "./PendingEmail";
import { Row } from "./Row";

export function CredentialsSection() {
  const { user, agency, email_change: pending } = useMe();
  const [changing, setChanging] = useState<"email" | "password" | null>(null);
  const close = () => setChanging(null);
  return (
    <Panel title="Email and password" flush>
      <div className={classes.rows}>
        <Row
          title="Email"
          actions={
            agency.sends_mail && (
              <Button variant="default" aria-label="Change email" onClick={() => setChanging("email")}>
                Change
              </Button>
            )
          }
        >
          {user.email}
          {!agency.sends_mail && ". It cannot be changed: this server sends no mail by which it could be confirmed."}
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
