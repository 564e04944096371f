// What people read of a payment.
import type { Card, Purchase } from "./queries";

const FAILURES: Record<string, string> = {
  card_declined: "The bank declined the card.",
  insufficient_funds: "There is not enough money on the card.",
  expired_card: "The card has expired.",
  action_required: "The bank asks to confirm the payment.",
  action_expired: "The payment was not confirmed within a day.",
  subaccount_removed: "The account was removed meanwhile, so the money went back.",
  refund_refused: "The card's bank did not take the money back.",
};

export function failureText(code: string): string {
  return FAILURES[code] ?? `The payment did not go through (${code.replaceAll("_", " ")}).`;
}

const BRANDS: Record<string, string> = {
  visa: "Visa",
  mastercard: "Mastercard",
  amex: "American Express",
  discover: "Discover",
};

/** `Visa ending in 4242`. */
export function cardName({ brand, last4 }: Card): string {
  return `${BRANDS[brand] ?? brand} ending in ${last4}`;
}

/** `12/30`. */
export function expiryText({ exp_month: month, exp_year: year }: Card): string {
  return `${String(month).padStart(2, "0")}/${String(year % 100).padStart(2, "0")}`;
}

export const ORIGIN_LABELS: Record<Purchase["origin"], string> = {
  direct: "Ordered",
  auto_recharge: "Auto-recharge",
  auto_allocation: "Monthly allocation",
};

/** Paid, and not wholly given back or taken back. */
export function isRefundable(purchase: Purchase): boolean {
  return (
    purchase.state === "succeeded" && purchase.disputed_at === null && purchase.refunded_seconds < purchase.seconds
  );
}
