import type { ReactNode } from "react";
import classes from "./Toolbar.module.css";

/** Search and filters on the left, what one does with the rows on the right. */
export function Toolbar({ children }: { children: ReactNode }) {
  return <div className={classes.toolbar}>{children}</div>;
}

Toolbar.Space = function Space() {
  return <span className={classes.space} />;
};
