import { describe, expect, it } from "vitest";
import { durationText, exactMinutesText, minutesText, secondsTyped } from "./minutes";
import { exactMoneyText, moneyText, percentText } from "./money";
import {
  addDays,
  dayOf,
  dayText,
  exactInstantText,
  instantText,
  relativeText,
  shortDayText,
  startOfDay,
  waitText,
} from "./time";

describe("money", () => {
  it.each([
    ["0.00", "$0.00", "$0.00"],
    ["1234.567", "$1,234.57", "$1,234.567"],
    ["-3.20", "−$3.20", "−$3.20"],
    ["1000000.00", "$1,000,000.00", "$1,000,000.00"],
    ["0.002667", "$0.00", "$0.002667"],
  ])("%s reads %s, exactly %s", (decimal, text, exact) => {
    expect(moneyText(decimal)).toBe(text);
    expect(exactMoneyText(decimal)).toBe(exact);
  });

  it.each([
    ["25.00", "25%"],
    ["33.33", "33.33%"],
    ["100.00", "100%"],
    ["0.00", "0%"],
  ])("a markup of %s reads %s", (decimal, text) => {
    expect(percentText(decimal)).toBe(text);
  });
});

describe("minutes", () => {
  it.each([
    [0, "0.0 min"],
    [2, "0.0 min"],
    [3, "0.1 min"],
    [74070, "1,234.5 min"],
    [-1834, "−30.6 min"],
    [-2, "0.0 min"],
  ])("%d s reads %s", (seconds, text) => {
    expect(minutesText(seconds)).toBe(text);
  });

  it("is exact to the second on hover", () => {
    expect(exactMinutesText(74071)).toBe("1,234 min 31 s");
    expect(exactMinutesText(-61)).toBe("−1 min 1 s");
  });

  it.each([
    [0, "0:00"],
    [187, "3:07"],
    [3725, "1:02:05"],
  ])("a call of %d s lasted %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it.each([
    ["2,000", 120_000],
    ["12.5", 750],
    ["0.05", 3],
    ["12:30", 750],
    ["0:07", 7],
    ["12:60", null],
    ["12:3", null],
    ["0.01", null],
    ["-1", null],
    ["many", null],
  ])("%j typed is %s s", (typed, seconds) => {
    expect(secondsTyped(typed)).toBe(seconds);
  });
});

describe("time in the agency's zone", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");

  it("leaves out the year when it is this one there", () => {
    expect(instantText("2026-11-23T08:12:45Z", "America/New_York", now)).toBe("Nov 23, 03:12");
    expect(instantText("2025-12-31T23:30:00Z", "America/New_York", now)).toBe("Dec 31, 2025, 18:30");
    expect(instantText("2025-12-31T23:30:00Z", "Europe/Berlin", now)).toBe("Jan 1, 00:30");
  });

  it("says everything on hover", () => {
    expect(exactInstantText("2026-11-23T08:12:45Z", "America/New_York")).toBe("Mon, Nov 23, 2026, 03:12:45 EST");
  });

  it("counts in the largest whole unit", () => {
    expect(relativeText("2026-11-23T11:58:00Z", now)).toBe("2 minutes ago");
    expect(relativeText("2026-11-28T12:00:00Z", now)).toBe("in 5 days");
    expect(relativeText("2026-11-23T11:59:50Z", now)).toBe("just now");
  });

  it("shows a calendar day as it is", () => {
    expect(dayText("2026-11-30")).toBe("Nov 30, 2026");
    expect(shortDayText("2026-11-30", now)).toBe("Nov 30");
    expect(shortDayText("2027-01-02", now)).toBe("Jan 2, 2027");
  });

  it.each([
    ["2026-11-23", "America/New_York", "2026-11-23T05:00:00Z"],
    ["2026-07-01", "America/New_York", "2026-07-01T04:00:00Z"],
    ["2026-11-23", "Asia/Kathmandu", "2026-11-22T18:15:00Z"],
    ["2026-11-23", "Pacific/Kiritimati", "2026-11-22T10:00:00Z"],
    ["2026-11-23", "UTC", "2026-11-23T00:00:00Z"],
    // Clocks in Beirut went from 00:00 to 01:00 that day.
    ["2024-03-31", "Asia/Beirut", "2024-03-30T22:00:00Z"],
  ])("%s in %s starts at %s", (day, zone, instant) => {
    expect(startOfDay(day, zone)).toBe(instant);
    expect(dayOf(Date.parse(instant), zone)).toBe(day);
    expect(dayOf(Date.parse(instant) - 1000, zone)).toBe(addDays(day, -1));
  });

  it("counts days over a month's end", () => {
    expect(addDays("2026-02-27", 2)).toBe("2026-03-01");
    expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
  });

  it.each([
    [1, "1 second"],
    [16, "16 seconds"],
    [119, "119 seconds"],
    [121, "3 minutes"],
    [900, "15 minutes"],
  ])("a wait of %s seconds is never said to be less", (seconds, text) => {
    expect(waitText(seconds)).toBe(text);
  });
});
