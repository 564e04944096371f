import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../../api/client";
import { keys } from "../../api/queries";
import { useZone } from "../../app/session";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { exactMoneyText } from "../../widgets/format/money";
import { instantText } from "../../widgets/format/time";
import type { BasePrices } from "./queries";

interface CancelPricesDialogProps {
  prices: BasePrices;
  plan: string;
  onClose: () => void;
}

export function CancelPricesDialog({ prices, plan, onClose }: CancelPricesDialogProps) {
  const queryClient = useQueryClient();
  const zone = useZone();
  const cancel = useMutation({
    mutationFn: () => {
      const params = { path: { price_change: prices.id } };
      return unwrap(client.DELETE("/v1/platform/prices/{price_change}", { params }));
    },
    onSuccess: () => {
      notifications.show({ message: `The base prices of ${plan} stay as they are.` });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Cancel the base prices of ${plan}`}
      confirm="Cancel these prices"
      keep="Keep them"
      destructive
      busy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        {exactMoneyText(prices.premium)} per premium and {exactMoneyText(prices.basic)} per basic minute will not count
        from {instantText(prices.effective_at, zone)} UTC on. Every agency on the plan sees that at once.
      </Text>
    </ConfirmDialog>
  );
}
