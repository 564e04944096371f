/** IANA names for a select; the one in use is among them even where this browser does not know it. */
export function timezones(inUse: string): string[] {
  return [...new Set(["UTC", inUse, ...Intl.supportedValuesOf("timeZone")])];
}
