// An account that buys minutes by itself when its wallet runs low.
import { Button, Group, List, Loader, SegmentedControl, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { useMay } from "../../app/session";
import { MinutesText, MoneyText, PriceText } from "../../widgets/figures/figures";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { Dialog } from "../../widgets/form/Dialog";
import { DialogForm } from "../../widgets/form/DialogForm";
import { FactRow, Facts, NoFacts } from "../../widgets/form/Facts";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { usePaused } from "../../widgets/form/usePaused";
import { decimalText, parseDecimal } from "../../widgets/format/decimal";
import { moneyText } from "../../widgets/format/money";
import { Note } from "../../widgets/Note";
import { ErrorState } from "../../widgets/states/states";
import { autoRechargeQuery, rechargeQuoteQuery } from "./queries";
import { RechargeStanding } from "./RechargeStanding";
import { cardText } from "./words";

type Recharge = Schemas["AutoRecharge"];

const FIELDS = ["threshold_usd", "amount_usd"];
const CENT = 10_000n;

interface AutoRechargeDialogProps {
  account: Pick<Schemas["Subaccount"], "id" | "name">;
  onClose: () => void;
}

export function AutoRechargeDialog({ account, onClose }: AutoRechargeDialogProps) {
  const recharge = useQuery(autoRechargeQuery(account.id));
  if (recharge.data) return <RechargeForm account={account} recharge={recharge.data} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={titleOf(account.name)}>
      {recharge.isError ? <ErrorState error={recharge.error} /> : <Loader aria-label="Loading" />}
    </Dialog>
  );
}

const titleOf = (name: string) => `Auto-recharge of ${name}`;

/** What is typed as the API takes it, in whole cents; null while it is none. */
function amountTyped(typed: string): string | null {
  const micros = parseDecimal(typed.replaceAll(",", ""));
  return micros === null || micros < 0n || micros % CENT !== 0n ? null : decimalText(micros);
}

function RechargeForm({ account, recharge, onClose }: AutoRechargeDialogProps & { recharge: Recharge }) {
  const [tier, setTier] = useState<Schemas["Tier"]>(recharge.tier ?? "premium");
  const [threshold, setThreshold] = useState(recharge.threshold_usd ?? "");
  const [amount, setAmount] = useState(recharge.amount_usd ?? "");
  const [submitted, setSubmitted] = useState(false);
  const [threshold_usd, amount_usd] = [amountTyped(threshold), amountTyped(amount)];
  const isComplete = threshold_usd !== null && amount_usd !== null && amount_usd !== "0.00";
  const settings = isComplete ? { threshold_usd, amount_usd, tier } : null;
  const [asked, isCurrent] = usePaused(settings);
  const quote = useQuery(rechargeQuoteQuery(account.id, asked));
  const current = isCurrent && quote.data ? quote.data : null;
  const save = useSetRecharge(account, onClose);
  const refusals = fieldErrors(save.error ?? quote.error, FIELDS);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (settings && current) save.mutate({ enabled: true, ...settings });
  };
  return (
    <DialogForm
      title={titleOf(account.name)}
      submit={recharge.enabled ? "Save" : "Turn on"}
      busy={save.isPending}
      disabled={settings !== null && !current}
      aside={
        recharge.enabled && (
          <Button variant="subtle" mr="auto" onClick={() => save.mutate({ enabled: false })}>
            Turn off
          </Button>
        )
      }
      onClose={onClose}
      onSubmit={submit}
    >
      <RechargeStanding recharge={recharge} />
      <SegmentedControl
        fullWidth
        aria-label="Tier"
        value={tier}
        onChange={(value) => setTier(value)}
        data={(["premium", "basic"] as const).map((value) => ({ value, label: TIER_LABELS[value] }))}
      />
      <Group grow align="flex-start" gap={12}>
        <TextInput
          data-autofocus
          label="When the wallet is below"
          inputMode="decimal"
          leftSection="$"
          placeholder="10.00"
          value={threshold}
          onChange={(event) => setThreshold(event.currentTarget.value)}
          error={refusals.threshold_usd ?? (submitted && threshold_usd === null ? HINT : null)}
        />
        <TextInput
          label="Buy for"
          inputMode="decimal"
          leftSection="$"
          placeholder="50.00"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
          error={refusals.amount_usd ?? (submitted && !settings && !isAmount(amount_usd) ? HINT : null)}
        />
      </Group>
      <RechargeQuote
        quote={current}
        card={recharge.card}
        asking={settings !== null && !quote.isError}
        error={quote.error}
      />
      <List size="sm" c="dimmed" spacing={4}>
        <List.Item>It buys once at a time and at most ten times a day, never while the account is suspended.</List.Item>
        <List.Item>
          A payment that fails is tried again after 1, 6 and 24 hours. If that fails too, it turns itself off and your
          admins are told.
        </List.Item>
      </List>
      <FormError error={save.error} fields={FIELDS} />
    </DialogForm>
  );
}

const HINT = "Enter an amount in whole cents";
const isAmount = (usd: string | null) => usd !== null && usd !== "0.00";

function useSetRecharge({ id, name }: AutoRechargeDialogProps["account"], onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["AutoRechargeInput"]) =>
      unwrap(client.PUT("/v1/subaccounts/{subaccount}/auto_recharge", { params: { path: { subaccount: id } }, body })),
    onSuccess: (set) => {
      notifications.show({
        message: set.enabled
          ? `${name} buys for ${moneyText(set.amount_usd ?? "0.00")} when its wallet is below ${moneyText(set.threshold_usd ?? "0.00")}.`
          : `Auto-recharge of ${name} is off.`,
      });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onDone();
    },
  });
}

interface RechargeQuoteProps {
  quote: Schemas["AutoRechargeQuote"] | null;
  card: Recharge["card"];
  asking: boolean;
  error: unknown;
}

function RechargeQuote({ quote, card, asking, error }: RechargeQuoteProps) {
  const maySettle = useMay("purchases.settle");
  if (!quote) {
    return (
      <NoFacts asking={asking} error={error}>
        Say below which balance minutes are bought, and for how much.
      </NoFacts>
    );
  }
  return (
    <>
      <Facts label="What it does">
        <FactRow label="Wallet now">
          <MoneyText usd={quote.balance_usd} />
        </FactRow>
        <FactRow label="Each time it buys">
          <MinutesText seconds={quote.seconds} /> at <PriceText price={quote.price} perMinute />
        </FactRow>
        <FactRow label="Paid with">
          {card ? cardText(card) : maySettle ? "no card: you mark it paid" : "no card: your agency marks it paid"}
        </FactRow>
      </Facts>
      {quote.buys_now && <Note>The wallet is below that already: it buys as soon as this is on.</Note>}
    </>
  );
}
