// Where one is signed in: each session with its device, and a way to end it.
import { Badge, Button, Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { TimeText } from "../../widgets/figures/figures";
import { Panel } from "../../widgets/Panel";
import { ErrorState, errorText } from "../../widgets/states/states";
import { useCursorList } from "../../widgets/table/useCursorList";
import classes from "./AccountPage.module.css";
import { EndOthersDialog } from "./EndOthersDialog";

type Session = Schemas["Session"];

export function SessionsSection() {
  const list = useCursorList(keys.sessions, (ask, signal) =>
    unwrap(client.GET("/v1/me/sessions", { params: { query: ask }, ...(signal && { signal }) })),
  );
  const [isEnding, setEnding] = useState(false);
  // The one in use stands first, whichever is the newest.
  const sessions = [...list.rows].sort((one, other) => Number(other.current) - Number(one.current));
  return (
    <Panel
      title="Where you are signed in"
      hint="A session ends after 14 days without use, and after 90 days in any case."
      flush
      action={
        sessions.length > 1 && (
          <Button variant="default" onClick={() => setEnding(true)}>
            Sign out all others
          </Button>
        )
      }
    >
      {list.error && <ErrorState error={list.error} onRetry={list.retry} />}
      {list.isPending && <Skeleton height={120} />}
      <ul className={classes.rows} aria-label="Sessions">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {list.hasMore && (
        <Button variant="subtle" fullWidth loading={list.isFetchingMore} onClick={list.fetchMore}>
          Show more
        </Button>
      )}
      {isEnding && <EndOthersDialog onClose={() => setEnding(false)} />}
    </Panel>
  );
}

function deviceText({ device }: Session): string {
  return device === null ? "Unknown program" : device.charAt(0).toUpperCase() + device.slice(1);
}

function SessionRow({ session }: { session: Session }) {
  const DeviceIcon = /iPhone|iPad|Android/.test(session.device ?? "") ? IconDeviceMobile : IconDeviceDesktop;
  const name = deviceText(session);
  return (
    <li className={classes.row}>
      <DeviceIcon size={18} stroke={1.6} aria-hidden="true" />
      <div className={classes.text}>
        <span className={classes.title} title={session.user_agent ?? undefined}>
          {name}
          {session.current && (
            <Badge size="xs" color="pine" tt="none">
              This one
            </Badge>
          )}
        </span>
        <small>
          {session.ip ?? "Unknown address"} ·{" "}
          {session.current ? (
            "in use now"
          ) : (
            <>
              last used <TimeText at={session.last_seen_at} ago />
            </>
          )}{" "}
          · since <TimeText at={session.created_at} />
        </small>
      </div>
      {!session.current && <EndButton session={session} name={name} />}
    </li>
  );
}

function EndButton({ session, name }: { session: Session; name: string }) {
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: () => unwrap(client.DELETE("/v1/me/sessions/{session}", { params: { path: { session: session.id } } })),
    onSuccess: () => notifications.show({ message: `${name} was signed out.` }),
    onError: (error) => notifications.show({ color: "red", title: "Not signed out", message: errorText(error) }),
    // Also where it had ended by itself: what is shown is renewed.
    onSettled: () =>
      Promise.all([keys.sessions, keys.audit].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`Sign out ${name}, ${session.ip ?? "unknown address"}`}
      loading={end.isPending}
      onClick={() => end.mutate()}
    >
      Sign out
    </Button>
  );
}
