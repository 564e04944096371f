import { Link } from "@tanstack/react-router";
import classes from "../../widgets/SubaccountLink.module.css";

export function AgencyLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/platform/agencies/$agency" params={{ agency: id }} className={classes.link} title={name}>
      {name}
    </Link>
  );
}
