import { getRouteApi } from "@tanstack/react-router";
import { PageHeader } from "../../widgets/PageHeader";
import { CallsList } from "./CallsList";
import classes from "./CallsPage.module.css";

const route = getRouteApi("/app/calls");

/** The calls of every account that one may see. */
export function CallsPage() {
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader title="Calls" />
      <div className={classes.pull}>
        <CallsList search={route.useSearch()} onSearch={(search) => void navigate({ search, replace: true })} />
      </div>
    </>
  );
}
