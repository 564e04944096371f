import { expect, it } from "vitest";
import { actionText, changeSummary, differences } from "./actions";

it("names what it knows and shows the rest as it is", () => {
  expect(actionText("subaccount.prices_set")).toBe("Changed prices");
  expect(actionText("campaign.paused")).toBe("campaign.paused");
});

it("sets before and after side by side, without what stayed", () => {
  expect(
    differences({
      before: { name: "A", reference: null, email: "a@b" },
      after: { name: "B", reference: "x-1", email: "a@b" },
    }),
  ).toEqual([
    { field: "name", before: "A", after: "B" },
    { field: "reference", before: null, after: "x-1" },
  ]);
  expect(differences({ before: null, after: null })).toEqual([]);
});

it.each([
  [{ premium: "0.16" }, { premium: "0.20" }, "premium $0.16 → $0.20"],
  [null, { scopes: ["read", "calls:write"] }, "scopes read, calls:write"],
  [{ reference: "x-1" }, { reference: null }, "reference removed"],
  [
    null,
    { subaccount: "sub_0", tier: "premium", seconds: 60_000, paid_usd: "200.00", unit_price: "0.20" },
    "tier premium, minutes 1,000.0 min, paid $200.00, price $0.20",
  ],
  [
    { increment: { first_seconds: 1, step_seconds: 1 } },
    { increment: { first_seconds: 30, step_seconds: 6 } },
    "increment first seconds 1, step seconds 1 → first seconds 30, step seconds 6",
  ],
])("says the change from %j to %j in one line", (before, after, line) => {
  expect(changeSummary({ before, after })).toBe(line);
});
