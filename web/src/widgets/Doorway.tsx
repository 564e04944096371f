// The frame of the pages before sign-in.
import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Doorway.module.css";

interface DoorwayProps {
  title: string;
  lead: ReactNode;
  children: ReactNode;
}

export function Doorway({ title, lead, children }: DoorwayProps) {
  return (
    <main className={classes.page}>
      <title>{`${title} · Minutebank`}</title>
      <div className={classes.box}>
        <div className={classes.brand}>
          <img src="/favicon.svg" width={30} height={30} alt="" />
          Minutebank
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
