// On every page of an agency that somebody of the platform's staff entered: where they are, who sees it, and the way out.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDoorExit } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";
import { errorText } from "../widgets/states/states";
import { useMe } from "./session";
import classes from "./StaffBar.module.css";

/** Whoever goes in or out begins anew: nothing stays that was read on the other side. */
export function beginAnew(path: string) {
  window.location.assign(path);
}

export function useLeaveAgency() {
  return useMutation({
    mutationFn: () => unwrap(client.POST("/v1/platform/leave")),
    onSuccess: () => beginAnew("/platform"),
    onError: (error) => notifications.show({ color: "red", title: "You are still inside", message: errorText(error) }),
  });
}

export function StaffBar() {
  const { agency } = useMe();
  const leave = useLeaveAgency();
  return (
    <aside className={classes.bar} aria-label="Platform staff">
      <p className={classes.text}>
        <strong>You are inside {agency.name} as platform staff.</strong> Everything you do is recorded and shown to the
        agency.
      </p>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDoorExit size={14} stroke={1.7} />}
        loading={leave.isPending || leave.isSuccess}
        onClick={() => leave.mutate()}
      >
        Leave
      </Button>
    </aside>
  );
}
