import { Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { ACCOUNT_STATUS } from "../../api/queries";
import { TimeText } from "../../widgets/figures/figures";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { newKey, useIntent } from "../../widgets/form/intent";
import { offerUndo } from "../../widgets/undo";
import { restoreSubaccount, suspendSubaccount } from "./suspension";

interface RestoreDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function RestoreDialog({ account, onClose }: RestoreDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const refresh = () => {
    for (const queryKey of ACCOUNT_STATUS) void queryClient.invalidateQueries({ queryKey });
  };
  const undo = async () => {
    const note = account.suspension?.note ?? null;
    await suspendSubaccount(account.id, note, { "Idempotency-Key": newKey() }).finally(refresh);
    return `${account.name} is suspended again${note ? ", with the same note" : ""}.`;
  };
  const restore = useMutation({
    mutationFn: () => restoreSubaccount(account.id, intent(account.id)),
    onSuccess: () => {
      offerUndo({ message: `${account.name} is active again.`, undo });
      refresh();
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
