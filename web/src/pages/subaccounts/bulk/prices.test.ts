import { describe, expect, it } from "vitest";
import type { Schemas } from "../../../api/client";
import { hasPrices, keepsTier, priceSpan, pricesInput, type WantedPrices } from "./prices";

function account(basic: string, premium: string, base = false): Schemas["Subaccount"] {
  const prices = { basic, premium, apply_base_price: base, raised_to_base: false };
  return { prices } as Schemas["Subaccount"];
}

const PREMIUM_ONLY: WantedPrices = { base: false, prices: { basic: null, premium: "0.2" } };

describe("prices of many", () => {
  it("are known to be there already, whatever their zeros", () => {
    expect(hasPrices(account("0.09", "0.20"), PREMIUM_ONLY)).toBe(true);
    expect(hasPrices(account("0.09", "0.21"), PREMIUM_ONLY)).toBe(false);
    expect(hasPrices(account("0.09", "0.20", true), PREMIUM_ONLY)).toBe(false);
    expect(hasPrices(account("0.09", "0.16", true), { base: true })).toBe(true);
    expect(hasPrices(account("0.09", "0.16"), { base: true })).toBe(false);
  });

  it("keep what an account pays for the tier that was left empty", () => {
    expect(keepsTier(PREMIUM_ONLY)).toBe(true);
    expect(pricesInput(account("0.12", "0.30"), PREMIUM_ONLY)).toEqual({ basic: "0.12", premium: "0.2" });
    expect(keepsTier({ base: true })).toBe(false);
    expect(pricesInput(account("0.12", "0.30"), { base: true })).toEqual({ apply_base_price: true });
  });

  it("lie between the lowest and the highest", () => {
    const accounts = [account("0.09", "0.20"), account("0.10", "0.16"), account("0.15", "0.32")];
    expect(priceSpan(accounts, "premium")).toEqual({ lowest: "0.16", highest: "0.32" });
    expect(priceSpan([], "basic")).toBeNull();
  });
});
