// Seconds of the API as minutes that people read and type.
import { parseDecimal } from "./decimal";
import { MINUS } from "./signs";

const grouping = new Intl.NumberFormat("en-US");

/** `1,234.5 min`: tenths of a minute, half up. */
export function minutesText(seconds: number): string {
  return `${minutesFigure(seconds)} min`;
}

/** `1,234.5`: the same where the heading names the unit. */
export function minutesFigure(seconds: number): string {
  const tenths = Math.floor((Math.abs(seconds) + 3) / 6);
  const sign = seconds < 0 && tenths > 0 ? MINUS : "";
  return `${sign}${grouping.format(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** `1,234 min 31 s`: to the second. */
export function exactMinutesText(seconds: number): string {
  const magnitude = Math.abs(seconds);
  const [minutes, rest] = [Math.floor(magnitude / 60), magnitude % 60];
  return `${seconds < 0 ? MINUS : ""}${grouping.format(minutes)} min ${rest} s`;
}

/** `3:07`, `1:02:05`: how long a call was. */
export function durationText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

const MINUTES_AND_SECONDS = /^(\d{1,10}):([0-5]\d)$/;

/** The seconds of typed minutes (`12.5`, `12:30`), or null when they are none or not a whole number of seconds. */
export function secondsTyped(minutes: string): number | null {
  const parts = MINUTES_AND_SECONDS.exec(minutes.replaceAll(",", "").trim());
  if (parts) return Number(parts[1]) * 60 + Number(parts[2]);
  const micros = parseDecimal(minutes.replaceAll(",", ""));
  if (micros === null || micros < 0n || (micros * 60n) % 1_000_000n !== 0n) return null;
  return Number((micros * 60n) / 1_000_000n);
}

/** Seconds as they would be typed: whole minutes, or minutes and seconds. */
export function minutesTyped(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return rest === 0 ? String(minutes) : `${minutes}:${String(rest).padStart(2, "0")}`;
}

export function countText(count: number): string {
  return grouping.format(count);
}
