import { expect, it } from "vitest";
import { allRows, csvText } from "./csv";

it("quotes what needs it and nothing else", () => {
  expect(csvText(["name", "note"], [['Oak, "Iron" & Co', "two\nlines"]])).toBe(
    'name,note\r\n"Oak, ""Iron"" & Co","two\nlines"\r\n',
  );
});

it("keeps numbers as they are and leaves nothing empty of meaning", () => {
  expect(csvText(["a", "b", "c"], [["-3.20", -1834, null]])).toBe("a,b,c\r\n-3.20,-1834,\r\n");
});

it.each(["=HYPERLINK(1)", "+1 555", "@cmd", "-x"])("does not let a spreadsheet run %j", (text) => {
  expect(csvText(["a"], [[text]])).toBe(`a\r\n'${text}\r\n`);
});

it("reads every page of a list", async () => {
  const pages = [
    { data: [1, 2], next_cursor: "a" },
    { data: [3], next_cursor: null },
  ];
  const asked: (string | undefined)[] = [];
  const rows = await allRows(({ cursor }) => {
    asked.push(cursor);
    return Promise.resolve(pages[asked.length - 1] ?? { data: [], next_cursor: null });
  });
  expect(rows).toEqual([1, 2, 3]);
  expect(asked).toEqual([undefined, "a"]);
});
