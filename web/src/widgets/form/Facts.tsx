// The figures of what a dialog is about to do, one under the other.
import { Loader, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { errorText } from "../states/states";
import classes from "./Facts.module.css";

export function Facts({ label, children }: { label: string; children: ReactNode }) {
  return (
    <dl className={`${classes.facts ?? ""} figures`} aria-label={label}>
      {children}
    </dl>
  );
}

export function FactRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

interface NoFactsProps {
  asking: boolean;
  error: unknown;
  /** What is said before there is anything to ask for. */
  children: ReactNode;
}

/** What stands there until the server has said them. */
export function NoFacts({ asking, error, children }: NoFactsProps) {
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {asking ? <Loader size="xs" aria-label="Asking for the figures" /> : error ? errorText(error) : children}
    </Text>
  );
}
