import { expect, it } from "vitest";
import { csvParts, csvText, everyPage } from "./csv";

it("quotes what needs it and nothing else", () => {
  expect(
    csvText([
      ["name", "note"],
      ['Oak, "Iron" & Co', "two\nlines"],
    ]),
  ).toBe('name,note\r\n"Oak, ""Iron"" & Co","two\nlines"\r\n');
});

it("keeps numbers as they are and leaves nothing empty of meaning", () => {
  expect(csvText([["-3.20", -1834, null]])).toBe("-3.20,-1834,\r\n");
});

it.each(["=HYPERLINK(1)", "+1 555", "@cmd", "-x"])("does not let a spreadsheet run %j", (text) => {
  expect(csvText([[text]])).toBe(`'${text}\r\n`);
});

it("reads every page of a list, and says how far it is", async () => {
  const pages = [
    { data: [1, 2], next_cursor: "a" },
    { data: [3], next_cursor: null },
  ];
  const asked: (string | undefined)[] = [];
  const rows = everyPage(({ cursor }) => {
    asked.push(cursor);
    return Promise.resolve(pages[asked.length - 1] ?? { data: [], next_cursor: null });
  });
  const heard: number[] = [];
  const parts = await csvParts(["n"], asCells(rows), (soFar) => heard.push(soFar));
  expect(parts.join("")).toBe("n\r\n1\r\n2\r\n3\r\n");
  expect(asked).toEqual([undefined, "a"]);
  expect(heard).toEqual([2, 3]);
});

async function* asCells(pages: AsyncIterable<number[]>) {
  for await (const page of pages) yield page.map((number) => [number]);
}
