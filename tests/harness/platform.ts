// The platform's own staff, outside every agency.

import { minutebankOk, type Owner } from "./minutebank.ts";
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
