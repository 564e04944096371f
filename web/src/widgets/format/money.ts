// Money and prices as people read them, from the API's decimal strings.
import { parseDecimal, roundedText } from "./decimal";
import { MINUS } from "./signs";

function grouped(decimal: string): string {
  const negative = decimal.startsWith("-");
  const [whole = "0", fraction] = decimal.replace("-", "").split(".");
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? MINUS : ""}$${thousands}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** `$1,234.57`: to the cent, half up. */
export function moneyText(decimal: string): string {
  const micros = parseDecimal(decimal);
  return micros === null ? decimal : grouped(roundedText(micros, 2));
}

/** `$1,234.567891`: every digit that the ledger holds; prices are always shown so. */
export function exactMoneyText(decimal: string): string {
  return grouped(decimal);
}

/** `$12.3k`: for a chart's axis, where the figure itself is in the tooltip. */
export function shortMoneyText(amount: number): string {
  const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
  return `${amount < 0 ? MINUS : ""}$${short.format(Math.abs(amount))}`;
}

/** `25%`, `33.33%`. */
export function percentText(decimal: string): string {
  return `${decimal.replace(/\.?0+$/, "")}%`;
}

/** A decimal string as a plottable number; a chart needs no more precision than its pixels. */
export function plotValue(decimal: string | null): number {
  return decimal === null ? 0 : Number(decimal);
}
