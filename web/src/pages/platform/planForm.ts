// A plan as it is typed, and as the API takes it.
import { decimalText, parseDecimal } from "../../widgets/format/decimal";
import { secondsTyped } from "../../widgets/format/minutes";
import type { Schemas } from "../../api/client";
import type { Plan } from "./queries";

export type PlanPatch = Schemas["PlanPatch"];
export type PlanInput = Schemas["PlanInput"];

export interface PlanForm {
  code: string;
  name: string;
  model: Schemas["Plan"]["model"];
  fee: string;
  /** Nothing typed: no limit. */
  cap: string;
  premium: string;
  basic: string;
  every: "once" | "month";
  knowledge: string;
  /** Nothing typed: none are sold. */
  knowledgePrice: string;
  basePremium: string;
  baseBasic: string;
  whiteLabel: boolean;
  offered: boolean;
}

const NEW: PlanForm = {
  ...{ code: "", name: "", model: "consumption", fee: "0.00", cap: "", premium: "0", basic: "0", every: "once" },
  ...{ knowledge: "0", knowledgePrice: "", basePremium: "0.16", baseBasic: "0.09", whiteLabel: false, offered: true },
};

/** Whole minutes, or minutes and seconds, as they would be typed. */
function minutesTyped(seconds: number): string {
  const rest = seconds % 60;
  return rest === 0 ? String(seconds / 60) : `${Math.floor(seconds / 60)}:${String(rest).padStart(2, "0")}`;
}

export function formOf(row: Plan | null): PlanForm {
  if (!row) return NEW;
  const { plan, base_prices } = row;
  return {
    code: plan.code,
    name: plan.name,
    model: plan.model,
    fee: plan.monthly_fee_usd,
    cap: plan.subaccount_cap === null ? "" : String(plan.subaccount_cap),
    premium: minutesTyped(plan.included.premium_seconds),
    basic: minutesTyped(plan.included.basic_seconds),
    every: plan.included.every,
    knowledge: String(plan.knowledge_pack_limit),
    knowledgePrice: plan.knowledge_price_usd ?? "",
    basePremium: base_prices.premium,
    baseBasic: base_prices.basic,
    whiteLabel: row.white_label,
    offered: row.offered,
  };
}

const WHOLE = /^\d{1,7}$/;

/** A count as it was typed; null when it is none. */
export function countTyped(text: string): number | null {
  const typed = text.replaceAll(",", "").trim();
  return WHOLE.test(typed) ? Number(typed) : null;
}

export function moneyTyped(text: string): string | null {
  const micros = parseDecimal(text.replaceAll(",", ""));
  return micros !== null && micros >= 0n ? decimalText(micros) : null;
}

const isPrice = (text: string): boolean => (parseDecimal(text) ?? 0n) > 0n;

export const planRules = {
  name: (name: string) => (name.trim() ? null : "Enter a name"),
  fee: (fee: string) => (moneyTyped(fee) === null ? "Enter an amount, or 0" : null),
  cap: (cap: string) =>
    cap.trim() === "" || (countTyped(cap) ?? 0) > 0 ? null : "Enter a number above zero, or nothing for no limit",
  premium: (minutes: string) => (secondsTyped(minutes) === null ? "Enter minutes, or 0" : null),
  basic: (minutes: string) => (secondsTyped(minutes) === null ? "Enter minutes, or 0" : null),
  knowledge: (credits: string) => (countTyped(credits) === null ? "Enter a number, or 0" : null),
  knowledgePrice: (price: string) =>
    price.trim() === "" || isPrice(price) ? null : "Enter a price above zero, or nothing where none are sold",
};

export const newPlanRules = {
  ...planRules,
  code: (code: string) =>
    /^[a-z][a-z0-9_]{0,39}$/.test(code) ? null : "Lower-case letters, digits and underscores, such as agency_plus",
  basePremium: (price: string) => (isPrice(price) ? null : "Enter a price above zero"),
  baseBasic: (price: string) => (isPrice(price) ? null : "Enter a price above zero"),
};

/** Everything but code and base prices, which an edit leaves alone. */
export function patchOf(form: PlanForm): Required<PlanPatch> {
  return {
    name: form.name.trim(),
    model: form.model,
    monthly_fee_usd: moneyTyped(form.fee) ?? "",
    subaccount_cap: form.cap.trim() === "" ? null : (countTyped(form.cap) ?? 0),
    included: {
      premium_seconds: secondsTyped(form.premium) ?? 0,
      basic_seconds: secondsTyped(form.basic) ?? 0,
      every: form.every,
    },
    knowledge_pack_limit: countTyped(form.knowledge) ?? 0,
    knowledge_price_usd: form.knowledgePrice.trim() === "" ? null : moneyTyped(form.knowledgePrice),
    white_label: form.whiteLabel,
    offered: form.offered,
  };
}

export function inputOf(form: PlanForm): PlanInput {
  const base_prices = { premium: moneyTyped(form.basePremium) ?? "", basic: moneyTyped(form.baseBasic) ?? "" };
  return { ...patchOf(form), code: form.code, base_prices };
}

/** The API's fields by the form's, for what the server refuses. */
export const FIELD_NAMES: Record<string, keyof PlanForm> = {
  code: "code",
  name: "name",
  monthly_fee_usd: "fee",
  subaccount_cap: "cap",
  "included.premium_seconds": "premium",
  "included.basic_seconds": "basic",
  knowledge_pack_limit: "knowledge",
  knowledge_price_usd: "knowledgePrice",
  "base_prices.premium": "basePremium",
  "base_prices.basic": "baseBasic",
};
