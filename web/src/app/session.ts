// Who is signed in, what they may do, and the zone in which they see time.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import type { Schemas } from "../api/client";
import { agencyQuery, meQuery, type Me } from "../api/queries";

export type Permission = Schemas["Permission"];

/** Of the platform's staff, and in no agency: the pages of an agency are not there for them. */
export function isOutside(me: Me): boolean {
  return me.role === "platform_admin";
}

/** Of the platform's staff, wherever they are. */
export function isStaff(me: Me): boolean {
  return isOutside(me) || me.entered_by_platform === true;
}

/** Only below the signed-in layout, which has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Permissions to look; what an agency that is being deleted still allows. */
const LOOKING: ReadonlySet<Permission> = new Set([
  "agency.view",
  "subaccount.list",
  "users.view",
  "profits.view",
  "reports.agency",
  "monitoring.view",
  "audit.view",
  "workspace.view",
  "wallet.view",
  "platform.view",
  "platform.leave",
]);

/** Whether a page of this permission is theirs to open, whatever on it they may do just now. */
export function sees(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission);
}

export function isBeingDeleted(me: Me): boolean {
  return me.agency.status === "deleting";
}

/** Whether the platform's staff are in the agency, told to those who may read what they did. */
export function isPlatformInside(me: Me): boolean {
  return me.platform_inside.length > 0;
}

/** Whether they may do it now: an agency that is being deleted is read only. */
export function may(me: Me, permission: Permission): boolean {
  return sees(me, permission) && (LOOKING.has(permission) || !isBeingDeleted(me));
}

export function useMay(permission: Permission): boolean {
  return may(useMe(), permission);
}

export function useZone(): string {
  return useMe().agency.timezone;
}

/** What the agency calls itself before its clients. */
export function useBrand(): string {
  const { agency } = useMe();
  return agency.branding.name ?? agency.name;
}

/** The whole agency for those who may see it, or null: a member sees its card only. */
export function useAgency(): Schemas["Agency"] | null {
  const agency = useQuery({ ...agencyQuery, enabled: useMay("agency.view") }).data;
  return agency && "plan" in agency ? agency : null;
}

/** Where somebody works who has no agency to look at: the primary for an agency's member, else the only account they reach. */
export function ownAccount(me: Me): string | null {
  const [first] = me.subaccounts;
  return first && (first.kind === "primary" || isInOneAccount(me)) ? first.id : null;
}

/** A client's person with one account, which is all of the console to them. */
export function isInOneAccount(me: Me): boolean {
  return !may(me, "reports.agency") && !me.all_subaccounts && me.subaccounts.length === 1;
}
