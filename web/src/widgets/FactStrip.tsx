// A few figures side by side that say how things stand now, whatever range is chosen below them.
import { Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./FactStrip.module.css";

interface FactStripProps {
  label: string;
  /** Shown as a shadow until it is known. */
  isPending: boolean;
  children: ReactNode;
}

export function FactStrip({ label, isPending, children }: FactStripProps) {
  if (isPending) return <Skeleton className={classes.strip} height={88} />;
  return (
    <section aria-label={label}>
      <dl className={classes.strip}>{children}</dl>
    </section>
  );
}

interface FactProps {
  label: string;
  hint: ReactNode;
  children: ReactNode;
}

export function Fact({ label, hint, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <Text component="dt" size="xs" c="dimmed" fw={500}>
        {label}
      </Text>
      <dd className={`${classes.value ?? ""} figures`}>{children}</dd>
      <Text component="dd" size="xs" c="dimmed" m={0} className="figures">
        {hint}
      </Text>
    </div>
  );
}
