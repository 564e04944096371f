// What a new agency does first, until its first call has come in.
import { Anchor, Text } from "@mantine/core";
import { IconCircleCheckFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Panel } from "../../widgets/Panel";
import classes from "./GettingStarted.module.css";

interface GettingStartedProps {
  hasClients: boolean;
  hasSold: boolean;
}

export function GettingStarted({ hasClients, hasSold }: GettingStartedProps) {
  return (
    <Panel title="Get started" hint="Three steps to the first call that is charged.">
      <ol className={classes.steps}>
        <Step number={1} done={hasClients} title="Add a sub-account">
          A client with a wallet and prices of its own.{" "}
          <Anchor inherit underline="always" component={Link} to="/subaccounts?dialog=add">
            Add one
          </Anchor>
        </Step>
        <Step number={2} done={hasSold} title="Sell it minutes">
          Record what it paid you, and its wallet is filled.{" "}
          <Anchor inherit underline="always" component={Link} to="/subaccounts">
            Choose whom
          </Anchor>
        </Step>
        <Step number={3} done={false} title="Connect your voice engine">
          It reports calls with a key, or a call-detail file is imported.{" "}
          <Anchor inherit underline="always" component={Link} to="/api-keys">
            Create a key
          </Anchor>
        </Step>
      </ol>
    </Panel>
  );
}

interface StepProps {
  number: number;
  done: boolean;
  title: string;
  children: ReactNode;
}

function Step({ number, done, title, children }: StepProps) {
  return (
    <li className={classes.step} data-done={done || undefined}>
      {done ? (
        <IconCircleCheckFilled size={22} className={classes.check} aria-label="Done" />
      ) : (
        <span className={classes.number} aria-hidden="true">
          {number}
        </span>
      )}
      <div>
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {children}
        </Text>
      </div>
    </li>
  );
}
