import { expect, test } from "vitest";
import { creditsText, creditsTyped } from "./knowledge";

test("credits are whole numbers from one on", () => {
  expect(creditsTyped("1")).toBe(1);
  expect(creditsTyped(" 1,000 ")).toBe(1000);
  expect(creditsTyped("1000000")).toBe(1_000_000);
  for (const typed of ["", "0", "-1", "1.5", "1e3", "one", "1000001", "99999999"])
    expect(creditsTyped(typed)).toBeNull();
});

test("one credit is no credits", () => {
  expect([creditsText(1), creditsText(0), creditsText(1200)]).toEqual(["1 credit", "0 credits", "1,200 credits"]);
});
