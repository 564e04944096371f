// What a purchase that is being typed would come to. A preview: the server's own figures are shown before anything is paid.
import { cardAmount, decimalText, parseDecimal, secondsFor } from "../../widgets/format/decimal";
import { secondsTyped } from "../../widgets/format/minutes";

export type SellingBy = "minutes" | "amount";

export interface Preview {
  seconds: number;
  paid: string;
}

const MAX_SECONDS = 6_000_000_000;
const CENT = 10_000n;

/** Null while what is typed is not yet an amount that buys something. */
export function previewPurchase(by: SellingBy, typed: string, price: string): Preview | null {
  const micros = parseDecimal(price);
  if (micros === null) return null;
  if (by === "minutes") {
    const seconds = secondsTyped(typed);
    if (!seconds || seconds > MAX_SECONDS) return null;
    return { seconds, paid: decimalText(cardAmount(BigInt(seconds), micros)) };
  }
  const paid = parseDecimal(typed.replaceAll(",", ""));
  if (paid === null || paid <= 0n || paid % CENT !== 0n) return null;
  const seconds = secondsFor(paid, micros);
  if (!seconds || seconds > MAX_SECONDS) return null;
  return { seconds: Number(seconds), paid: decimalText(paid) };
}
