// The frame of the pages before sign-in.
import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Doorway.module.css";
import { Monogram } from "./Monogram";
import { errorText } from "./states/states";

const PRODUCT = "Minutebank";

interface DoorwayProps {
  title: string;
  lead: ReactNode;
  /** The agency whose door it is; null while that is not known yet. */
  brand?: string | null;
  children: ReactNode;
}

export function Doorway({ title, lead, brand = PRODUCT, children }: DoorwayProps) {
  return (
    <main className={classes.page}>
      <title>{brand === null ? title : `${title} · ${brand}`}</title>
      <div className={classes.box}>
        <div className={classes.brand}>
          {brand === PRODUCT && <img src="/favicon.svg" width={30} height={30} alt="" />}
          {brand !== PRODUCT && brand !== null && <Monogram name={brand} />}
          {brand}
        </div>
        <Stack gap={4} mb="lg">
          <Title order={1}>{title}</Title>
          <Text size="sm" c="dimmed" component="div">
            {lead}
          </Text>
        </Stack>
        {children}
      </div>
    </main>
  );
}

/** The same with everything in one card. */
export function DoorwayCard({ children, ...doorway }: DoorwayProps) {
  return (
    <Doorway {...doorway}>
      <Paper withBorder p="lg" radius="lg">
        <Stack>{children}</Stack>
      </Paper>
    </Doorway>
  );
}

interface DoorwayFailureProps extends Omit<DoorwayProps, "children"> {
  error: unknown;
  onRetry: () => void;
}

/** What did not work this time, and may the next. */
export function DoorwayFailure({ error, onRetry, ...doorway }: DoorwayFailureProps) {
  return (
    <DoorwayCard {...doorway}>
      <Text size="sm" role="alert">
        {errorText(error)}
      </Text>
      <Button variant="default" size="sm" onClick={onRetry}>
        Try again
      </Button>
    </DoorwayCard>
  );
}
