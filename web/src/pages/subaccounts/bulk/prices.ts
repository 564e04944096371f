// The prices that many accounts are given: of both tiers, of one while the other stays, or base.
import type { Schemas } from "../../../api/client";
import { TIERS } from "../../../app/search";
import { decimalText, parseDecimal, type Micros } from "../../../widgets/format/decimal";

type Subaccount = Schemas["Subaccount"];
type Tier = Schemas["Tier"];

/** Null of a tier: each keeps what it pays. */
export type WantedPrices = { base: true } | { base: false; prices: Record<Tier, string | null> };

export function hasPrices({ prices: now }: Subaccount, wanted: WantedPrices): boolean {
  if (wanted.base) return now.apply_base_price;
  if (now.apply_base_price) return false;
  return TIERS.every((tier) => {
    const price = wanted.prices[tier];
    return price === null || parseDecimal(price) === parseDecimal(now[tier]);
  });
}

export function keepsTier(wanted: WantedPrices): boolean {
  return !wanted.base && TIERS.some((tier) => wanted.prices[tier] === null);
}

export function pricesInput({ prices: now }: Subaccount, wanted: WantedPrices): Schemas["PricesInput"] {
  if (wanted.base) return { apply_base_price: true };
  return { basic: wanted.prices.basic ?? now.basic, premium: wanted.prices.premium ?? now.premium };
}

/** The lowest and the highest that any of them pays. */
export function priceSpan(accounts: Subaccount[], tier: Tier): { lowest: string; highest: string } | null {
  let span: [Micros, Micros] | null = null;
  for (const { prices } of accounts) {
    const price = parseDecimal(prices[tier]);
    if (price === null) continue;
    span = span ? [price < span[0] ? price : span[0], price > span[1] ? price : span[1]] : [price, price];
  }
  return span && { lowest: decimalText(span[0]), highest: decimalText(span[1]) };
}
