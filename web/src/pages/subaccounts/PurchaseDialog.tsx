// Record minutes that a client bought outside, then say whether the money is there.
import { Loader, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES, subaccountQuery } from "../../api/queries";
import { useMay } from "../../app/session";
import { PriceText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { minutesText } from "../../widgets/format/minutes";
import { moneyText } from "../../widgets/format/money";
import { ErrorState } from "../../widgets/states/states";
import { MarkPaidDialog } from "./MarkPaidDialog";
import { previewPurchase, type SellingBy } from "./selling";
import classes from "./PurchaseDialog.module.css";

interface PurchaseDialogProps {
  subaccountId: string;
  onClose: () => void;
}

export function PurchaseDialog({ subaccountId, onClose }: PurchaseDialogProps) {
  const account = useQuery(subaccountQuery(subaccountId));
  const maySettle = useMay("purchases.settle");
  const [recorded, setRecorded] = useState<Schemas["Purchase"] | null>(null);

  if (!account.data) {
    return (
      <Dialog onClose={onClose} title="Record a purchase">
        {account.isError ? <ErrorState error={account.error} /> : <Loader aria-label="Loading" />}
      </Dialog>
    );
  }
  if (recorded && maySettle) {
    return <MarkPaidDialog purchase={recorded} account={account.data.name} fresh onClose={onClose} />;
  }
  return (
    <PurchaseForm
      account={account.data}
      isSeller={maySettle}
      onRecorded={maySettle ? setRecorded : onClose}
      onClose={onClose}
    />
  );
}

interface PurchaseFormProps {
  account: Schemas["Subaccount"];
  /** Else it is the client who buys. */
  isSeller: boolean;
  onRecorded: (purchase: Schemas["Purchase"]) => void;
  onClose: () => void;
}

const HINTS = {
  minutes: "Enter minutes above zero, in whole seconds (12.5 is 12 min 30 s)",
  amount: "Enter an amount that buys at least a second, in whole cents",
};

function PurchaseForm({ account, isSeller, onRecorded, onClose }: PurchaseFormProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [tier, setTier] = useState<Schemas["Tier"]>("premium");
  const [by, setBy] = useState<SellingBy>("minutes");
  const [typed, setTyped] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const preview = previewPurchase(by, typed, account.prices[tier]);
  const record = useMutation({
    mutationFn: ({ seconds, paid }: { seconds: number; paid: string }) => {
      const body: Schemas["PurchaseInput"] = by === "minutes" ? { tier, seconds } : { tier, amount_usd: paid };
      const path = { subaccount: account.id };
      return unwrap(
        client.POST("/v1/subaccounts/{subaccount}/purchases", { params: { path, header: intent(body) }, body }),
      );
    },
    onSuccess: (purchase) => {
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
      submit={isSeller ? "Record purchase" : "Order minutes"}
      busy={record.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        {isSeller
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

function paysOrGets(by: SellingBy, isSeller: boolean): string {
  const verb = by === "minutes" ? "pay" : "get";
  return isSeller ? `${verb}s` : verb;
}
