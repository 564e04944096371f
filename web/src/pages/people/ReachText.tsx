import type { Role } from "../../app/roles";
import classes from "./PeoplePage.module.css";
import type { Reach } from "./queries";

const NAMED = 2;

/** What somebody of this role reaches, as names. */
export function reachNames(role: Role, reach: Reach): string[] {
  if (role === "agency_owner" || role === "agency_admin" || reach === "all") return ["All"];
  const names = reach.map((account) => account.name);
  return role === "agency_member" ? ["Primary", ...names] : names;
}

/** `Harbor Dental, Cedar Legal +3`; all of them on hover. */
export function ReachText({ role, reach }: { role: Role; reach: Reach }) {
  const names = reachNames(role, reach);
  const more = names.length - NAMED;
  return (
    <span className={classes.reach} title={names.join(", ")}>
      <span>{names.slice(0, NAMED).join(", ")}</span>
      {more > 0 && <span className={classes.more}> +{more}</span>}
    </span>
  );
}
