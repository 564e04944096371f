// What each role is called, and what it means in a sentence.
import type { Schemas } from "../api/client";
import type { Me } from "../api/queries";

export type Role = Schemas["Role"];
export type AssignableRole = Schemas["AssignableRole"];

export const ROLE_LABELS: Record<Role | "platform_admin", string> = {
  agency_owner: "Agency Owner",
  agency_admin: "Agency Admin",
  agency_member: "Agency Member",
  subaccount_admin: "Subaccount Admin",
  subaccount_member: "Subaccount Member",
  platform_admin: "Platform Admin",
};

export const ROLE_MEANINGS: Record<AssignableRole, string> = {
  agency_admin: "Does everything in every account, but cannot hand the agency over.",
  agency_member:
    "Works in the agency's own account and in the clients' accounts you choose; manages no people and no prices.",
  subaccount_admin: "A client's person with full access inside their accounts.",
  subaccount_member: "A client's person who looks but does not edit; may add cards and buy minutes.",
};

export const ASSIGNABLE_ROLES = Object.keys(ROLE_MEANINGS) as AssignableRole[];

/** Whether somebody of this role is of the agency itself, not of a client. */
export function isOfAgency(role: Role): boolean {
  return role.startsWith("agency_");
}

export function isOfClient(role: Me["role"]): boolean {
  return role === "subaccount_admin" || role === "subaccount_member";
}
