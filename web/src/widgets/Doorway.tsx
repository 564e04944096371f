// The frame of the pages before sign-in.
import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Doorway.module.css";
import { Monogram } from "./Monogram";

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
