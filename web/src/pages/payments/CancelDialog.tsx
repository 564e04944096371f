import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import type { Purchase } from "./queries";

export function CancelDialog({ purchase, onClose }: { purchase: Purchase; onClose: () => void }) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const what = `${minutesText(purchase.seconds)} ${purchase.tier} for ${moneyText(purchase.paid_usd)}`;
  const cancel = useMutation({
    mutationFn: () => {
      const params = { path: { purchase: purchase.id }, header: intent(purchase.id) };
      return unwrap(client.POST("/v1/purchases/{purchase}/cancel", { params }));
    },
    onSuccess: () => {
      notifications.show({ message: `The purchase of ${what} was called off.` });
      onClose();
    },
    onSettled: () => {
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
    },
  });
  return (
    <ConfirmDialog
      title="Call off this purchase?"
      confirm="Call it off"
      keep="Keep it"
      destructive
      busy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        {what} is not paid yet, so no minutes are lost. It cannot be marked paid afterwards; record it again if the
        money comes after all.
      </Text>
    </ConfirmDialog>
  );
}
