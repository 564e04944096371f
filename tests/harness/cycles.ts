// Billing cycles told once more (domain.md §10), by the platform's own calendar: midnights of a zone, counted from an anchor.

interface Day {
  year: number;
  month: number; // 1 to 12
  day: number;
}

export function dayOf(text: string): Day {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  return { year, month, day };
}

/** A day of the month that the target month does not have is its last; counted from the anchor, so it returns. */
function addMonths({ year, month, day }: Day, months: number): Day {
  const count = year * 12 + (month - 1) + months;
  const target = { year: Math.floor(count / 12), month: (count % 12) + 1 };
  const last = new Date(Date.UTC(target.year, target.month, 0)).getUTCDate();
  return { ...target, day: Math.min(day, last) };
}

/** The date on the zone's wall at an instant. */
function wallDay(at: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The first instant of a day in a zone, in ms: found by looking, whatever its offsets do. */
export function midnight({ year, month, day }: Day, zone: string): number {
  const wanted = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  const utc = Date.UTC(year, month - 1, day);
  let at = utc - 15 * HOUR_MS;
  while (wallDay(at, zone) < wanted) at += HOUR_MS;
  while (wallDay(at - MINUTE_MS, zone) >= wanted) at -= MINUTE_MS;
  return at;
}

/** When cycle number `index` of an agency begins; 0 is the anchor's own. */
export function cycleStart(anchor: string, zone: string, index: number): number {
  return midnight(addMonths(dayOf(anchor), index), zone);
}
