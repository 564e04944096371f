import { Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { DialogForm } from "../../widgets/form/DialogForm";
import { Facts } from "../../widgets/form/Facts";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";

interface MarkPaidDialogProps {
  purchase: Schemas["Purchase"];
  /** The name of the account that bought. */
  account: string;
  /** It was recorded just now, so it can wait. */
  fresh?: boolean;
  onClose: () => void;
}

export function MarkPaidDialog({ purchase, account, fresh = false, onClose }: MarkPaidDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const pay = useMutation({
    mutationFn: () => {
      const params = { path: { purchase: purchase.id }, header: intent(purchase.id) };
      return unwrap(client.POST("/v1/purchases/{purchase}/mark_paid", { params }));
    },
    onSuccess: (paid) => {
      const left = paid.balances?.[paid.tier === "basic" ? "basic_seconds" : "premium_seconds"];
      const now = left === undefined ? "" : ` It has ${minutesText(left)} now.`;
      notifications.show({ message: `${minutesText(paid.seconds)} were added to ${account}.${now}` });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    pay.mutate();
  };
  return (
    <DialogForm
      title={fresh ? "Is it paid?" : "Mark as paid"}
      submit="Mark paid"
      cancel={fresh ? "Not yet" : "Cancel"}
      busy={pay.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        Once you say so, the minutes are in the wallet of {account} and the sale is in your books. This cannot be undone
        here.
      </Text>
      <Facts label="Purchase">
        <dt>{TIER_LABELS[purchase.tier]} minutes</dt>
        <dd>
          <MinutesText seconds={purchase.seconds} />
        </dd>
        <dt>Price</dt>
        <dd>
          <PriceText price={purchase.unit_price} perMinute />
        </dd>
        <dt>The client pays</dt>
        <dd>
          <MoneyText usd={purchase.paid_usd} fw={600} />
        </dd>
        {purchase.profit_usd !== null && (
          <>
            <dt>Your profit</dt>
            <dd>
              <MoneyText usd={purchase.profit_usd} />
            </dd>
          </>
        )}
      </Facts>
      <FormError error={pay.error} fields={[]} />
    </DialogForm>
  );
}
