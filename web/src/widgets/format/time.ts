// Instants of the API in the agency's zone, and days of that zone as instants.

export type Zone = string;
/** A calendar day, `2026-11-23`. */
export type Day = string;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: Zone, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
    formats.set(key, made);
  }
  return made;
}

/** `Nov 23, 08:12`; with the year when it is not this one. */
export function instantText(instant: string, zone: Zone, now = Date.now()): string {
  const at = Date.parse(instant);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return dayOf(at, zone).slice(0, 4) === dayOf(now, zone).slice(0, 4)
    ? format(zone, "short", { month: "short", day: "numeric", ...time }).format(at)
    : format(zone, "long", { year: "numeric", month: "short", day: "numeric", ...time }).format(at);
}

/** `Mon, Nov 23, 2026, 08:12:45 EST`: everything there is to know, for a hover. */
export function exactInstantText(instant: string, zone: Zone): string {
  return format(zone, "exact", {
    weekday: "short",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  }).format(Date.parse(instant));
}

/** `Nov 23, 2026`. */
export function dateText(instant: string, zone: Zone): string {
  return format(zone, "date", { year: "numeric", month: "short", day: "numeric" }).format(Date.parse(instant));
}

/** `Nov 23`, and the year when it is not this one. */
export function shortDayText(day: Day, now = Date.now()): string {
  return day.slice(0, 4) === new Date(now).toISOString().slice(0, 4)
    ? shortDateText(`${day}T00:00:00Z`, "UTC")
    : dayText(day);
}

/** `Nov 2026`. */
export function monthText(instant: string, zone: Zone): string {
  return format(zone, "month", { month: "short", year: "numeric" }).format(Date.parse(instant));
}

/** `Nov 23`. */
export function shortDateText(instant: string, zone: Zone): string {
  return format(zone, "day", { month: "short", day: "numeric" }).format(Date.parse(instant));
}

/** A calendar day needs no zone. */
export function dayText(day: Day): string {
  return dateText(`${day}T00:00:00Z`, "UTC");
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const relative = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });

/** `2 minutes ago`, `in 5 days`. */
export function relativeText(instant: string, now = Date.now()): string {
  const distance = Date.parse(instant) - now;
  const step = STEPS.find(([, size]) => Math.abs(distance) >= size);
  return step ? relative.format(Math.round(distance / step[1]), step[0]) : "just now";
}

const MINUTE_SECONDS = 60;

/** How long to wait: `1 second`, `40 seconds`, `15 minutes`; never less than it is. */
export function waitText(seconds: number): string {
  const [count, unit] =
    seconds < 2 * MINUTE_SECONDS ? [Math.ceil(seconds), "second"] : [Math.ceil(seconds / MINUTE_SECONDS), "minute"];
  return new Intl.NumberFormat("en-US", { style: "unit", unit, unitDisplay: "long" }).format(count);
}

/** The calendar day that `at` falls on in `zone`. */
export function dayOf(at: number, zone: Zone): Day {
  const parts = format(zone, "parts", { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The first instant of a day in `zone`: midnight, or what follows it where a clock change skips midnight. */
export function startOfDay(day: Day, zone: Zone): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const hour = 3_600_000;
  let [outside, inside] = [midnight - 15 * hour, midnight + 15 * hour];
  while (inside - outside > 1000) {
    const middle = Math.floor((outside + inside) / 2000) * 1000;
    if (dayOf(middle, zone) < day) outside = middle;
    else inside = middle;
  }
  return new Date(inside).toISOString().replace(".000Z", "Z");
}

/** The day `count` days later. */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
