import { describe, expect, it } from "vitest";
import { axisText, changeOf, changeText, figureOf } from "./metrics";

const now = {
  minutes_used_seconds: 74_070,
  calls: 1_200,
  spent_usd: "280.7145",
  cost_usd: null,
  margin_usd: "-3.20",
  profit_usd: "0.00",
  purchased_usd: "400.00",
};
const before = { ...now, minutes_used_seconds: 70_000, spent_usd: "300.00", profit_usd: "0.00", margin_usd: "3.20" };

describe("figures of an overview", () => {
  it("read short and stay exact", () => {
    expect(figureOf(now, "minutes_used_seconds")).toEqual({ text: "1,234.5 min", exact: "1,234 min 30 s" });
    expect(figureOf(now, "spent_usd")).toEqual({ text: "$280.71", exact: "$280.7145" });
    expect(figureOf(now, "calls")).toEqual({ text: "1,200", exact: "1,200" });
  });

  it("that one may not see are not there", () => {
    expect(figureOf(now, "cost_usd")).toBeNull();
    expect(changeOf(now, before, "cost_usd")).toBeNull();
  });

  it("change against the span before", () => {
    expect(changeOf(now, before, "minutes_used_seconds")).toBe(58);
    expect(changeOf(now, before, "spent_usd")).toBe(-64);
    expect(changeOf(now, before, "margin_usd")).toBe(-2000);
    expect(changeOf(now, before, "profit_usd")).toBeNull();
  });

  it.each([
    [58, "+5.8%"],
    [-120, "−12%"],
    [0, "0%"],
    [1999, "+199.9%"],
    [5817, "×6.8"],
  ])("%d tenths of a percent read %s", (tenths, text) => {
    expect(changeText(tenths)).toBe(text);
  });

  it("are short on an axis", () => {
    expect(axisText("spent_usd", 12_340)).toBe("$12.3K");
    expect(axisText("margin_usd", -20)).toBe("−$20");
    expect(axisText("calls", 1_500_000)).toBe("1.5M");
  });
});
