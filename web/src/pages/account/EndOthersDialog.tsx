import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, isStatus, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { MOST_ROWS } from "../../widgets/table/paging";

/** One after the other; what has ended meanwhile needs no end. */
async function endOthers() {
  for (;;) {
    const query = { limit: MOST_ROWS };
    const { data, next_cursor: more } = await unwrap(client.GET("/v1/me/sessions", { params: { query } }));
    for (const { id } of data.filter(({ current }) => !current)) {
      await unwrap(client.DELETE("/v1/me/sessions/{session}", { params: { path: { session: id } } })).catch(
        (error: unknown) => {
          if (!isStatus(error, 404)) throw error;
        },
      );
    }
    if (more === null) return;
  }
}

export function EndOthersDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: endOthers,
    onSuccess: () => {
      notifications.show({ message: "You were signed out everywhere else." });
      onClose();
    },
    onSettled: () =>
      Promise.all([keys.sessions, keys.audit].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  });
  return (
    <ConfirmDialog
      title="Sign out everywhere else?"
      confirm="Sign out all others"
      keep="Cancel"
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        All your sessions but this one end at once. If one of them is not yours, change your password as well.
      </Text>
    </ConfirmDialog>
  );
}
