// Where a request can be cut, and which of these places a test has the time for.

import type { Cut, Seen } from "../../harness/postgres_proxy.ts";

/** COMMIT comes last: it is bound, described, run and synced, and each of that is answered. */
const OF_COMMIT = 4;

/** Before each message; and after one that is answered next, as it is not the same whether the answer is under way. */
function boundariesOf(seen: readonly Seen[]): Cut[] {
  return seen.flatMap(({ from }, i): Cut[] => {
    const before: Cut = { at: i + 1, place: "before" };
    return seen[i + 1]?.from === from ? [before] : [before, { at: i + 1, place: "after" }];
  });
}

/** The numbers of the messages about COMMIT that come from here. */
function commitOf(seen: readonly Seen[], sender: Seen["from"]): number[] {
  return seen.flatMap(({ from }, i) => (from === sender ? [i + 1] : [])).slice(-OF_COMMIT);
}

/** `wanted` of them at even distances; all if there are no more. `phase` in [0, 1) is where the first one is. */
function spread(cuts: readonly Cut[], wanted: number, phase: number): Cut[] {
  if (wanted >= cuts.length) return [...cuts];
  return Array.from({ length: wanted }, (_, i) => cuts[Math.floor(((i + phase) * cuts.length) / wanted)] as Cut);
}

/** When COMMIT is done and nobody has heard of it. */
export function commitUnheard(seen: readonly Seen[]): Cut {
  return { at: commitOf(seen, "server")[0] as number, place: "before" };
}

export interface Choice {
  /** How many there are. */
  boundaries: number;
  cuts: Cut[];
}

/** So many boundaries that have nothing to do with COMMIT, and so many that have. */
export function chooseCuts(seen: readonly Seen[], others: number, ofCommit: number, phase: number): Choice {
  const all = boundariesOf(seen);
  const aboutCommit = new Set([...commitOf(seen, "client"), ...commitOf(seen, "server")]);
  const isAboutCommit = ({ at }: Cut): boolean => aboutCommit.has(at);
  const rest = all.filter((cut) => !isAboutCommit(cut));
  const cuts = [...spread(rest, others, phase), ...spread(all.filter(isAboutCommit), ofCommit, phase)];
  return { boundaries: all.length, cuts };
}
