import { countText } from "../../../widgets/format/minutes";

/** `1 sub-account`, `9,998 sub-accounts`. */
export function countedAccounts(count: number): string {
  return `${countText(count)} ${count === 1 ? "sub-account" : "sub-accounts"}`;
}
