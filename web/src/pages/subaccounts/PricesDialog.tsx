import { Checkbox, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { ACCOUNT_FIGURES } from "../../api/queries";
import { TIERS } from "../../app/search";
import { DialogForm } from "../../widgets/form/DialogForm";
import { fieldErrors, FormError } from "../../widgets/form/FormError";
import { PriceHistory, usePriceHistory } from "./PriceHistory";
import { fromPrice, priceFault, type TypedPrice } from "./pricing";
import { TierPrice } from "./TierPrice";
import { UpcomingBase } from "./UpcomingBase";

type Tier = Schemas["Tier"];
type Typed = Record<Tier, TypedPrice>;

interface PricesDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function PricesDialog({ account, onClose }: PricesDialogProps) {
  const queryClient = useQueryClient();
  const base = account.base_prices ?? account.prices;
  const [applyBase, setApplyBase] = useState(account.prices.apply_base_price);
  const [typed, setTyped] = useState<Typed>({
    premium: fromPrice(account.prices.premium, base.premium),
    basic: fromPrice(account.prices.basic, base.basic),
  });
  const [submitted, setSubmitted] = useState(false);
  const history = usePriceHistory(account.id);
  const save = useMutation({
    mutationFn: () => {
      const body: Schemas["PricesInput"] = applyBase
        ? { apply_base_price: true }
        : { basic: typed.basic.price.trim(), premium: typed.premium.price.trim() };
      return unwrap(
        client.PUT("/v1/subaccounts/{subaccount}/prices", { params: { path: { subaccount: account.id } }, body }),
      );
    },
    onSuccess: () => {
      notifications.show({ message: `New prices of ${account.name} count from now on.` });
      for (const queryKey of ACCOUNT_FIGURES) void queryClient.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const faults = TIERS.filter((tier) => !applyBase && priceFault(typed[tier].price, base[tier]) !== null);
  const refusals = fieldErrors(save.error, TIERS);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (faults.length === 0) save.mutate();
  };
  return (
    <DialogForm
      title={`Prices of ${account.name}`}
      submit="Save prices"
      busy={save.isPending}
      onClose={onClose}
      onSubmit={submit}
    >
      <Text size="sm" c="dimmed">
        Per minute, for calls that start and minutes that are bought from now on. Type a price or a markup; the other
        follows.
      </Text>
      {(["premium", "basic"] as const).map((tier) => (
        <TierPrice
          key={tier}
          tier={tier}
          base={base[tier]}
          value={applyBase ? fromPrice(base[tier], base[tier]) : typed[tier]}
          disabled={applyBase}
          fault={refusals[tier] ?? (submitted && !applyBase ? priceFault(typed[tier].price, base[tier]) : null)}
          onChange={(value) => setTyped({ ...typed, [tier]: value })}
        />
      ))}
      <Checkbox
        label="Apply base price"
        description="The client pays what you pay; you earn nothing on this account."
        checked={applyBase}
        onChange={(event) => setApplyBase(event.currentTarget.checked)}
      />
      <UpcomingBase
        moments={history.rows}
        prices={applyBase ? null : { premium: typed.premium.price, basic: typed.basic.price }}
      />
      <PriceHistory list={history} />
      <FormError error={save.error} fields={TIERS} />
    </DialogForm>
  );
}
