// An account whose monthly allocation failed for good, long ago, with nothing bought for it.

import { idNumber, insertRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** Of the past, so that no month that comes is that one. */
const MONTH = 2020n * 12n;
const NEXT_MONTH = 2090n * 12n;

export async function pastDue(store: Store, subaccount: string): Promise<void> {
  const id = idNumber(subaccount);
  const [account] = await store.query(`SELECT agency_id FROM subaccounts WHERE id = ${id}`);
  const of = { agency_id: account?.["agency_id"], subaccount_id: id, basic_seconds: 0, premium_seconds: 600 };
  await insertRow(store, "auto_allocations", { ...of, enabled: 1, day: 1, next_month: NEXT_MONTH, updated_at: 1 });
  await insertRow(store, "allocation_runs", {
    ...{ ...of, month: MONTH, state: "past_due", due_at: 1, failures: 4, reason: "card_declined", settled_at: 2 },
  });
}
