// A client price as it is typed: by price or by markup, each following the other.
import { decimalText, markupOf, parseDecimal, priceAt, roundedText, type Micros } from "../../widgets/format/decimal";

const PERCENT_DECIMALS = 2;

export interface TypedPrice {
  price: string;
  markup: string;
}

export function fromPrice(price: string, base: string): TypedPrice {
  const [micros, baseMicros] = [parseDecimal(price), parseDecimal(base)];
  const markup = micros !== null && baseMicros !== null ? markupOf(micros, baseMicros) : null;
  return { price, markup: markup === null ? "" : withoutZeros(roundedText(markup, PERCENT_DECIMALS)) };
}

export function fromMarkup(markup: string, base: string): TypedPrice {
  const [percent, baseMicros] = [parseDecimal(markup), parseDecimal(base)];
  if (percent === null || baseMicros === null) return { price: "", markup };
  return { price: decimalText(priceAt(baseMicros, percent)), markup };
}

/** What the agency earns with each minute sold at `price`; null while that is no price. */
export function profitPerMinute(price: string, base: string): Micros | null {
  const [micros, baseMicros] = [parseDecimal(price), parseDecimal(base)];
  return micros === null || baseMicros === null ? null : micros - baseMicros;
}

/** What is wrong with a typed price, in the words of a field's error. */
export function priceFault(price: string, base: string): string | null {
  const profit = profitPerMinute(price, base);
  if (profit === null) return "Enter a price with up to 6 decimals";
  return profit < 0n ? `At least the base price, $${base}` : null;
}

function withoutZeros(decimal: string): string {
  return decimal.replace(/\.?0+$/, "");
}
