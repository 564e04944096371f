// A range of days as the address holds it, and as the instants that the API takes.
import { addDays, dayOf, startOfDay, type Day, type Zone } from "../format/time";

export const PRESETS = {
  period: "This billing period",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  month: "This month",
  last_month: "Last month",
  year: "Last 12 months",
} as const;

export type Preset = keyof typeof PRESETS;

export interface RangeSearch {
  range?: Preset;
  /** Days of the agency's zone, both inside; without a preset. */
  since?: Day;
  until?: Day;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isDay(value: unknown): value is Day {
  return typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

/** What of an address is a range; anything else in it is as if it were not there. */
export function parseRange(search: Record<string, unknown>): RangeSearch {
  const { range, since, until } = search;
  if (typeof range === "string" && range in PRESETS) return { range: range as Preset };
  return isDay(since) && isDay(until) && since <= until ? { since, until } : {};
}

/** Its instants; none for the billing period, which the server knows. */
export function rangeInstants(search: RangeSearch, zone: Zone, now: number): { from?: string; to?: string } {
  const days = rangeDays(search, dayOf(now, zone));
  return days ? { from: startOfDay(days.since, zone), to: startOfDay(addDays(days.until, 1), zone) } : {};
}

function rangeDays({ range, since, until }: RangeSearch, today: Day): { since: Day; until: Day } | null {
  if (since && until) return { since, until };
  const firstOfMonth = `${today.slice(0, 8)}01`;
  switch (range) {
    case "7d":
      return { since: addDays(today, -6), until: today };
    case "30d":
      return { since: addDays(today, -29), until: today };
    case "90d":
      return { since: addDays(today, -89), until: today };
    case "month":
      return { since: firstOfMonth, until: today };
    case "last_month": {
      const last = addDays(firstOfMonth, -1);
      return { since: `${last.slice(0, 8)}01`, until: last };
    }
    case "year": {
      // Eleven months and what there is of this one.
      const [year = 0, month = 0] = today.split("-").map(Number);
      return { since: new Date(Date.UTC(year, month - 12, 1)).toISOString().slice(0, 10), until: today };
    }
    default:
      return null;
  }
}
