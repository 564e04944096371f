// Buy minutes: with a card that is charged at once, or for money that arrives outside and is then marked paid.
import { Loader, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, subaccountQuery } from "../../api/queries";
import { useMay, useMe } from "../../app/session";
import { PriceText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { minutesText, minutesTyped } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { ErrorState } from "../../widgets/states/states";
import { PaymentDialog } from "../payments/PaymentDialog";
import { cardsQuery, type Card } from "../payments/queries";
import { cardName } from "../payments/words";
import { MarkPaidDialog } from "./MarkPaidDialog";
import { previewPurchase, type SellingBy } from "./selling";
import classes from "./PurchaseDialog.module.css";

interface PurchaseDialogProps {
  subaccountId: string;
  /** Begins with what this one bought. */
  like?: Schemas["Purchase"];
  onClose: () => void;
}

export function PurchaseDialog({ subaccountId, like, onClose }: PurchaseDialogProps) {
  const account = useQuery(subaccountQuery(subaccountId));
  const maySettle = useMay("purchases.settle");
  const takesCards = useMe().agency.takes_cards;
  const cards = useQuery({ ...cardsQuery(subaccountId), enabled: takesCards });
  const [model, setModel] = useState(like);
  const [recorded, setRecorded] = useState<Schemas["Purchase"] | null>(null);

  if (!account.data || (takesCards && cards.isPending)) {
    return (
      <Dialog onClose={onClose} title="Record a purchase">
        {account.isError ? <ErrorState error={account.error} /> : <Loader aria-label="Loading" />}
      </Dialog>
    );
  }
  if (recorded && recorded.payment_method !== null) {
    const again = (failed: Schemas["Purchase"]) => {
      setModel(failed);
      setRecorded(null);
    };
    return <PaymentDialog purchase={recorded} account={account.data.name} onAgain={again} onClose={onClose} />;
  }
  if (recorded && maySettle) {
    return <MarkPaidDialog purchase={recorded} account={account.data.name} fresh onClose={onClose} />;
  }
  return (
    <PurchaseForm
      account={account.data}
      cards={(cards.data ?? []).filter(({ expired }) => !expired)}
      like={model}
      isSeller={maySettle}
      onRecorded={(purchase) => (maySettle || purchase.payment_method !== null ? setRecorded(purchase) : onClose())}
      onClose={onClose}
    />
  );
}

interface PurchaseFormProps {
  account: Schemas["Subaccount"];
  cards: Card[];
  like: Schemas["Purchase"] | undefined;
  /** Else it is the client who buys. */
  isSeller: boolean;
  onRecorded: (purchase: Schemas["Purchase"]) => void;
  onClose: () => void;
}

const HINTS = {
  minutes: "Enter minutes above zero, in whole seconds (12.5 is 12 min 30 s)",
  amount: "Enter an amount that buys at least a second, in whole cents",
};

/** In place of a card. */
const OUTSIDE = "outside";

/** A client pays with their card where there is one; an agency mostly writes down what it was paid already. */
function usualMethod(cards: Card[], like: Schemas["Purchase"] | undefined, isSeller: boolean): string {
  const same = cards.find(({ id }) => id === like?.payment_method);
  const usual = isSeller && !like?.payment_method ? undefined : cards.find((card) => card.default);
  return (same ?? usual)?.id ?? OUTSIDE;
}

function PurchaseForm({ account, cards, like, isSeller, onRecorded, onClose }: PurchaseFormProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [tier, setTier] = useState<Schemas["Tier"]>(like?.tier ?? "premium");
  const [method, setMethod] = useState(usualMethod(cards, like, isSeller));
  const card = cards.find(({ id }) => id === method);
  const [by, setBy] = useState<SellingBy>("minutes");
  const [typed, setTyped] = useState(like ? minutesTyped(like.seconds) : "");
  const [submitted, setSubmitted] = useState(false);
  const preview = previewPurchase(by, typed, account.prices[tier]);
  const record = useMutation({
    mutationFn: ({ seconds, paid }: { seconds: number; paid: string }) => {
      const what = by === "minutes" ? { seconds } : { amount_usd: paid };
      const body: Schemas["PurchaseInput"] = { tier, ...what, ...(card && { payment_method: card.id }) };
      const path = { subaccount: account.id };
      return unwrap(
        client.POST("/v1/subaccounts/{subaccount}/purchases", { params: { path, header: intent(body) }, body }),
      );
    },
    onSuccess: (purchase) => {
      if (!card)
        notifications.show({
          message: `${isSeller ? "Recorded" : "Ordered"}: ${minutesText(purchase.seconds)} for ${moneyText(purchase.paid_usd)}.`,
        });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onRecorded(purchase);
    },
  });
  const refusal = Object.values(fieldErrors(record.error, ["seconds", "amount_usd"]))[0];
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (preview) record.mutate(preview);
  };
  return (
    <DialogForm
      title={isSeller ? `Record a purchase for ${account.name}` : `Buy minutes for ${account.name}`}
      submit={submitLabel(card !== undefined, isSeller, preview?.paid)}
      busy={record.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        {card
          ? `${cardName(card)} is charged now, and the minutes are in the wallet as soon as it is paid.`
          : isSeller
            ? "For money that reaches you outside Minutebank. The minutes are added once it is marked paid."
            : "Your agency is told what to bill. The minutes are added once it has marked the order paid."}
      </Text>
      <SegmentedControl
        fullWidth
        aria-label="Tier"
        value={tier}
        onChange={(value) => setTier(value)}
        data={(["premium", "basic"] as const).map((value) => ({ value, label: TIER_LABELS[value] }))}
      />
      <Stack gap={8}>
        <SegmentedControl
          fullWidth
          aria-label="Sell by"
          value={by}
          onChange={(value) => {
            setBy(value);
            setTyped("");
            setSubmitted(false);
          }}
          data={[
            { value: "minutes", label: "By minutes" },
            { value: "amount", label: "By amount" },
          ]}
        />
        <TextInput
          data-autofocus
          label={by === "minutes" ? "Minutes" : "Amount"}
          inputMode="decimal"
          placeholder={by === "minutes" ? "2,000" : "400.00"}
          {...(by === "minutes" ? { rightSection: "min", rightSectionWidth: 44 } : { leftSection: "$" })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={refusal ?? (submitted && !preview ? HINTS[by] : null)}
        />
      </Stack>
      {cards.length > 0 && (
        <Select
          label="Paid with"
          data={[
            { value: OUTSIDE, label: isSeller ? "Money outside Minutebank" : "A bill from your agency" },
            ...cards.map((one) => ({ value: one.id, label: cardName(one) + (one.default ? " (default)" : "") })),
          ]}
          value={method}
          onChange={(value) => setMethod(value ?? OUTSIDE)}
        />
      )}
      <output className={classes.preview} aria-label="Preview">
        <Text size="xs" c="dimmed">
          {isSeller ? "The client" : "You"} {paysOrGets(by, isSeller)}
        </Text>
        <Text fw={600} size="lg" className="figures">
          {preview ? (by === "minutes" ? moneyText(preview.paid) : minutesText(preview.seconds)) : "–"}
        </Text>
        <Text size="xs" c="dimmed">
          at <PriceText price={account.prices[tier]} perMinute />
        </Text>
      </output>
      <FormError error={record.error} fields={["seconds", "amount_usd"]} />
    </DialogForm>
  );
}

/** What it says is what happens. */
function submitLabel(byCard: boolean, isSeller: boolean, paid: string | undefined): string {
  if (byCard) return paid === undefined ? "Pay" : `Pay ${moneyText(paid)}`;
  return isSeller ? "Record purchase" : "Order minutes";
}

function paysOrGets(by: SellingBy, isSeller: boolean): string {
  const verb = by === "minutes" ? "pay" : "get";
  return isSeller ? `${verb}s` : verb;
}
