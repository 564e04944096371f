// Money back for minutes that are unused: what the server would give back, before it is given back.
import { Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { MinutesText, MoneyText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FactRow, Facts } from "../../widgets/form/Facts";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { exactMinutesText, minutesText, minutesTyped, secondsTyped } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import type { Purchase } from "./queries";

const TYPING_PAUSE_MS = 200;

interface RefundDialogProps {
  purchase: Purchase;
  account: string;
  onClose: () => void;
}

function quoteQuery(purchase: string, seconds: number | null) {
  return {
    queryKey: ["refund_quote", purchase, seconds],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const body = seconds === null ? {} : { seconds };
      return unwrap(
        client.POST("/v1/purchases/{purchase}/refund/quote", { params: { path: { purchase } }, body, signal }),
      );
    },
    gcTime: 0,
    retry: false,
  };
}

export function RefundDialog({ purchase, account, onClose }: RefundDialogProps) {
  const most = useQuery(quoteQuery(purchase.id, null));
  if (most.data) return <RefundForm purchase={purchase} account={account} most={most.data} onClose={onClose} />;
  return (
    <Dialog title="Refund" onClose={onClose}>
      <Stack>
        {most.isPending ? <Loader aria-label="Asking for a quote" /> : <FormError error={most.error} fields={[]} />}
        <Dialog.Buttons>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}

interface RefundFormProps extends RefundDialogProps {
  most: Schemas["RefundQuote"];
}

function RefundForm({ purchase, account, most, onClose }: RefundFormProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [typed, setTyped] = useState(minutesTyped(most.refundable_seconds));
  const [submitted, setSubmitted] = useState(false);
  const seconds = secondsTyped(typed);
  const tooMany = seconds !== null && seconds > most.refundable_seconds;
  const [asked] = useDebouncedValue(tooMany ? null : seconds, TYPING_PAUSE_MS);
  const quote = useQuery({ ...quoteQuery(purchase.id, asked), enabled: !!asked });
  const current = quote.data?.seconds === seconds ? quote.data : null;
  const refund = useMutation({
    mutationFn: (body: Schemas["RefundInput"]) => {
      const params = { path: { purchase: purchase.id }, header: intent(body) };
      return unwrap(client.POST("/v1/purchases/{purchase}/refund", { params, body }));
    },
    onSuccess: (made) => {
      const on = made.state === "pending" ? "is on its way" : "was refunded";
      notifications.show({ message: `${moneyText(made.amount_usd)} ${on} for ${minutesText(made.seconds)}.` });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (current) refund.mutate({ seconds: current.seconds });
  };
  const hint = tooMany
    ? `At most ${exactMinutesText(most.refundable_seconds)} are left of it`
    : submitted && !seconds
      ? "Enter minutes in whole seconds, such as 12.5 or 12:30"
      : null;
  return (
    <DialogForm
      title={`Refund to ${account}`}
      submit={current ? `Refund ${moneyText(current.amount_usd)}` : "Refund"}
      destructive
      busy={refund.isPending}
      disabled={!!seconds && !current}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        {purchase.provider === "manual"
          ? "Takes the minutes out of the wallet and the sale out of your books. The money you give back yourself."
          : "Takes the minutes out of the wallet, and the money goes back to the card."}{" "}
        It cannot be taken back.
      </Text>
      <Group gap={8} align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          label={`${TIER_LABELS[purchase.tier]} minutes`}
          description={`${exactMinutesText(most.refundable_seconds)} of ${exactMinutesText(purchase.seconds)} can be refunded`}
          inputMode="decimal"
          rightSection="min"
          rightSectionWidth={44}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={hint}
          data-autofocus
        />
        <Button variant="default" mb={hint ? 22 : 0} onClick={() => setTyped(minutesTyped(most.refundable_seconds))}>
          All
        </Button>
      </Group>
      {current && (
        <Facts label="Quote">
          <FactRow label={purchase.provider === "manual" ? "You give back" : "Back to the card"}>
            <MoneyText usd={current.amount_usd} fw={600} />
          </FactRow>
          <FactRow label="Out of the wallet">
            <MinutesText seconds={current.seconds} />
          </FactRow>
          {current.profit_usd !== null && (
            <>
              <FactRow label="Profit you lose">
                <MoneyText usd={current.profit_usd} />
              </FactRow>
            </>
          )}
        </Facts>
      )}
      <FormError error={refund.error ?? (current ? null : quote.error)} fields={[]} />
    </DialogForm>
  );
}
