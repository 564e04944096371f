// The head of every page: where one is, its name, what can be done here. It names the browser's tab too.
import { Anchor, Group, Text, Title } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useBrand } from "../app/session";
import classes from "./PageHeader.module.css";

interface PageHeaderProps {
  title: string;
  /** What the tab says, if not the title. */
  tab?: string;
  above?: { label: string; to: NonNullable<LinkProps["to"]> };
  /** Right behind the title: a count, a status. */
  beside?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, tab = title, above, beside, children, actions }: PageHeaderProps) {
  return (
    <header className={classes.header}>
      <title>{`${tab} · ${useBrand()}`}</title>
      <div className={classes.name}>
        {above && (
          <Anchor component={Link} to={above.to} size="xs" c="dimmed" className={classes.above}>
            {above.label}
          </Anchor>
        )}
        <Group gap={10} wrap="nowrap">
          <Title order={1} lineClamp={1}>
            {title}
          </Title>
          {beside}
        </Group>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
