// What stands behind the states and codes of what an account buys by itself.
import type { Schemas } from "../../api/client";

const REASONS: Record<string, string> = {
  suspended: "The account was suspended",
  removed: "The account was removed",
  turned_off: "It was turned off",
  canceled: "Its purchase was called off",
  card_declined: "The card was declined",
  insufficient_funds: "The card had too little money",
  expired_card: "The card had expired",
  action_required: "The bank asked for a confirmation, and nobody was there to give it",
  insufficient_credit: "Your credit with the platform did not cover it",
};

/** Why a run was skipped or a payment failed; a code that has no words yet as it is. */
export function reasonText(code: string): string {
  return REASONS[code] ?? code.replaceAll("_", " ");
}

type Tone = "good" | "warn" | "bad" | "quiet" | "accent";

export const RECHARGE_STATES: Record<Schemas["AutoRecharge"]["state"], [label: string, tone: Tone]> = {
  off: ["Off", "quiet"],
  turned_off: ["Turned off by failures", "bad"],
  on: ["On", "good"],
  buying: ["Buying", "accent"],
  waiting_for_payment: ["Waiting for payment", "warn"],
  waits: ["Waiting", "warn"],
  suspended: ["Stopped while suspended", "warn"],
};

export const ALLOCATION_STATES: Record<Schemas["AutoAllocation"]["state"], [label: string, tone: Tone]> = {
  off: ["Off", "quiet"],
  on: ["On", "good"],
  processing: ["Being paid", "accent"],
  waiting_for_payment: ["Waiting for payment", "warn"],
  retrying: ["Payment failed, retrying", "warn"],
  past_due: ["Past due", "bad"],
  suspended: ["Stopped while suspended", "warn"],
};

export const RUN_STATES: Record<Schemas["AllocationRun"]["state"], [label: string, tone: Tone]> = {
  scheduled: ["Due", "accent"],
  processing: ["Being paid", "accent"],
  succeeded: ["Paid", "good"],
  skipped: ["Skipped", "quiet"],
  retrying: ["Retrying", "warn"],
  past_due: ["Past due", "bad"],
};

/** `Visa •••• 4242`. */
export function cardText({ brand, last4 }: Schemas["AutomaticCard"]): string {
  return `${brand.charAt(0).toUpperCase()}${brand.slice(1)} •••• ${last4}`;
}

const MONTH = new Intl.DateTimeFormat("en-US", { year: "numeric", month: "long", timeZone: "UTC" });

/** `2026-11`: November 2026. */
export function monthText(month: string): string {
  return MONTH.format(Date.parse(`${month}-01T00:00:00Z`));
}

const SUFFIXES: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };
const ORDINALS = new Intl.PluralRules("en-US", { type: "ordinal" });

/** `1st`, `22nd`, `31st`. */
export function ordinalText(day: number): string {
  return `${day}${SUFFIXES[ORDINALS.select(day)] ?? "th"}`;
}
