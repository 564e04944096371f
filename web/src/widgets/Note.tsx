import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Note.module.css";

/** Something to know before going on. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <div className={classes.note} role="note">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}
