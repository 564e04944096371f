import { describe, expect, it } from "vitest";
import cardAmounts from "../../../../tests/vectors/card_amount.json";
import secondsBought from "../../../../tests/vectors/seconds_for.json";
import values from "../../../../tests/vectors/value.json";
import {
  cardAmount,
  changeTenths,
  decimalText,
  markupOf,
  parseDecimal,
  priceAt,
  roundedText,
  secondsFor,
  valueOf,
  type Micros,
} from "./decimal";

function micros(text: string): Micros {
  const value = parseDecimal(text);
  if (value === null) throw new Error(`not a decimal: ${text}`);
  return value;
}

describe("decimal strings", () => {
  it.each(["0.00", "0.16", "12.50", "12.345678", "-3.20", "-0.000001", "9999999999999.999999"])(
    "%s reads back as written",
    (text) => {
      expect(decimalText(micros(text))).toBe(text);
    },
  );

  it.each([
    ["12", "12.00"],
    [".5", "0.50"],
    ["7.", "7.00"],
    [" 0.200000 ", "0.20"],
  ])("what is typed as %j means %s", (typed, meant) => {
    expect(decimalText(micros(typed))).toBe(meant);
  });

  it.each(["", ".", "-", "1.2345678", "1,5", "1e3", "abc", "--1", "12345678901234"])("%j is no decimal", (typed) => {
    expect(parseDecimal(typed)).toBeNull();
  });

  it.each([
    ["0.005", "0.01"],
    ["0.004999", "0.00"],
    ["-0.005", "-0.01"],
    ["-0.004", "0.00"],
    ["999.995", "1000.00"],
  ])("%s rounds to %s", (exact, shown) => {
    expect(roundedText(micros(exact), 2)).toBe(shown);
  });
});

describe("markup", () => {
  it.each([
    ["0.16", "0.20", "25.00"],
    ["0.09", "0.12", "33.33"],
    ["0.16", "0.16", "0.00"],
    ["0.09", "0.15", "66.67"],
  ])("base %s, price %s is %s %%", (base, price, percent) => {
    expect(roundedText(markupOf(micros(price), micros(base)) ?? -1n, 2)).toBe(percent);
  });

  it.each([
    ["0.16", "25", "0.20"],
    ["0.09", "33.33", "0.119997"],
    ["0.16", "0", "0.16"],
    ["0.16", "12.5", "0.18"],
  ])("base %s at %s %% is %s", (base, percent, price) => {
    expect(decimalText(priceAt(micros(base), micros(percent)))).toBe(price);
  });

  it("has no percentage over a base of zero", () => {
    expect(markupOf(micros("0.10"), 0n)).toBeNull();
  });
});

describe("purchases agree with the rule book's vectors", () => {
  it.each(cardAmounts)("$seconds s at $price cost $cents cents", ({ seconds, price, cents }) => {
    expect(cardAmount(BigInt(seconds), micros(price))).toBe(BigInt(cents) * 10_000n);
  });

  it.each(secondsBought)("$usd buys $seconds s at $price", ({ usd, price, seconds }) => {
    expect(secondsFor(micros(usd), micros(price))).toBe(BigInt(seconds));
  });
});

describe("change since the span before", () => {
  it.each([
    ["110.00", "100.00", 100],
    ["90.00", "100.00", -100],
    ["100.05", "100.00", 1],
    ["5.00", "-10.00", 1500],
  ])("from %2$s to %1$s", (now, before, tenths) => {
    expect(changeTenths(micros(now), micros(before))).toBe(tenths);
  });

  it("is unknown when there was nothing", () => {
    expect(changeTenths(micros("5.00"), 0n)).toBeNull();
  });
});

describe("what seconds are worth", () => {
  it.each(values)("$seconds s at $price are $usd", ({ seconds, price, usd }) => {
    expect(decimalText(valueOf(BigInt(seconds), micros(price)))).toBe(usd);
    expect(valueOf(BigInt(-seconds), micros(price))).toBe(-micros(usd));
  });
});
