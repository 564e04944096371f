// Suspending and restoring, one request each: by its own dialog, for many, or as what undoes the other.
import { client, unwrap } from "../../api/client";

interface Once {
  "Idempotency-Key": string;
}

export function suspendSubaccount(id: string, note: string | null, header: Once) {
  const params = { path: { subaccount: id }, header };
  return unwrap(client.POST("/v1/subaccounts/{subaccount}/suspend", { params, body: { note } }));
}

export function restoreSubaccount(id: string, header: Once) {
  const params = { path: { subaccount: id }, header };
  return unwrap(client.POST("/v1/subaccounts/{subaccount}/restore", { params }));
}
