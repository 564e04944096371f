// Audit events as sentences; what is not in these tables yet is shown by its own name.
import type { Schemas } from "../../api/client";
import { ROLE_LABELS, type Role } from "../../app/roles";
import { minutesText } from "../../widgets/format/minutes";
import { exactMoneyText } from "../../widgets/format/money";

export const ACTION_LABELS: Record<string, string> = {
  "agency.created": "Set up the agency",
  "agency.deletion_began": "Ordered the agency's deletion",
  "agency.deletion_undone": "Called the agency's deletion off",
  "agency.ownership_transferred": "Handed the agency over",
  "agency.plan_changed": "Changed the plan",
  "agency.plan_order_taken_back": "Took a change of plan back",
  "agency.plan_ordered": "Ordered a change of plan",
  "agency.distribution_set": "Changed what each client gets of the plan's minutes",
  "agency.payout_account_set": "Said whether payouts can be made",
  "agency.settled": "Recorded what the agency paid",
  "agency.terms_set": "Set the agency's credit limit and payout threshold",
  "agency.updated": "Changed the agency",
  "api_key.created": "Created an API key",
  "api_key.revoked": "Revoked an API key",
  "api_key.rotated": "Replaced an API key",
  "auto_allocation.begun": "Bought a month's minutes",
  "auto_allocation.failed": "A month's minutes were not paid",
  "auto_allocation.past_due": "Gave a month's minutes up, unpaid",
  "auto_allocation.removed": "Removed the monthly allocation",
  "auto_allocation.retried": "Tried a month that was past due once more",
  "auto_allocation.set": "Set the monthly allocation",
  "auto_allocation.skipped": "Skipped a month's minutes",
  "auto_allocation.succeeded": "Granted a month's minutes",
  "auto_recharge.failed": "An auto-recharge was not paid",
  "auto_recharge.set": "Set auto-recharge",
  "auto_recharge.turned_off": "Turned auto-recharge off after failures",
  "engine_connection.changed": "Changed a voice engine",
  "engine_connection.created": "Connected a voice engine",
  "engine_connection.removed": "Disconnected a voice engine",
  "invitation.resent": "Sent an invitation again",
  "invitation.revoked": "Took an invitation back",
  "job.retried": "Tried a job again",
  "knowledge.bought": "Bought knowledge credits",
  "knowledge.moved": "Moved knowledge credits",
  "minutes.adjusted": "Gave or took minutes",
  "minutes.granted": "Granted minutes by the platform",
  "minutes.moved": "Moved minutes",
  "payment_method.added": "Added a card",
  "payment_method.chosen": "Chose the card for automatic purchases",
  "payment_method.removed": "Removed a card",
  "platform.entered": "Entered the agency",
  "platform.left": "Left the agency",
  "payout.failed": "Noted that a payout failed",
  "payout.paid": "Noted that a payout arrived",
  "purchase.canceled": "Called a purchase off",
  "purchase.created": "Recorded a purchase",
  "purchase.dispute_lost": "Took back a payment that lost a dispute",
  "purchase.refunded": "Refunded a purchase",
  "purchase.succeeded": "Marked a purchase paid",
  "reservation.canceled": "Gave back what was held for a call",
  "session.created": "Signed in",
  "session.ended": "Signed out",
  "session.revoked": "Ended another session",
  "subaccount.created": "Added a sub-account",
  "subaccount.prices_set": "Changed prices",
  "subaccount.removed": "Removed a sub-account",
  "subaccount.restored": "Restored a sub-account",
  "subaccount.suspended": "Suspended a sub-account",
  "subaccount.updated": "Changed a sub-account",
  "unmatched_call.assigned": "Said whose call it was",
  "unmatched_call.dismissed": "Dismissed a reported call",
  "user.access_changed": "Changed somebody's access",
  "user.email_change_confirmed": "Confirmed an address by its link",
  "user.email_change_requested": "Asked for another address",
  "user.email_change_taken_back": "Took a change of address back",
  "user.email_changed": "Changed their address",
  "user.invited": "Invited somebody",
  "user.joined": "Accepted an invitation",
  "user.password_changed": "Changed their password",
  "user.password_reset": "Set a new password",
  "user.password_reset_requested": "Asked for a new password",
  "user.recovery_code_used": "Used a recovery code",
  "user.recovery_codes_renewed": "Made new recovery codes",
  "user.removed": "Removed somebody",
  "user.signed_out": "Signed somebody out everywhere",
  "user.two_factor_begun": "Began to set up two-factor sign-in",
  "user.two_factor_disabled": "Turned two-factor sign-in off",
  "user.two_factor_enabled": "Turned two-factor sign-in on",
  "user.two_factor_replaced": "Set two-factor sign-in up anew",
  "user.updated": "Changed their profile",
};

export function actionText(action: string): string {
  return ACTION_LABELS[action] ?? action;
}

/** Who did it, and for whom, where that is not the agency's own person. */
export function actorText({ kind, name }: Schemas["Actor"]): string {
  if (kind === "platform") return `Platform: ${name}`;
  return kind === "api_key" ? `API key: ${name}` : name;
}

/** What it was done to; a session has no name that would tell anybody anything. */
export function targetText(target: Schemas["AuditEvent"]["target"]): string | null {
  if (!target) return null;
  if (target.id.startsWith("agy_")) return "The agency";
  return target.name ?? (/^(ses|pst)_/.test(target.id) ? null : target.id);
}

/** Fields whose own name does not say enough. */
const FIELD_LABELS: Record<string, string> = {
  seconds: "minutes",
  basic_seconds: "basic",
  premium_seconds: "premium",
  threshold_usd: "threshold",
  amount_usd: "amount",
  sent_seconds: "sent",
  received_seconds: "received",
  adjustment_usd: "credit",
  subaccount: "reach",
  subaccounts: "reach",
  paid_usd: "paid",
  profit_usd: "profit",
  unit_price: "price",
  branding_name: "display name",
  branding_colour: "colour",
};

type States = Pick<Schemas["AuditEvent"], "before" | "after" | "target">;

/** A purchase is called after its account, so that its account says nothing new. */
function isLeftOut(field: string, target: States["target"]): boolean {
  return field === "subaccount" && target?.id.startsWith("pur_") === true;
}

export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

/** Field by field, what was and what is; without what stayed as it was. `say` puts an instant into words. */
export function differences({ before, after, target }: States, say: SayInstant): Difference[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .filter((field) => !isLeftOut(field, target))
    .map((field) => ({
      field: FIELD_LABELS[field] ?? field.replaceAll("_", " "),
      before: valueText(field, before?.[field], say),
      after: valueText(field, after?.[field], say),
    }))
    .filter((difference) => difference.before !== difference.after);
}

export function isAccountId(text: string): boolean {
  return /^sub_[0-9a-z]{13}$/.test(text);
}

/** Ids say nothing in one line; how many they are does. */
function brief(text: string): string {
  const parts = text.split(", ");
  if (!parts.every(isAccountId)) return text;
  return parts.length === 1 ? "one sub-account" : `${parts.length} sub-accounts`;
}

/** One line for a table: `premium $0.16 → $0.20, reference acme-042`. */
export function changeSummary(states: States, say: SayInstant): string {
  return differences(states, say)
    .map(({ field, before, after }) => {
      if (before !== null && after !== null) return `${field} ${brief(before)} → ${brief(after)}`;
      return states.before !== null && after === null ? `${field} removed` : `${field} ${brief(after ?? before ?? "")}`;
    })
    .join(", ");
}

const IS_MONEY = /(_usd|price|^basic|^premium|_price_basic|_price_premium)$/;

type SayInstant = (instant: string) => string;

const IS_INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function valueText(field: string, value: unknown, say: SayInstant): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return field.endsWith("seconds") ? minutesText(value) : String(value);
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object") return Object.entries(value).map(pairText).join(", ");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (field === "role" && text in ROLE_LABELS) return ROLE_LABELS[text as Role];
  if (IS_INSTANT.test(text)) return say(text);
  return IS_MONEY.test(field) && /^-?\d/.test(text) ? exactMoneyText(text) : text;
}

function pairText([name, value]: [string, unknown]): string {
  return `${name.replaceAll("_", " ")} ${String(value)}`;
}
