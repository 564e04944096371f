import { expect, it } from "vitest";
import { actionText, changeSummary, differences } from "./actions";

it("names what it knows and shows the rest as it is", () => {
  expect(actionText("subaccount.priced")).toBe("Changed prices");
  expect(actionText("campaign.paused")).toBe("campaign.paused");
});

it("sets before and after side by side", () => {
  expect(differences({ before: { name: "A", reference: null }, after: { name: "B", reference: "x-1" } })).toEqual([
    { field: "name", before: "A", after: "B" },
    { field: "reference", before: null, after: "x-1" },
  ]);
  expect(differences({ before: null, after: null })).toEqual([]);
});

it("says a change in one line", () => {
  expect(changeSummary({ before: { premium: "0.16" }, after: { premium: "0.20" } })).toBe("premium 0.16 → 0.20");
  expect(changeSummary({ before: null, after: { scopes: ["read"] } })).toBe('scopes ["read"]');
});
