// A card is being charged: what its processor answers, and what to do then.
import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { client, unwrap } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { Dialog } from "../../widgets/form/Dialog";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { cardsQuery, purchaseQuery, type Purchase } from "./queries";
import { cardName, failureText } from "./words";

interface PaymentDialogProps {
  purchase: Purchase;
  account: string;
  /** Buys the same once more. */
  onAgain: (failed: Purchase) => void;
  onClose: () => void;
}

const TITLES: Partial<Record<Purchase["state"], string>> = {
  processing: "Paying",
  requires_action: "Confirm the payment",
  succeeded: "Paid",
  failed: "Not paid",
};

export function PaymentDialog({ purchase: asked, account, onAgain, onClose }: PaymentDialogProps) {
  const queryClient = useQueryClient();
  const query = useQuery(purchaseQuery(asked));
  const purchase = query.data ?? asked;
  const cards = useQuery(cardsQuery(asked.payer ?? asked.subaccount)).data;
  const card = cards?.find(({ id }) => id === purchase.payment_method);
  const { state } = purchase;
  useEffect(() => {
    if (state === "processing") return;
    for (const queryKey of ACCOUNT_FIGURES) {
      void queryClient.invalidateQueries({ queryKey, predicate: ({ queryKey: key }) => key[1] !== "one" });
    }
  }, [state, queryClient]);
  const intent = useIntent();
  const confirm = useMutation({
    mutationFn: () => {
      const params = { path: { purchase: purchase.id }, header: intent(purchase.id) };
      return unwrap(client.POST("/v1/purchases/{purchase}/complete_action", { params }));
    },
    onSuccess: (processing) => {
      queryClient.setQueryData(purchaseQuery(asked).queryKey, processing);
      void query.refetch();
    },
  });
  return (
    <Dialog title={TITLES[state] ?? "Payment"} onClose={onClose}>
      <Stack>
        <div role="status">
          <Said purchase={purchase} account={account} card={card ? cardName(card) : "the card"} />
        </div>
        <FormError error={confirm.error ?? query.error} fields={[]} />
        <Dialog.Buttons>
          {state === "failed" && (
            <Button variant="default" onClick={() => onAgain(purchase)}>
              Try again
            </Button>
          )}
          <Button {...(state === "requires_action" && { variant: "default" })} onClick={onClose} data-autofocus>
            {state === "processing" || state === "requires_action" ? "Close" : "Done"}
          </Button>
          {state === "requires_action" && (
            <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
              I have confirmed it
            </Button>
          )}
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}

function Said({ purchase, account, card }: { purchase: Purchase; account: string; card: string }) {
  const paid = moneyText(purchase.paid_usd);
  const minutes = `${minutesText(purchase.seconds)} ${purchase.tier}`;
  if (purchase.state === "processing")
    return (
      <Group gap={10} wrap="nowrap" align="flex-start">
        <Loader size="xs" mt={2} aria-hidden="true" />
        <Text size="sm">
          Charging {card} {paid} for {minutes}. You may close this: it goes on by itself, is charged once, and stands in
          the list below.
        </Text>
      </Group>
    );
  if (purchase.state === "requires_action")
    return (
      <Text size="sm">
        The bank asks the owner of {card} to confirm {paid}, in its app or on its page. Say so here when that is done.
        The payment waits for a day, and no minutes are added before.
      </Text>
    );
  if (purchase.state === "succeeded")
    return (
      <Text size="sm">
        {paid} was paid with {card}. {minutes} are in the wallet of {account}.
      </Text>
    );
  return (
    <Text size="sm">
      {failureText(purchase.failure ?? "")} {paid} was not charged and no minutes were added.
    </Text>
  );
}
