// What pages read from the address. Anything that a page does not know is as if it were not there.
import type { Schemas } from "../api/client";
import { parseRange, type RangeSearch } from "../widgets/range/range";
import { METRICS, type MetricName } from "../widgets/trend/metrics";

type Raw = Record<string, unknown>;

export const SUBACCOUNT_STATUSES = ["active", "suspended", "removed"] as const;
export const SUBACCOUNT_SORTS = [
  "name",
  "email",
  "status",
  "created_at",
  "basic_seconds",
  "premium_seconds",
  "balance_usd",
  "minutes_used_seconds",
  "spent_usd",
  "billing_date",
  "knowledge_credits",
] as const;
export const CALL_STATUSES = [
  "completed",
  "voicemail",
  "no_answer",
  "busy",
  "failed",
  "canceled",
  "transferred",
] as const;
export const PURCHASE_STATES = [
  "pending",
  "processing",
  "requires_action",
  "succeeded",
  "failed",
  "canceled",
  "refunded",
] as const;
export const DIRECTIONS = ["inbound", "outbound"] as const;
export const ROLES = [
  "agency_owner",
  "agency_admin",
  "agency_member",
  "subaccount_admin",
  "subaccount_member",
] as const;
export const TWO_FACTOR = ["on", "off"] as const;
export const USER_SORTS = ["name", "email", "role", "last_seen_at"] as const;
export const TIERS = ["basic", "premium"] as const;
export const WALLET_ACCOUNTS = ["wallet.basic", "wallet.premium", "held.basic", "held.premium"] as const;

export const AGENCY_STATUSES = ["active", "deleting"] as const;
export const AGENCY_SORTS = ["name", "created_at", "subaccounts", "credit_usd"] as const;

type SortField = (typeof SUBACCOUNT_SORTS)[number];
export type SubaccountSort = SortField | `-${SortField}`;

/** `{name: value}` when it is one of `allowed`, else nothing. */
function oneOf<Name extends string, Value extends string>(
  raw: Raw,
  name: Name,
  allowed: readonly Value[],
): Partial<Record<Name, Value>> {
  const value = raw[name];
  return allowed.includes(value as Value) ? ({ [name]: value } as Record<Name, Value>) : {};
}

/** A search by text; the router reads `?q=42` as a number. */
function text(raw: Raw, name: string): { q?: string } {
  const value = raw[name];
  const words = typeof value === "number" ? String(value) : value;
  return typeof words === "string" && words !== "" ? { q: words.slice(0, 120) } : {};
}

export interface NextSearch {
  /** Where to go after signing in: a path of this console and nothing else. */
  next?: string;
}

const HERE = "http://here.invalid";

/** As browsers read addresses: a backslash is a slash to them, and a tab between two slashes is nothing. */
function isHere(next: string): boolean {
  return next.startsWith("/") && URL.canParse(next, HERE) && new URL(next, HERE).origin === HERE;
}

export function parseNext({ next }: Raw): NextSearch {
  return typeof next === "string" && isHere(next) ? { next } : {};
}

export interface SignInSearch extends NextSearch {
  /** What somebody has just done elsewhere that they sign in after. */
  notice?: "password_reset";
}

export function parseSignIn(raw: Raw): SignInSearch {
  return { ...parseNext(raw), ...oneOf(raw, "notice", ["password_reset"] as const) };
}

export interface OverviewSearch extends RangeSearch {
  figure?: MetricName;
}

export function parseOverview(raw: Raw): OverviewSearch {
  return { ...parseRange(raw), ...oneOf(raw, "figure", Object.keys(METRICS) as MetricName[]) };
}

export const parseHome = parseOverview;

export interface SubaccountsSearch {
  q?: string;
  status?: Schemas["SubaccountStatus"];
  sort?: SubaccountSort;
  dialog?: "add";
}

export function parseSubaccounts(raw: Raw): SubaccountsSearch {
  const sorts = SUBACCOUNT_SORTS.flatMap((field): SubaccountSort[] => [field, `-${field}`]);
  return {
    ...text(raw, "q"),
    ...oneOf(raw, "status", SUBACCOUNT_STATUSES),
    ...oneOf(raw, "sort", sorts),
    ...oneOf(raw, "dialog", ["add"] as const),
  };
}

export interface PeopleSearch {
  dialog?: "invite";
}

export function parsePeople(raw: Raw): PeopleSearch {
  return oneOf(raw, "dialog", ["invite"] as const);
}

type UserField = (typeof USER_SORTS)[number];
export type UserSort = UserField | `-${UserField}`;

export interface UsersSearch {
  q?: string;
  role?: Schemas["Role"];
  two_factor?: (typeof TWO_FACTOR)[number];
  sort?: UserSort;
}

export function parseUsers(raw: Raw): UsersSearch {
  const sorts = USER_SORTS.flatMap((field): UserSort[] => [field, `-${field}`]);
  return {
    ...text(raw, "q"),
    ...oneOf(raw, "role", ROLES),
    ...oneOf(raw, "two_factor", TWO_FACTOR),
    ...oneOf(raw, "sort", sorts),
  };
}

type AgencyField = (typeof AGENCY_SORTS)[number];
export type AgencySort = AgencyField | `-${AgencyField}`;

export interface AgenciesSearch {
  q?: string;
  status?: Schemas["AgencyStatus"];
  plan?: string;
  sort?: AgencySort;
}

export function parseAgencies(raw: Raw): AgenciesSearch {
  const { plan } = raw;
  const sorts = AGENCY_SORTS.flatMap((field): AgencySort[] => [field, `-${field}`]);
  return {
    ...text(raw, "q"),
    ...oneOf(raw, "status", AGENCY_STATUSES),
    ...(typeof plan === "string" && /^[a-z][a-z0-9_]{0,39}$/.test(plan) && { plan }),
    ...oneOf(raw, "sort", sorts),
  };
}

export const JOB_STATES = ["waiting", "dead"] as const;

export interface JobsSearch {
  state?: Schemas["JobState"];
}

export function parseJobs(raw: Raw): JobsSearch {
  return oneOf(raw, "state", JOB_STATES);
}

export const PAYOUT_STATES = ["scheduled", "in_transit", "paid", "failed"] as const;

export interface PayoutsSearch {
  state?: Schemas["PayoutState"];
}

export function parsePayouts(raw: Raw): PayoutsSearch {
  return oneOf(raw, "state", PAYOUT_STATES);
}

export interface CallsSearch extends RangeSearch {
  q?: string;
  status?: Schemas["CallStatus"];
  direction?: Schemas["CallDirection"];
  tier?: Schemas["Tier"];
  /** The call that is open beside the list. */
  call?: string;
}

export function parseCalls(raw: Raw): CallsSearch {
  const { call } = raw;
  return {
    ...parseRange(raw),
    ...text(raw, "q"),
    ...oneOf(raw, "status", CALL_STATUSES),
    ...oneOf(raw, "direction", DIRECTIONS),
    ...oneOf(raw, "tier", TIERS),
    ...(typeof call === "string" && call.startsWith("call_") && { call }),
  };
}

export interface MovesSearch extends RangeSearch {
  /** Those from or to this one, by id. */
  account?: string;
}

export function parseMoves(raw: Raw): MovesSearch {
  const { account } = raw;
  return { ...parseRange(raw), ...(typeof account === "string" && /^sub_[0-9a-z]{13}$/.test(account) && { account }) };
}

export const PROFIT_SORTS = ["name", "profit_usd", "payable_usd", "collected_usd"] as const;

type ProfitField = (typeof PROFIT_SORTS)[number];

export interface ProfitsSearch extends RangeSearch {
  sort?: ProfitField | `-${ProfitField}`;
  /** The purchases of this one, by id. */
  account?: string;
}

export function parseProfits(raw: Raw): ProfitsSearch {
  const sorts = PROFIT_SORTS.flatMap((field): (ProfitField | `-${ProfitField}`)[] => [field, `-${field}`]);
  return { ...parseMoves(raw), ...oneOf(raw, "sort", sorts) };
}

export interface PaymentsSearch {
  state?: Schemas["PurchaseState"];
}

export function parsePayments(raw: Raw): PaymentsSearch {
  return oneOf(raw, "state", PURCHASE_STATES);
}

export type CreditSearch = RangeSearch;

export function parseCredit(raw: Raw): CreditSearch {
  return parseRange(raw);
}

export interface StatementSearch extends RangeSearch {
  account?: Schemas["WalletAccount"];
}

export function parseStatement(raw: Raw): StatementSearch {
  return { ...parseRange(raw), ...oneOf(raw, "account", WALLET_ACCOUNTS) };
}

export const UNMATCHED_STATES = ["charged", "duplicate", "dismissed"] as const;

export interface UnmatchedSearch {
  state?: (typeof UNMATCHED_STATES)[number];
}

export function parseUnmatched(raw: Raw): UnmatchedSearch {
  return oneOf(raw, "state", UNMATCHED_STATES);
}

export const API_KEY_STATUSES = ["active", "expired", "revoked"] as const;

export interface ApiKeysSearch {
  status?: Schemas["ApiKeyStatus"];
}

export function parseApiKeys(raw: Raw): ApiKeysSearch {
  return oneOf(raw, "status", API_KEY_STATUSES);
}

export interface AuditSearch extends RangeSearch {
  action?: string;
  /** Whose events, by id. */
  actor?: string;
  /** To what it was done, by id. */
  target?: string;
}

export function parseAudit(raw: Raw): AuditSearch {
  const { action, actor, target } = raw;
  return {
    ...parseRange(raw),
    ...(typeof action === "string" && /^[a-z_]+\.[a-z_]+$/.test(action) && { action }),
    ...(typeof actor === "string" && /^(usr|key|plt)_[0-9a-z]{13}$/.test(actor) && { actor }),
    ...(typeof target === "string" && /^[a-z]{3,4}_[0-9a-z]{13}$/.test(target) && { target }),
  };
}
