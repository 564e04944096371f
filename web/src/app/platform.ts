// Going into an agency and out of it, for the platform's staff.
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";
import { errorText } from "../widgets/states/states";

/** A fresh page: nothing stays that was read on the other side. */
function beginAnew(path: string) {
  window.location.assign(path);
}

export function useEnterAgency(agency: string) {
  return useMutation({
    mutationFn: () => unwrap(client.POST("/v1/platform/agencies/{agency}/enter", { params: { path: { agency } } })),
    onSuccess: () => beginAnew("/"),
  });
}

export function useLeaveAgency() {
  return useMutation({
    mutationFn: () => unwrap(client.POST("/v1/platform/leave")),
    onSuccess: () => beginAnew("/platform"),
    onError: (error) => notifications.show({ color: "red", title: "You are still inside", message: errorText(error) }),
  });
}
