// Which rows of a list are chosen: some of them by name, or all that match but for some, however many have been read.
import { useState } from "react";
import { everyPage } from "./csv";
import type { FetchPage } from "./paging";

export interface Selection {
  /** All that match, also those that have not been read yet. */
  all: boolean;
  /** Those chosen; with `all`, those left out. */
  ids: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | null;
}

export const NOTHING_SELECTED: Selection = { all: false, ids: new Set(), anchor: null };
export const ALL_SELECTED: Selection = { ...NOTHING_SELECTED, all: true };

export function isSelected({ all, ids }: Selection, id: string): boolean {
  return all !== ids.has(id);
}

/** How many of `total` are chosen. */
export function selectedCount({ all, ids }: Selection, total: number): number {
  return all ? Math.max(0, total - ids.size) : ids.size;
}

export function toggled(selection: Selection, id: string): Selection {
  return withEach(selection, [id], !isSelected(selection, id), id);
}

/** From the row that was last toggled to this one, all become what this one becomes; `order` is that of the rows. */
export function rangeToggled(selection: Selection, id: string, order: string[]): Selection {
  const [start, end] = [order.indexOf(selection.anchor ?? id), order.indexOf(id)];
  if (start < 0 || end < 0) return toggled(selection, id);
  const range = order.slice(Math.min(start, end), Math.max(start, end) + 1);
  return withEach(selection, range, !isSelected(selection, id), id);
}

function withEach(selection: Selection, range: string[], chosen: boolean, anchor: string): Selection {
  const ids = new Set(selection.ids);
  for (const id of range) {
    if (chosen === selection.all) ids.delete(id);
    else ids.add(id);
  }
  return { all: selection.all, ids, anchor };
}

/** The chosen rows as they are now, in the order of the list; it stops reading once it has all that were named. */
export async function* selectedPages<Row extends { id: string }>(
  selection: Selection,
  fetchPage: FetchPage<Row>,
  signal?: AbortSignal,
): AsyncGenerator<Row[]> {
  let found = 0;
  for await (const page of everyPage(fetchPage, signal)) {
    const chosen = page.filter((row) => isSelected(selection, row.id));
    found += chosen.length;
    yield chosen;
    if (!selection.all && found >= selection.ids.size) return;
  }
}

/** What is chosen of the list that `scope` names; another list begins with nothing. */
export function useSelection(scope: string): [Selection, (selection: Selection) => void] {
  const [held, setHeld] = useState({ scope, selection: NOTHING_SELECTED });
  const selection = held.scope === scope ? held.selection : NOTHING_SELECTED;
  return [selection, (next) => setHeld({ scope, selection: next })];
}
