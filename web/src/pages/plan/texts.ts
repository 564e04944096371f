// Plans in words.
import { countText, minutesText } from "../../widgets/format/minutes";
import type { AccountNames, Plan } from "./queries";

export function slotsText(cap: number | null): string {
  return cap === null ? "No limit" : countText(cap);
}

/** `1,000.0 min premium`, or nothing. */
export function minutesOfTiers({ premium_seconds: premium, basic_seconds: basic }: Tiers): string | null {
  const parts = [
    premium > 0 ? `${minutesText(premium)} premium` : "",
    basic > 0 ? `${minutesText(basic)} basic` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(" and ") : null;
}

interface Tiers {
  premium_seconds: number;
  basic_seconds: number;
}

export function includedText({ included }: Plan): string {
  const minutes = minutesOfTiers(included);
  if (minutes === null) return "None";
  return `${minutes} ${included.every === "month" ? "a month" : "once"}`;
}

/** `Acme, Harbor Dental and 3 more`. */
export function namesText({ count, accounts }: AccountNames, shown = 5): string {
  const names = accounts.slice(0, shown).map(({ name }) => name);
  const rest = count - names.length;
  if (rest > 0) return `${names.join(", ")} and ${countText(rest)} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}` : names.join("");
}

export function counted(count: number, one: string, many: string): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
