// New base prices of a plan: from when, and what they would do, before they are ordered.
import { SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { exactMoneyText } from "../../widgets/format/money";
import { instantText } from "../../widgets/format/time";
import { Note } from "../../widgets/Note";
import { counted } from "../plan/texts";
import classes from "./PlanDialog.module.css";
import { moneyTyped } from "./planForm";
import { pricesEffectQuery, type Plan, type PricesOrder } from "./queries";

const TYPING_PAUSE_MS = 250;
const FIELDS = ["plan", "basic", "premium", "effective_at"] as const;
type Field = (typeof FIELDS)[number];

interface OrderPricesDialogProps {
  plans: Plan[];
  onClose: () => void;
}

export function OrderPricesDialog({ plans, onClose }: OrderPricesDialogProps) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  const [code, setCode] = useState(plans[0]?.plan.code ?? "");
  const [when, setWhen] = useState<"later" | "now">("later");
  const [day, setDay] = useState("");
  const [time, setTime] = useState("00:00");
  const [typed, setTyped] = useState({ premium: "", basic: "" });
  const [submitted, setSubmitted] = useState(false);
  const chosen = plans.find(({ plan }) => plan.code === code);

  const body = orderOf(code, typed, when, day, time);
  const [asked] = useDebouncedValue(body, TYPING_PAUSE_MS);
  const effect = useQuery(pricesEffectQuery(asked ?? undefined));
  const order = useMutation({
    mutationFn: (ordered: PricesOrder) =>
      unwrap(client.POST("/v1/platform/prices", { params: { header: intent(ordered) }, body: ordered })),
    onSuccess: ({ effective_at, state }) => {
      notifications.show({
        message:
          state === "ordered"
            ? `The new base prices of ${chosen?.plan.name ?? code} count from ${instantText(effective_at, "UTC")} UTC.`
            : `The new base prices of ${chosen?.plan.name ?? code} count now.`,
      });
      void queryClient.invalidateQueries({ queryKey: keys.platform });
      onClose();
    },
  });
  const refusals: Partial<Record<Field, string>> = fieldErrors(order.error ?? effect.error, FIELDS);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (body) order.mutate(body);
  };
  const priceError = (tier: "premium" | "basic") =>
    refusals[tier] ?? (submitted && !isPrice(typed[tier]) ? "Enter a price above zero" : null);
  return (
    <DialogForm
      title="Change base prices"
      submit={when === "now" ? "Change now" : "Order"}
      busy={order.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Select
        label="Plan"
        allowDeselect={false}
        data={plans.map(({ plan }) => ({ value: plan.code, label: plan.name }))}
        value={code}
        error={refusals.plan}
        onChange={(value) => value && setCode(value)}
      />
      <div className={classes.fields}>
        {(["premium", "basic"] as const).map((tier) => (
          <TextInput
            key={tier}
            label={tier === "premium" ? "Premium base" : "Basic base"}
            description={chosen ? `${exactMoneyText(chosen.base_prices[tier])} now` : ""}
            leftSection="$"
            inputMode="decimal"
            value={typed[tier]}
            error={priceError(tier)}
            onChange={(event) => setTyped({ ...typed, [tier]: event.currentTarget.value })}
          />
        ))}
      </div>
      <SegmentedControl
        aria-label="From when they count"
        value={when}
        onChange={(value) => setWhen(value)}
        data={[
          { value: "later", label: "From a date" },
          { value: "now", label: "Now" },
        ]}
      />
      {when === "later" && (
        <div className={classes.fields}>
          <TextInput
            type="date"
            label="Date"
            value={day}
            error={refusals.effective_at ?? (submitted && day === "" ? "Choose a date" : null)}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            label="Time, UTC"
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
        </div>
      )}
      {effect.data && body && <Effect effect={effect.data} />}
      <FormError error={order.error} fields={FIELDS} />
    </DialogForm>
  );
}

/** What would be ordered; null while something is missing. */
function orderOf(
  plan: string,
  typed: { premium: string; basic: string },
  when: "later" | "now",
  day: string,
  time: string,
): PricesOrder | null {
  if (!isPrice(typed.premium) || !isPrice(typed.basic) || (when === "later" && (day === "" || time === "")))
    return null;
  const prices = { plan, premium: moneyTyped(typed.premium) ?? "", basic: moneyTyped(typed.basic) ?? "" };
  return when === "now" ? prices : { ...prices, effective_at: `${day}T${time}:00Z` };
}

function isPrice(text: string): boolean {
  const money = moneyTyped(text);
  return money !== null && Number(money) > 0;
}

function Effect({ effect }: { effect: Schemas["BasePricesEffect"] }) {
  const { agencies, agencies_below, prices_below, below } = effect;
  if (agencies === 0) {
    return (
      <Text size="sm" c="dimmed">
        No agency is on this plan then.
      </Text>
    );
  }
  if (prices_below === 0) {
    return (
      <Text size="sm" c="dimmed">
        Counts for {counted(agencies, "agency", "agencies")}. No client price falls below it.
      </Text>
    );
  }
  const names = below.slice(0, 3).map((row) => `${row.name} (${row.prices})`);
  const rest = agencies_below - names.length;
  return (
    <Note>
      Counts for {counted(agencies, "agency", "agencies")}.{" "}
      {counted(prices_below, "client price falls", "client prices fall")} below it, and base counts instead:{" "}
      {names.join(", ")}
      {rest > 0 && ` and ${counted(rest, "agency", "agencies")} more`}.
    </Note>
  );
}
