// Chance that can be had again: every random test prints its seed, MB_TEST_SEED replays it.

import { randomInt } from "node:crypto";

export interface Chance {
  readonly seed: number;
  /** A whole number in [low, high]. */
  int(low: number, high: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True once in `n` times, on average. */
  oneIn(n: number): boolean;
}

/** `label` says in the output which test the seed belongs to. */
export function chance(label: string): Chance {
  const given = process.env["MB_TEST_SEED"];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.log(`${label}: MB_TEST_SEED=${seed} replays this`);
  return chanceFrom(seed);
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  // mulberry32: small, well spread, the same everywhere.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    seed,
    int,
    pick: (choices) => choices[int(0, choices.length - 1)] ?? choices[0],
    oneIn: (n) => int(1, n) === 1,
  };
}

/** How many steps a random test takes; MB_TEST_STEPS asks for more, or for fewer. */
export function steps(usual: number): number {
  const given = process.env["MB_TEST_STEPS"];
  return given === undefined ? usual : Number(given);
}
