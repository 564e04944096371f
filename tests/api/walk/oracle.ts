// What permissions.csv says of a request before the server is asked: who may do what with what is where.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { inSource } from "../../harness/paths.ts";
import type { Role, Route } from "../../harness/rows.ts";

/** Where the sub-account is that a request is about, or whose what it is about is. */
export type Place =
  | "primary"
  | "granted"
  | "foreign" // the agency's, granted to nobody by name
  | "suspended" // granted, too
  | "removed"
  | "own" // of the agency as a whole, or of the caller
  | "colleague" // somebody else's in the agency
  | "other" // another agency's
  | "nowhere"; // an id that nothing has

export const OWN_ACCOUNTS: readonly Place[] = ["primary", "granted", "foreign", "suspended", "removed"];
export const ACCOUNT_PLACES: readonly Place[] = [...OWN_ACCOUNTS, "other", "nowhere"];

/** What the oracle knows of whoever asks. */
export interface Standing {
  name: string;
  kind: "person" | "staff outside" | "staff inside" | "key" | "nobody";
  /** As whom they count in the agency: an API key as an Admin, or bound to one sub-account as a member of it. */
  role: Role | undefined;
  /** Granted all sub-accounts, also future ones. */
  reachesAll: boolean;
  granted: readonly Place[];
  /** An API key's. */
  scopes: readonly string[];
  /** What nobody is told. */
  code?: string;
}

export type Verdict = { isAllowed: true } | { isAllowed: false; status: number; code: string };

export const ALLOWED: Verdict = { isAllowed: true };
export const refusal = (status: number, code: string): Verdict => ({ isAllowed: false, status, code });
export const NOT_FOUND = refusal(404, "not_found");
export const NOT_ALLOWED = refusal(403, "not_allowed");

const [header = [], ...rows] = readFileSync(inSource("tests/permissions.csv"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => line.split(","));

export const permissions: readonly string[] = rows.map(([name = ""]) => name);

function cell(permission: string, column: string): string {
  const row = rows.find(([name]) => name === permission);
  assert.ok(row, `no row ${permission}`);
  return row[header.indexOf(column)] ?? "";
}

/** yes, no, all, granted, scope, own. */
export const grant = (permission: string, role: Role): string => cell(permission, role);

export function seesProfits({ role }: Standing): boolean {
  return role !== undefined && grant("profits.view", role) !== "no";
}

/** Whoever sees a sub-account at all may view its workspace: that row of the matrix is the role's scope. */
export function reaches({ role, reachesAll, granted }: Standing, place: Place): boolean {
  if (role === undefined || !OWN_ACCOUNTS.includes(place)) return false;
  const isGranted = place !== "primary" && (reachesAll || granted.includes(place));
  const scope = grant("workspace.view", role);
  return scope === "all" || isGranted || (scope === "scope" && place === "primary");
}

const isAbout = (path: string, kinds: string): boolean => new RegExp(`\\{(${kinds})\\}`).test(path);
export const isOfAccount = ({ path }: Route): boolean => isAbout(path, "subaccount|purchase|call|reservation");
const namesSomething = ({ path }: Route): boolean => path.includes("{");
const isWrite = ({ method }: Route): boolean => method !== "GET";

/** The notes say from where the platform's staff may. */
function ofPlatform(route: Route, { kind }: Standing, place: Place): Verdict {
  const note = cell(route.permission, "notes");
  const isThere = namesSomething(route) && place === "nowhere" ? NOT_FOUND : ALLOWED;
  if (kind === "staff inside") return note.includes("inside an agency") ? isThere : NOT_FOUND;
  if (kind === "staff outside") return note.includes("outside") ? isThere : NOT_ALLOWED;
  return NOT_FOUND;
}

function ofScopes(route: Route, { scopes }: Standing): Verdict {
  if (route.scopes === "") return NOT_ALLOWED;
  return route.scopes.split(",").some((scope) => scopes.includes(scope)) ? ALLOWED : refusal(403, "scope_missing");
}

/** Nobody changes what was removed; in what is suspended its own people change nothing, others not its workspace. */
function ofStatus({ permission }: Route, { role }: Standing, place: Place): Verdict {
  if (place === "removed") return refusal(409, "subaccount_removed");
  const isOwnPeoples = role === "subaccount_admin" || role === "subaccount_member";
  const isInside = ["workspace.edit", "workspace.execute", "settings.edit"].includes(permission);
  return place === "suspended" && (isOwnPeoples || isInside) ? refusal(409, "subaccount_suspended") : ALLOWED;
}

function ofRole(route: Route, who: Standing, place: Place): Verdict {
  assert.ok(who.role);
  if (isOfAccount(route) && !reaches(who, place)) return NOT_FOUND;
  // A key's scope stands for the permission, so that one bound to a sub-account can hold for and record its calls.
  const isByScope = who.kind === "key" && /(calls|reservations):write/.test(route.scopes);
  if (!isByScope && grant(route.permission, who.role) === "no") return NOT_ALLOWED;
  return isOfAccount(route) && isWrite(route) ? ofStatus(route, who, place) : ALLOWED;
}

function ofAgency(route: Route, who: Standing, place: Place): Verdict {
  if (route.permission === "signed_in") return ALLOWED;
  if (who.kind === "staff outside") return namesSomething(route) ? NOT_FOUND : NOT_ALLOWED;
  return ofRole(route, who, place);
}

export function judge(route: Route, who: Standing, place: Place): Verdict {
  if (route.permission === "public") return ALLOWED;
  if (who.kind === "nobody") return refusal(401, who.code ?? "not_signed_in");
  if (route.permission.startsWith("platform.")) return ofPlatform(route, who, place);
  const byScope = who.kind === "key" ? ofScopes(route, who) : ALLOWED;
  const verdict = byScope.isAllowed ? ofAgency(route, who, place) : byScope;
  const isElsewhere = namesSomething(route) && ["colleague", "other", "nowhere"].includes(place);
  return verdict.isAllowed && isElsewhere ? NOT_FOUND : verdict;
}
