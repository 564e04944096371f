import type { Schemas } from "../../api/client";
import classes from "./StatusBadge.module.css";

export type Tone = "good" | "warn" | "bad" | "quiet" | "accent";

const SUBACCOUNT: Record<Schemas["SubaccountStatus"], [string, Tone]> = {
  active: ["Active", "good"],
  suspended: ["Suspended", "warn"],
  removed: ["Removed", "quiet"],
};

const PURCHASE: Record<Schemas["PurchaseState"], [string, Tone]> = {
  pending: ["Pending", "warn"],
  processing: ["Processing", "accent"],
  requires_action: ["Needs action", "warn"],
  succeeded: ["Paid", "good"],
  failed: ["Failed", "bad"],
  canceled: ["Canceled", "quiet"],
  refunded: ["Refunded", "quiet"],
};

const CALL: Record<Schemas["CallStatus"], [string, Tone]> = {
  completed: ["Completed", "good"],
  transferred: ["Transferred", "good"],
  voicemail: ["Voicemail", "accent"],
  no_answer: ["No answer", "quiet"],
  busy: ["Busy", "quiet"],
  canceled: ["Canceled", "quiet"],
  failed: ["Failed", "bad"],
};

function labels<Status extends string>(badges: Record<Status, [string, Tone]>): Record<Status, string> {
  const entries = Object.entries(badges) as [Status, [string, Tone]][];
  return Object.fromEntries(entries.map(([status, [label]]) => [status, label])) as Record<Status, string>;
}

export const SUBACCOUNT_STATUS_LABELS = labels(SUBACCOUNT);
export const PURCHASE_STATE_LABELS = labels(PURCHASE);
export const CALL_STATUS_LABELS = labels(CALL);

export function StatusBadge({ label, tone }: { label: string; tone: Tone }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      <span className={classes.dot} aria-hidden="true" />
      {label}
    </span>
  );
}

export function SubaccountStatusBadge({ status }: { status: Schemas["SubaccountStatus"] }) {
  const [label, tone] = SUBACCOUNT[status];
  return <StatusBadge label={label} tone={tone} />;
}

export function PurchaseStateBadge({ state }: { state: Schemas["PurchaseState"] }) {
  const [label, tone] = PURCHASE[state];
  return <StatusBadge label={label} tone={tone} />;
}

export function CallStatusBadge({ status }: { status: Schemas["CallStatus"] }) {
  const [label, tone] = CALL[status];
  return <StatusBadge label={label} tone={tone} />;
}
