// Knowledge credits as they are read and typed.
import { client, unwrap } from "../../api/client";
import { countText } from "../../widgets/format/minutes";
import type { PageRequest } from "../../widgets/table/paging";

const MOST_CREDITS = 1_000_000;

export function creditsText(credits: number): string {
  return `${countText(credits)} ${credits === 1 ? "credit" : "credits"}`;
}

/** A whole number of credits, or null. */
export function creditsTyped(typed: string): number | null {
  const digits = typed.replaceAll(",", "").trim();
  if (!/^\d{1,7}$/.test(digits)) return null;
  const credits = Number(digits);
  return credits >= 1 && credits <= MOST_CREDITS ? credits : null;
}

export function knowledgePage(id: string, ask: PageRequest, signal?: AbortSignal) {
  const params = { path: { subaccount: id }, query: ask };
  return unwrap(client.GET("/v1/subaccounts/{subaccount}/knowledge_statement", { params, ...(signal && { signal }) }));
}
