import { Group, Text, TextInput } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { TIER_LABELS } from "../../widgets/figures/TierLabel";
import { decimalText } from "../../widgets/format/decimal";
import { exactMoneyText } from "../../widgets/format/money";
import { fromMarkup, fromPrice, profitPerMinute, type TypedPrice } from "./pricing";
import classes from "./TierPrice.module.css";

interface TierPriceProps {
  tier: Schemas["Tier"];
  base: string;
  value: TypedPrice;
  disabled: boolean;
  fault: string | null;
  /** What an empty field stands for. */
  unset?: string;
  onChange: (value: TypedPrice) => void;
}

/** A client price of one tier, typed as a price or as a markup, and what it earns. */
export function TierPrice({ tier, base, value, disabled, fault, unset, onChange }: TierPriceProps) {
  const name = TIER_LABELS[tier];
  const profit = profitPerMinute(value.price, base);
  return (
    <fieldset className={classes.tier}>
      <Group component="legend" justify="space-between" className={classes.legend}>
        <Text span fw={600} size="sm">
          {name}
        </Text>
        <Text span size="xs" c="dimmed" className="figures">
          Base {exactMoneyText(base)}
        </Text>
      </Group>
      <div className={classes.fields}>
        <TextInput
          label="Price"
          aria-label={`${name} price per minute`}
          inputMode="decimal"
          leftSection="$"
          disabled={disabled}
          placeholder={unset}
          value={value.price}
          error={fault}
          onChange={(event) => onChange(fromPrice(event.currentTarget.value, base))}
        />
        <TextInput
          label="Markup"
          aria-label={`${name} markup in percent`}
          inputMode="decimal"
          rightSection="%"
          disabled={disabled}
          placeholder={unset}
          value={value.markup}
          onChange={(event) => onChange(fromMarkup(event.currentTarget.value, base))}
        />
        <div className={classes.profit}>
          <Text size="xs" c="dimmed">
            Profit per minute
          </Text>
          <output
            aria-label={`${name} profit per minute`}
            className="figures"
            data-loss={(profit ?? 0n) < 0n || undefined}
          >
            {profit === null ? "–" : exactMoneyText(decimalText(profit))}
          </output>
        </div>
      </div>
    </fieldset>
  );
}
