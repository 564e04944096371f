import { describe, expect, it } from "vitest";
import { parseRange, rangeInstants } from "./range";

const ZONE = "America/New_York";
// 01:30 on the 1st of March in UTC is still February in New York.
const NOW = Date.parse("2026-03-01T01:30:00Z");

describe("a range of days", () => {
  it.each([
    ["7d", "2026-02-22T05:00:00Z", "2026-03-01T05:00:00Z"],
    ["30d", "2026-01-30T05:00:00Z", "2026-03-01T05:00:00Z"],
    ["month", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z"],
    ["last_month", "2026-01-01T05:00:00Z", "2026-02-01T05:00:00Z"],
  ] as const)("%s is from %s up to %s", (range, from, to) => {
    expect(rangeInstants({ range }, ZONE, NOW)).toEqual({ from, to });
  });

  it("leaves the billing period to the server", () => {
    expect(rangeInstants({ range: "period" }, ZONE, NOW)).toEqual({});
    expect(rangeInstants({}, ZONE, NOW)).toEqual({});
  });

  it("holds both days that were picked, over a change of clocks", () => {
    expect(rangeInstants({ since: "2026-03-07", until: "2026-03-08" }, ZONE, NOW)).toEqual({
      from: "2026-03-07T05:00:00Z",
      to: "2026-03-09T04:00:00Z",
    });
  });
});

describe("an address", () => {
  it.each([
    [{ range: "7d" }, { range: "7d" }],
    [{ range: "nonsense" }, {}],
    [
      { since: "2026-03-07", until: "2026-03-08" },
      { since: "2026-03-07", until: "2026-03-08" },
    ],
    [{ since: "2026-03-09", until: "2026-03-08" }, {}],
    [{ since: "2026-99-09", until: "2027-03-08" }, {}],
    [{ since: "2026-03-07" }, {}],
    [{ range: "7d", since: "2026-03-07", until: "2026-03-08" }, { range: "7d" }],
  ])("%j means %j", (search, range) => {
    expect(parseRange(search)).toEqual(range);
  });
});
