// Two-factor sign-in: off, or on with what belongs to it.
import { Button } from "@mantine/core";
import { useState } from "react";
import { useMe } from "../../app/session";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import { Panel } from "../../widgets/Panel";
import classes from "./AccountPage.module.css";
import { RenewCodesDialog } from "./RenewCodesDialog";
import { Row } from "./Row";
import { SetUpDialog } from "./SetUpDialog";
import { TurnOffDialog } from "./TurnOffDialog";

/** Fewer recovery codes than this are worth a word. */
const FEW_CODES = 3;

type Shown = "set_up" | "codes" | "turn_off";

export function TwoFactorSection() {
  const { user } = useMe();
  const [shown, show] = useState<Shown | null>(null);
  const close = () => show(null);
  return (
    <Panel title="Two-factor sign-in" hint="A code from your phone, besides the password." flush>
      <div className={classes.rows}>
        {user.two_factor ? <On onChoose={show} /> : <Off onSetUp={() => show("set_up")} />}
      </div>
      {shown === "set_up" && <SetUpDialog onClose={close} />}
      {shown === "codes" && <RenewCodesDialog onClose={close} />}
      {shown === "turn_off" && <TurnOffDialog onClose={close} />}
    </Panel>
  );
}

function Off({ onSetUp }: { onSetUp: () => void }) {
  return (
    <Row
      title="Authenticator app"
      beside={<StatusBadge label="Off" tone="quiet" />}
      actions={<Button onClick={onSetUp}>Set up…</Button>}
    >
      Without it, whoever finds out your password is in.
    </Row>
  );
}

function On({ onChoose }: { onChoose: (shown: Shown) => void }) {
  const { recovery_codes_left: left, two_factor_required: isRequired } = useMe();
  return (
    <>
      <Row
        title="Authenticator app"
        beside={<StatusBadge label="On" tone="good" />}
        actions={
          <>
            <Button variant="default" onClick={() => onChoose("set_up")}>
              Set up anew…
            </Button>
            {!isRequired && (
              <Button variant="default" onClick={() => onChoose("turn_off")}>
                Turn off…
              </Button>
            )}
          </>
        }
      >
        {isRequired
          ? "Your agency requires it, so it can be set up anew, for another phone, but not turned off."
          : "A code is asked for whenever you sign in."}
      </Row>
      <Row
        title="Recovery codes"
        beside={left < FEW_CODES && <StatusBadge label={left === 0 ? "None left" : `Only ${left} left`} tone="warn" />}
        actions={
          <Button variant="default" onClick={() => onChoose("codes")}>
            Make new codes…
          </Button>
        }
      >
        {left === 1 ? "1 code is left." : `${left} codes are left.`} Each signs you in once when your phone is gone.
      </Row>
    </>
  );
}
