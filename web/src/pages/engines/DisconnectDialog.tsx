import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import type { Connection } from "./queries";

export function DisconnectDialog({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () =>
      unwrap(
        client.DELETE("/v1/engine_connections/{engine_connection}", {
          params: { path: { engine_connection: connection.id } },
        }),
      ),
    onSuccess: () => {
      notifications.show({ message: `${connection.name} is disconnected.` });
      for (const queryKey of [keys.engines, keys.audit]) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Disconnect ${connection.name}?`}
      confirm="Disconnect"
      keep="Keep it"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        Its URL takes nothing from the next report on, and cannot be brought back. Calls that were charged stay, and
        what waits can still be told whose it is.
      </Text>
    </ConfirmDialog>
  );
}
