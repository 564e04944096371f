import { useQuery } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";
import { keys, LIVE_MS } from "../api/queries";
import classes from "./Navigation.module.css";

/** How many calls wait for somebody to say whose they are; nothing when none does. */
export function UnmatchedCount() {
  const total = useQuery({
    queryKey: [...keys.unmatched, "count"],
    queryFn: ({ signal }) => unwrap(client.GET("/v1/unmatched_calls", { params: { query: { limit: 1 } }, signal })),
    refetchInterval: LIVE_MS,
  }).data?.total;
  return total ? (
    <span className={classes.count} aria-label={`${total} waiting`}>
      {total > 999 ? "999+" : total}
    </span>
  ) : null;
}
