import { describe, expect, it } from "vitest";
import { fromMarkup, fromPrice, priceFault, profitPerMinute } from "./pricing";

describe("a client price", () => {
  it("typed as a price gives the markup", () => {
    expect(fromPrice("0.20", "0.16")).toEqual({ price: "0.20", markup: "25" });
    expect(fromPrice("0.12", "0.09")).toEqual({ price: "0.12", markup: "33.33" });
    expect(fromPrice("0.10", "0.16")).toEqual({ price: "0.10", markup: "-37.5" });
  });

  it("typed as a markup gives the price", () => {
    expect(fromMarkup("25", "0.16")).toEqual({ price: "0.20", markup: "25" });
    expect(fromMarkup("100", "0.09")).toEqual({ price: "0.18", markup: "100" });
  });

  it("half typed leaves the other side empty", () => {
    expect(fromPrice("0.2x", "0.16")).toEqual({ price: "0.2x", markup: "" });
    expect(fromMarkup("", "0.16")).toEqual({ price: "", markup: "" });
  });

  it("over a base of zero has no markup", () => {
    expect(fromPrice("0.05", "0.00")).toEqual({ price: "0.05", markup: "" });
  });

  it("may not be below base", () => {
    expect(priceFault("0.16", "0.16")).toBeNull();
    expect(priceFault("0.159999", "0.16")).toBe("At least the base price, $0.16");
    expect(priceFault("", "0.16")).toBe("Enter a price with up to 6 decimals");
    expect(priceFault("0.1234567", "0.16")).toBe("Enter a price with up to 6 decimals");
  });

  it("earns its difference to base", () => {
    expect(profitPerMinute("0.20", "0.16")).toBe(40_000n);
    expect(profitPerMinute("?", "0.16")).toBeNull();
  });
});
