import { describe, expect, it } from "vitest";
import { accentOf, contrast, parse } from "./accent";

const COLOURS = ["#0e6f64", "#ffffff", "#000000", "#ffe600", "#ff0000", "#1f6f5c", "#7c3aed", "#00ffcc", "#808080"];

describe.each(COLOURS)("an agency whose colour is %s", (colour) => {
  const accent = accentOf(colour);
  const between = (a: string, b: string) => contrast(parse(a), parse(b));

  it("has white labels on its buttons that can be read", () => {
    expect(between(accent.shades[6], "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(between(accent.shades[7], "#ffffff")).toBeGreaterThanOrEqual(4.5);
    expect(between(accent.shades[8], "#ffffff")).toBeGreaterThanOrEqual(4.5);
  });

  it("has texts that can be read on the page and on their tint", () => {
    for (const surface of ["#ffffff", "#f6f7f7", accent.tintOnLight]) {
      expect(between(accent.textOnLight, surface)).toBeGreaterThanOrEqual(4.5);
    }
    for (const surface of ["#111517", "#151a1c", accent.tintOnDark]) {
      expect(between(accent.textOnDark, surface)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it("a colour that can be read stays as it is", () => {
  expect(accentOf("#0e6f64").shades[7]).toBe("#0e6f64");
  expect(accentOf("#0e6f64").textOnLight).toBe("#0e6f64");
});
