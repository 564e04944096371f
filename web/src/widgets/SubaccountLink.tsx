import { Link } from "@tanstack/react-router";
import classes from "./SubaccountLink.module.css";

export function SubaccountLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/subaccounts/$subaccount" params={{ subaccount: id }} className={classes.link} title={name}>
      {name}
    </Link>
  );
}
