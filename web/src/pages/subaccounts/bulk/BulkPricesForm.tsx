import { Checkbox, Text } from "@mantine/core";
import "@mantine/core/styles/List.layer.css";
import { useMemo, useState, type SyntheticEvent } from "react";
import type { Schemas } from "../../../api/client";
import { TIERS } from "../../../app/search";
import { DialogForm } from "../../../widgets/form/DialogForm";
import { exactMoneyText } from "../../../widgets/format/money";
import { fromPrice, priceFault, type TypedPrice } from "../pricing";
import { TierPrice } from "../TierPrice";
import type { BulkFormProps } from "./BulkDialog";
import { countedAccounts } from "./counted";
import { LeftOut } from "./LeftOut";
import { priceSpan, type WantedPrices } from "./prices";
import { pricesRun, tasksOf, whyNotPriced } from "./runs";

type Typed = Record<Schemas["Tier"], TypedPrice>;

const EMPTY: TypedPrice = { price: "", markup: "" };

export function BulkPricesForm({ accounts, missing, onStart, onClose }: BulkFormProps) {
  const [applyBase, setApplyBase] = useState(false);
  const [typed, setTyped] = useState<Typed>({ premium: EMPTY, basic: EMPTY });
  const [submitted, setSubmitted] = useState(false);
  // The base is the plan's, so it is the same for all of them.
  const base = accounts.find(({ base_prices: prices }) => prices)?.base_prices ?? { basic: "0.00", premium: "0.00" };
  const faults = { premium: faultOf(typed.premium, base.premium), basic: faultOf(typed.basic, base.basic) };
  const wanted = wantedOf(applyBase, typed);
  const isSound = applyBase || (wanted !== null && TIERS.every((tier) => faults[tier] === null));
  const tasks = tasksOf(accounts, (account) => whyNotPriced(account, isSound ? wanted : null));
  const count = tasks.filter(({ skipped }) => skipped === null).length;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (wanted && isSound) onStart(pricesRun(tasks, wanted));
  };
  return (
    <DialogForm
      title={`Set prices of ${countedAccounts(count)}`}
      submit={applyBase ? "Apply base price" : "Set prices"}
      busy={false}
      disabled={count === 0}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        Per minute, for calls that start and minutes that are bought from now on. Type a price or a markup; a tier left
        empty stays as it is. <Spans accounts={accounts} />
      </Text>
      {(["premium", "basic"] as const).map((tier) => (
        <TierPrice
          key={tier}
          tier={tier}
          base={base[tier]}
          value={applyBase ? fromPrice(base[tier], base[tier]) : typed[tier]}
          disabled={applyBase}
          fault={submitted && !applyBase ? (wanted ? faults[tier] : "Type a price for one of the tiers") : null}
          unset="as it is"
          onChange={(value) => setTyped({ ...typed, [tier]: value })}
        />
      ))}
      <Checkbox
        label="Apply base price"
        description="These clients pay what you pay; you earn nothing on them."
        checked={applyBase}
        onChange={(event) => setApplyBase(event.currentTarget.checked)}
      />
      <LeftOut tasks={tasks} missing={missing} />
    </DialogForm>
  );
}

/** Null where nothing was typed. */
function wantedOf(applyBase: boolean, typed: Typed): WantedPrices | null {
  if (applyBase) return { base: true };
  const price = (tier: Schemas["Tier"]) => typed[tier].price.trim() || null;
  const prices = { basic: price("basic"), premium: price("premium") };
  return prices.basic === null && prices.premium === null ? null : { base: false, prices };
}

function faultOf({ price, markup }: TypedPrice, base: string): string | null {
  return price.trim() === "" && markup.trim() === "" ? null : priceFault(price.trim(), base);
}

/** What they pay now. */
function Spans({ accounts }: { accounts: Schemas["Subaccount"][] }) {
  const [premium, basic] = useMemo(
    () => (["premium", "basic"] as const).map((tier) => spanText(priceSpan(accounts, tier))),
    [accounts],
  );
  return `Now they pay ${premium ?? ""} per premium and ${basic ?? ""} per basic minute.`;
}

function spanText(span: ReturnType<typeof priceSpan>): string {
  if (!span) return "–";
  const [lowest, highest] = [exactMoneyText(span.lowest), exactMoneyText(span.highest)];
  return lowest === highest ? lowest : `${lowest} to ${highest}`;
}
