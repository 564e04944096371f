// The platform's own staff, outside every agency.

import { minutebankOk, type Owner } from "./minutebank.ts";
import { insertRow } from "./rows.ts";
import type { Store } from "./store.ts";

export const STAFF: Owner = { email: "sam@platform.example", password: "tides behind the lighthouse" };

/** `minutebank platform-admin`: what it prints. No server may have a SQLite store open. */
export async function addPlatformAdmin(
  store: Store,
  { email, password }: Owner = STAFF,
  more: readonly string[] = [],
): Promise<string> {
  const args = ["platform-admin", "--store", store.url, "--email", email, ...more, "--password-stdin"];
  return minutebankOk(args, { input: `${password}\n` });
}

/** What a new plan is made of. */
export function planOf(code: string, more: object = {}): object {
  const base_prices = { basic: "0.09", premium: "0.16" };
  return { code, name: `Plan ${code}`, model: "consumption", monthly_fee_usd: "10.00", base_prices, ...more };
}

let people = 0;

/** Somebody beside STAFF, with STAFF's password; straight into the store, as a server may have it open. */
export async function addStaff(store: Store): Promise<Owner> {
  const [pattern] = await store.query("SELECT * FROM platform_users ORDER BY id LIMIT 1");
  if (!pattern) throw new Error("there is nobody of the platform");
  const email = `staff.${++people}@platform.example`;
  const id = (pattern["id"] as bigint) + BigInt(people);
  await insertRow(store, "platform_users", { ...pattern, id, email, last_seen_at: null, two_factor_at: null });
  await insertRow(store, "user_emails", { email_key: email, agency_id: 0, user_id: id });
  return { email, password: STAFF.password };
}
