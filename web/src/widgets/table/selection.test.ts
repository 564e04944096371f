import { describe, expect, it, vi } from "vitest";
import type { PageRequest } from "./paging";
import {
  ALL_SELECTED,
  isSelected,
  NOTHING_SELECTED,
  rangeToggled,
  selectedCount,
  selectedPages,
  toggled,
  type Selection,
} from "./selection";

const ORDER = ["a", "b", "c", "d", "e"];

function chosen(selection: Selection): string {
  return ORDER.filter((id) => isSelected(selection, id)).join("");
}

describe("a selection", () => {
  it("takes single rows in and out", () => {
    const two = toggled(toggled(NOTHING_SELECTED, "b"), "d");
    expect(chosen(two)).toBe("bd");
    expect(chosen(toggled(two, "b"))).toBe("d");
    expect(selectedCount(two, 5)).toBe(2);
  });

  it("of all leaves single rows out, and counts those never read", () => {
    const rest = toggled(ALL_SELECTED, "c");
    expect(chosen(rest)).toBe("abde");
    expect(selectedCount(rest, 10_000)).toBe(9_999);
    expect(chosen(toggled(rest, "c"))).toBe("abcde");
  });

  it("takes a range, down or up, from the row that was last toggled", () => {
    expect(chosen(rangeToggled(toggled(NOTHING_SELECTED, "b"), "d", ORDER))).toBe("bcd");
    expect(chosen(rangeToggled(toggled(NOTHING_SELECTED, "d"), "a", ORDER))).toBe("abcd");
    const all = rangeToggled(toggled(NOTHING_SELECTED, "a"), "e", ORDER);
    expect(chosen(rangeToggled(toggled(all, "b"), "d", ORDER))).toBe("ae");
  });

  it("of all loses a range", () => {
    expect(chosen(rangeToggled(toggled(ALL_SELECTED, "b"), "d", ORDER))).toBe("ae");
  });

  it("takes one row where a range has no beginning, or one that is gone", () => {
    expect(chosen(rangeToggled(NOTHING_SELECTED, "c", ORDER))).toBe("c");
    expect(chosen(rangeToggled(toggled(NOTHING_SELECTED, "z"), "c", ORDER))).toBe("c");
  });
});

describe("reading the chosen rows", () => {
  const pages = [["a", "b"], ["c", "d"], ["e"]].map((page) => page.map((id) => ({ id })));
  const server = () =>
    vi.fn((ask: PageRequest) => {
      const at = Number(ask.cursor ?? 0);
      return Promise.resolve({ data: pages[at] ?? [], next_cursor: at + 1 < pages.length ? String(at + 1) : null });
    });

  async function read(selection: Selection, fetchPage: ReturnType<typeof server>): Promise<string> {
    const ids: string[] = [];
    for await (const page of selectedPages(selection, fetchPage)) ids.push(...page.map(({ id }) => id));
    return ids.join("");
  }

  it("goes through every page for all but some", async () => {
    const fetchPage = server();
    expect(await read(toggled(ALL_SELECTED, "d"), fetchPage)).toBe("abce");
    expect(fetchPage).toHaveBeenCalledTimes(3);
  });

  it("stops once it has those that were named", async () => {
    const fetchPage = server();
    expect(await read(toggled(toggled(NOTHING_SELECTED, "d"), "b"), fetchPage)).toBe("bd");
    expect(fetchPage).toHaveBeenCalledTimes(2);
  });

  it("finds fewer when some no longer match", async () => {
    expect(await read(toggled(toggled(NOTHING_SELECTED, "z"), "b"), server())).toBe("b");
  });
});
