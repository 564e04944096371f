// Who is signed in, what they may do, and the zone in which they see time.
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import type { Schemas } from "../api/client";
import { agencyQuery, meQuery } from "../api/queries";

export type Permission = Schemas["Permission"];

/** Only below the signed-in layout, which has loaded it. */
export function useMe(): Schemas["Me"] {
  return useSuspenseQuery(meQuery).data;
}

export function may(me: Schemas["Me"], permission: Permission): boolean {
  return me.permissions.includes(permission);
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
