// Decimal strings of the API as whole micro-dollars (or millionths of anything else). This is the only arithmetic on money in the
// console: it previews what a person types before the server answers with the figure that counts (domain.md §1, §4).

export type Micros = bigint;

const SCALE = 1_000_000n;
const DECIMAL = /^(-?)(\d{0,13})(?:\.(\d{0,6}))?$/;

/** The value of a decimal string with up to 6 decimals, or null when it is none. */
export function parseDecimal(text: string): Micros | null {
  const match = DECIMAL.exec(text.trim());
  if (!match) return null;
  const [, sign, whole = "", fraction = ""] = match;
  if (whole === "" && fraction === "") return null;
  const micros = BigInt(whole || "0") * SCALE + BigInt(fraction.padEnd(6, "0"));
  return sign ? -micros : micros;
}

/** As the API writes it: 2 to 6 decimals, no trailing zeros past the second. */
export function decimalText(micros: Micros): string {
  const magnitude = micros < 0n ? -micros : micros;
  const fraction = (magnitude % SCALE)
    .toString()
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${micros < 0n ? "-" : ""}${(magnitude / SCALE).toString()}.${fraction}`;
}

/** With exactly `decimals` decimals, rounded half up away from zero. */
export function roundedText(micros: Micros, decimals: number): string {
  const step = 10n ** BigInt(6 - decimals);
  const magnitude = micros < 0n ? -micros : micros;
  const units = (magnitude + step / 2n) / step;
  const digits = units.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const sign = micros < 0n && units > 0n ? "-" : "";
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/** Markup over base in percent, in millionths of a percent; null when base is zero. */
export function markupOf(price: Micros, base: Micros): Micros | null {
  return base === 0n ? null : divideHalfUp((price - base) * 100n * SCALE, base);
}

/** The price that a markup of `percent` makes of `base`, to the micro-dollar. */
export function priceAt(base: Micros, percent: Micros): Micros {
  return base + divideHalfUp(base * percent, 100n * SCALE);
}

/** What `seconds` at `price` per minute are worth, half up; below zero as above. */
export function valueOf(seconds: bigint, price: Micros): Micros {
  return divideHalfUp(seconds * price, 60n);
}

/** What a card pays for `seconds` at `price` per minute: whole cents, rounded up. */
export function cardAmount(seconds: bigint, price: Micros): Micros {
  return ((seconds * price + 599_999n) / 600_000n) * 10_000n;
}

/** The whole seconds that `amount` buys at `price` per minute; null when the price is zero. */
export function secondsFor(amount: Micros, price: Micros): bigint | null {
  return price === 0n ? null : (amount * 60n) / price;
}

/** By how much `now` differs from `before`, in tenths of a percent; null when there was nothing before. */
export function changeTenths(now: Micros, before: Micros): number | null {
  if (before === 0n) return null;
  return Number(divideHalfUp((now - before) * 1000n, before < 0n ? -before : before));
}

function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}
