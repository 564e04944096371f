import { Group, Text, Title } from "@mantine/core";
import { useId, type ReactNode } from "react";
import classes from "./Panel.module.css";

interface PanelProps {
  title?: string;
  /** A sentence under the title. */
  hint?: string;
  action?: ReactNode;
  /** Rows reach from edge to edge. */
  flush?: boolean;
  children: ReactNode;
}

/** A bordered part of a page with a heading of its own. */
export function Panel({ title, hint, action, flush = false, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} {...(title && { "aria-labelledby": id })}>
      {title && (
        <Group className={classes.head} justify="space-between" wrap="nowrap">
          <div>
            <Title order={2} id={id}>
              {title}
            </Title>
            {hint && (
              <Text size="xs" c="dimmed">
                {hint}
              </Text>
            )}
          </div>
          {action}
        </Group>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
