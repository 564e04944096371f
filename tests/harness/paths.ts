// Where things are: the source tree, and the program under test.

import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";

export const sourceRoot = resolve(import.meta.dirname, "../..");

export function inSource(...parts: string[]): string {
  return resolve(sourceRoot, ...parts);
}

/** The `minutebank` under test: MB_TEST_BINARY, else the sanitized one. */
export function binaryUnderTest(): string {
  const path = process.env["MB_TEST_BINARY"] ?? inSource("build/asan/minutebank");
  accessSync(path, constants.X_OK);
  return path;
}
