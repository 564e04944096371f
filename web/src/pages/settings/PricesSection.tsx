import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Schemas } from "../../api/client";
import { fieldErrors } from "../../widgets/form/FormError";
import { exactMoneyText } from "../../widgets/format/money";
import { priceFault } from "../subaccounts/pricing";
import classes from "./SettingsPage.module.css";
import { SettingsSection, useAgencyPatch } from "./SettingsSection";

const FIELDS = ["default_prices.premium", "default_prices.basic"] as const;

export function PricesSection({ agency }: { agency: Schemas["Agency"] }) {
  const { base_prices: base, default_prices: usual } = agency;
  const fault = (price: string, ofBase: string) => (price.trim() === "" ? null : priceFault(price, ofBase));
  const form = useForm({
    initialValues: { default_prices: { premium: usual.premium ?? "", basic: usual.basic ?? "" } },
    validate: {
      default_prices: {
        premium: (price) => fault(price, base.premium),
        basic: (price) => fault(price, base.basic),
      },
    },
  });
  const save = useAgencyPatch(
    "The default prices were changed.",
    () => form.resetDirty(),
    (error) => form.setErrors(fieldErrors(error, FIELDS)),
  );
  return (
    <SettingsSection
      title="Default prices"
      hint="What a new sub-account pays per minute; nothing typed means the base price."
      scope="For sub-accounts added from now on; others keep theirs."
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit(({ default_prices: { premium, basic } }) =>
        save.mutate({ default_prices: { premium: premium.trim() || null, basic: basic.trim() || null } }),
      )}
    >
      <div className={classes.fields}>
        <TextInput
          label="Premium"
          description={`Base ${exactMoneyText(base.premium)}`}
          inputMode="decimal"
          leftSection="$"
          placeholder={base.premium}
          {...form.getInputProps("default_prices.premium")}
        />
        <TextInput
          label="Basic"
          description={`Base ${exactMoneyText(base.basic)}`}
          inputMode="decimal"
          leftSection="$"
          placeholder={base.basic}
          {...form.getInputProps("default_prices.basic")}
        />
      </div>
    </SettingsSection>
  );
}
