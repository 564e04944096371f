import type { ReactNode } from "react";
import classes from "./Toolbar.module.css";

interface ToolbarProps {
  search?: ReactNode;
  filters?: ReactNode;
  /** What one does with the rows. */
  actions: ReactNode;
}

/** Search and filters on the left, actions on the right; on a narrow screen, all but the search in one row that scrolls. */
export function Toolbar({ search, filters, actions }: ToolbarProps) {
  return (
    <div className={classes.toolbar}>
      {search}
      <div className={classes.rest}>
        {filters}
        <span className={classes.space} />
        {actions}
      </div>
    </div>
  );
}
