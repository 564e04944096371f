import type { ReactNode } from "react";
import classes from "./AccountPage.module.css";

interface RowProps {
  title: string;
  /** Right behind the title: a status. */
  beside?: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
}

/** Something that one has, and what can be done with it. */
export function Row({ title, beside, children, actions }: RowProps) {
  return (
    <div className={classes.row} data-wraps>
      <div className={classes.text}>
        <span className={classes.title}>
          {title}
          {beside}
        </span>
        <small>{children}</small>
      </div>
      {actions && <div className={classes.buttons}>{actions}</div>}
    </div>
  );
}
