// Buy knowledge credits from the platform, out of the agency's credit; the server holds to the cost that is shown here.
import { Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { ApiError, client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, keys } from "../../api/queries";
import { MoneyText } from "../../widgets/figures/figures";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { decimalText, parseDecimal } from "../../widgets/format/decimal";
import { exactMoneyText } from "../../widgets/format/money";
import { creditsText, creditsTyped } from "./knowledge";

interface BuyKnowledgeDialogProps {
  /** Of one, as the plan has it. */
  price: string;
  agency: Schemas["Agency"];
  onClose: () => void;
}

export function BuyKnowledgeDialog({ price, agency, onClose }: BuyKnowledgeDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [typed, setTyped] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const credits = creditsTyped(typed);
  const cost = credits === null ? null : costOf(credits, price);
  const buy = useMutation({
    mutationFn: (body: Schemas["KnowledgePurchaseInput"]) =>
      unwrap(client.POST("/v1/knowledge_purchases", { params: { header: intent(body) }, body })),
    onSuccess: (bought) => {
      notifications.show({ message: `${creditsText(bought.credits)} bought for ${exactMoneyText(bought.cost_usd)}.` });
      for (const queryKey of [...ACCOUNT_FIGURES, keys.knowledge, keys.agency, keys.profits])
        void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === "quote_changed")
        void queryClient.invalidateQueries({ queryKey: keys.agency });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (credits && cost) buy.mutate({ credits, cost_usd: cost });
  };

  return (
    <DialogForm
      title="Buy knowledge credits"
      submit={cost ? `Buy for ${exactMoneyText(cost)}` : "Buy credits"}
      busy={buy.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextInput
        data-autofocus
        label="Credits"
        description={`${exactMoneyText(price)} each in your plan`}
        inputMode="numeric"
        placeholder="1"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={submitted && !credits ? "Enter a whole number of credits" : null}
      />
      <Text size="sm">
        They are paid for out of your credit with the platform, which stands at <MoneyText usd={agency.credit_usd} />,
        and come to {agency.name}, your own account. From there you move them to clients.
      </Text>
      <FormError error={buy.error} fields={[]} />
    </DialogForm>
  );
}

function costOf(credits: number, price: string): string | null {
  const micros = parseDecimal(price);
  return micros === null ? null : decimalText(micros * BigInt(credits));
}
