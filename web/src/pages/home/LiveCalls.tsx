// The calls that are in progress now: how many, and the newest of them.
import { Skeleton, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { figuresInterval, keys } from "../../api/queries";
import { countText, durationText, minutesText } from "../../widgets/format/minutes";
import { LiveSign } from "../../widgets/LiveSign";
import { Panel } from "../../widgets/Panel";
import { ErrorState } from "../../widgets/states/states";
import { SubaccountLink } from "../../widgets/SubaccountLink";
import classes from "./LiveCalls.module.css";

const SHOWN = 6;

/** The calls in progress: how many, and the newest. */
const callsInProgressQuery = queryOptions({
  queryKey: [...keys.reservations, "newest"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/reservations", { params: { query: { limit: SHOWN } }, signal })),
  refetchInterval: figuresInterval,
});

export function LiveCalls() {
  const calls = useQuery(callsInProgressQuery);
  const total = calls.data?.total ?? 0;
  return (
    <Panel
      title={total > 0 ? `Calls in progress · ${countText(total)}` : "Calls in progress"}
      flush
      action={<LiveSign />}
    >
      {calls.isError ? (
        <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />
      ) : calls.data ? (
        <Calls calls={calls.data.data} total={total} />
      ) : (
        <Skeleton height={40} m="md" w="auto" />
      )}
    </Panel>
  );
}

function Calls({ calls, total }: { calls: Schemas["Reservation"][]; total: number }) {
  const now = useSecond(calls.length > 0);
  if (calls.length === 0) {
    return (
      <Text size="sm" c="dimmed" px={16} py={12}>
        {total > 0
          ? "Calls are coming in."
          : "None just now. Calls that ask for minutes before they begin show up here."}
      </Text>
    );
  }
  return (
    <ul className={classes.list}>
      {calls.map((call) => (
        <Call key={call.id} call={call} now={now} />
      ))}
    </ul>
  );
}

function Call({ call, now }: { call: Schemas["Reservation"]; now: number }) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(call.created_at)) / 1000));
  return (
    <li>
      <div className={classes.who}>
        <SubaccountLink id={call.subaccount} name={call.subaccount_name ?? call.subaccount} />
        <small>{`${call.direction === "inbound" ? "Inbound" : "Outbound"}, ${minutesText(call.granted_seconds)} ${call.tier} held`}</small>
      </div>
      <span className="figures">{durationText(seconds)}</span>
    </li>
  );
}

/** The time, moving by the second while there is something to time. */
function useSecond(moves: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!moves) return;
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [moves]);
  return now;
}
