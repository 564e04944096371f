import { expect, it } from "vitest";
import { previewPurchase } from "./selling";

it("by minutes: pays whole cents, rounded up", () => {
  expect(previewPurchase("minutes", "2,000", "0.20")).toEqual({ seconds: 120_000, paid: "400.00" });
  expect(previewPurchase("minutes", "0.05", "0.16")).toEqual({ seconds: 3, paid: "0.01" });
});

it("by amount: gets the whole seconds that it buys", () => {
  expect(previewPurchase("amount", "400", "0.20")).toEqual({ seconds: 120_000, paid: "400.00" });
  expect(previewPurchase("amount", "10.00", "0.0875")).toEqual({ seconds: 6857, paid: "10.00" });
});

it.each(["", "0", "-5", "0.001", "abc", "9999999999999"])("has nothing to say to an amount of %j", (typed) => {
  expect(previewPurchase("amount", typed, "0.20")).toBeNull();
});

it.each(["", "0", "-5", "0.001", "100000001"])("has nothing to say to %j minutes", (typed) => {
  expect(previewPurchase("minutes", typed, "0.20")).toBeNull();
});

it("cannot divide by a price of zero", () => {
  expect(previewPurchase("amount", "10", "0.00")).toBeNull();
});
