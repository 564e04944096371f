// The figures of an overview: what each is called, what it means, how it is written.
import type { Schemas } from "../../api/client";
import { changeTenths, parseDecimal } from "../format/decimal";
import { countText, exactMinutesText, minutesText } from "../format/minutes";
import { exactMoneyText, moneyText, plotValue, shortMoneyText } from "../format/money";
import { MINUS } from "../format/signs";

/** From three times as much on, a change reads as a factor. */
const TIMES_FROM_TENTHS = 2000;

type Totals = Omit<Schemas["Totals"], "from" | "to">;
export type MetricName = keyof Totals;
type Point = Schemas["SeriesPoint"];

interface Metric {
  label: string;
  help: string;
  /** More of it is good news for the agency; neither good nor bad where it only follows the calls. */
  goodWhenUp?: true;
}

export const METRICS: Record<MetricName, Metric> = {
  minutes_used_seconds: {
    label: "Minutes used",
    help: "Billed time of all calls that started in this range.",
  },
  calls: { label: "Calls", help: "All calls that started in this range, answered or not." },
  spent_usd: {
    label: "Spent",
    help: "The minutes that were used, at the client's price of each call.",
    goodWhenUp: true,
  },
  cost_usd: { label: "Cost", help: "The same minutes at base price: what they cost the agency." },
  margin_usd: {
    label: "Margin",
    help: "Spent less cost: earned on usage. Analytics, not money: profit is earned when minutes are bought.",
    goodWhenUp: true,
  },
  profit_usd: {
    label: "Profit",
    help: "What clients paid for minutes in this range, less their base price.",
    goodWhenUp: true,
  },
  purchased_usd: { label: "Purchased", help: "What clients paid for minutes in this range.", goodWhenUp: true },
};

export interface Figure {
  text: string;
  exact: string;
}

/** A figure as it reads; null for one that this person may not see. */
export function figureOf(totals: Totals | Point, name: MetricName): Figure | null {
  const value = totals[name];
  if (value === null) return null;
  if (name === "minutes_used_seconds")
    return { text: minutesText(Number(value)), exact: exactMinutesText(Number(value)) };
  if (typeof value === "number") return { text: countText(value), exact: countText(value) };
  return { text: moneyText(value), exact: exactMoneyText(value) };
}

/** By how much a figure differs from the span before, in tenths of a percent. */
export function changeOf(now: Totals, before: Totals, name: MetricName): number | null {
  const [current, previous] = [asMicros(now[name]), asMicros(before[name])];
  return current === null || previous === null ? null : changeTenths(current, previous);
}

/** `+5.8%`, `−12%`, `×6.8`: a large one is no percentage that anybody can picture. */
export function changeText(tenths: number): string {
  if (tenths >= TIMES_FROM_TENTHS) return `×${(1 + tenths / 1000).toFixed(1)}`;
  const percent = (Math.abs(tenths) / 10).toFixed(1).replace(/\.0$/, "");
  return `${tenths < 0 ? MINUS : tenths > 0 ? "+" : ""}${percent}%`;
}

function asMicros(value: string | number | null): bigint | null {
  if (value === null) return null;
  return typeof value === "number" ? BigInt(value) : parseDecimal(value);
}

/** A day's figure as the height that a chart draws. */
export function plotOf(point: Point, name: MetricName): number {
  const value = point[name];
  if (name === "minutes_used_seconds") return point.minutes_used_seconds / 60;
  return typeof value === "number" ? value : plotValue(value);
}

export function axisText(name: MetricName, value: number): string {
  if (name.endsWith("_usd")) return shortMoneyText(value);
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}
