import { expect, test } from "vitest";
import { conditionsOf, conditionsText, wordsOf, wordsText } from "./mappingText";

test("words go into one line and back", () => {
  const rule = {
    words: [
      { from: "in", to: "inbound" },
      { from: "a=b", to: "outbound" },
    ],
    otherwise: "failed",
  };
  expect(wordsText(rule)).toBe("in=inbound, a=b=outbound, *=failed");
  expect(wordsOf(wordsText(rule))).toEqual(rule);
  expect(wordsOf("")).toEqual({ words: [], otherwise: null });
});

test("conditions go into one line and back", () => {
  const when = [
    { at: "/type", is: "over" },
    { at: "/type", is: "lost" },
  ];
  expect(conditionsOf(conditionsText(when))).toEqual(when);
});
