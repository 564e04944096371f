import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_STATUS } from "../../api/queries";
import { TimeText } from "../../widgets/figures/figures";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { useIntent } from "../../widgets/form/intent";

interface RestoreDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function RestoreDialog({ account, onClose }: RestoreDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const restore = useMutation({
    mutationFn: () => {
      const params = { path: { subaccount: account.id }, header: intent(account.id) };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/restore", { params }));
    },
    onSuccess: () => {
      notifications.show({ message: `${account.name} is active again.` });
      for (const queryKey of ACCOUNT_STATUS) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Restore access of ${account.name}`}
      confirm="Restore access"
      keep="Keep suspended"
      busy={restore.isPending}
      error={restore.error}
      onConfirm={() => restore.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        Its people can work and buy minutes again, from now on. Nothing else was changed when it was suspended
        {account.suspension && (
          <>
            {" "}
            on <TimeText at={account.suspension.at} />
          </>
        )}
        , so everything is as it was.
      </Text>
      {account.suspension?.note && (
        <Text size="sm" c="dimmed">
          The note “{account.suspension.note}” goes.
        </Text>
      )}
    </ConfirmDialog>
  );
}
