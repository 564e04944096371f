import { describe, expect, it } from "vitest";
import { decimalText, parseDecimal, priceAt, roundedText } from "../../widgets/format/decimal";
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

/** Numbers that look random and are the same in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const CASES = 100_000;
const WHOLE = 100n * 1_000_000n;

describe("price and markup", () => {
  it("agree with the obvious way over a hundred thousand cases", () => {
    const upTo = numbers(20_261_128);
    for (let i = 0; i < CASES; i++) {
      const [base, percent] = [BigInt(1 + upTo(5_000_000)), BigInt(upTo(500_000_000))];
      // Of two whole micro-dollars the nearer one, the upper one when both are as near.
      const exact = base * (WHOLE + percent);
      const below = exact / WHOLE;
      const price = (below + 1n) * WHOLE - exact <= exact - below * WHOLE ? below + 1n : below;
      if (priceAt(base, percent) !== price) expect.fail(`base ${base} at ${percent}: not ${price}`);
      const typed = fromMarkup(decimalText(percent), decimalText(base));
      if (parseDecimal(typed.price) !== price) expect.fail(`typed ${percent} over ${base}: ${typed.price}`);
      // What the price then says of its markup is within half a hundredth of a percent of what it is.
      const back = parseDecimal(fromPrice(typed.price, decimalText(base)).markup) ?? -1n;
      const off = back * base - (price - base) * WHOLE;
      if ((off < 0n ? -off : off) > 5_001n * base) expect.fail(`back from ${price} over ${base}: ${back}`);
    }
    expect(roundedText(priceAt(160_000n, 25_000_000n), 2)).toBe("0.20");
  });
});
