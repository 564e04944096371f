// Audit actions as sentences; what is not in the table yet is shown by its own name.
import type { Schemas } from "../../api/client";

export const ACTION_LABELS: Record<string, string> = {
  "agency.created": "Set up the agency",
  "agency.updated": "Changed the agency",
  "api_key.created": "Created an API key",
  "api_key.revoked": "Revoked an API key",
  "purchase.created": "Recorded a purchase",
  "purchase.succeeded": "Marked a purchase paid",
  "session.created": "Signed in",
  "session.ended": "Signed out",
  "session.revoked": "Ended another session",
  "subaccount.created": "Added a sub-account",
  "subaccount.priced": "Changed prices",
  "subaccount.updated": "Changed a sub-account",
  "user.updated": "Changed their profile",
};

export function actionText(action: string): string {
  return ACTION_LABELS[action] ?? action;
}

type States = Pick<Schemas["AuditEvent"], "before" | "after">;

export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

/** Field by field, what was and what is. */
export function differences({ before, after }: States): Difference[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields.map((field) => ({ field, before: valueText(before?.[field]), after: valueText(after?.[field]) }));
}

/** One line for a table: `name, premium 0.16 → 0.20`. */
export function changeSummary(states: States): string {
  return differences(states)
    .map(({ field, before, after }) => {
      if (before !== null && after !== null) return `${field} ${before} → ${after}`;
      return `${field} ${after ?? before ?? "none"}`;
    })
    .join(", ");
}

function valueText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
