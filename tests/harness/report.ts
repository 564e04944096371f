// What a suite found, and how it is told.

export interface Failure {
  name: string;
  detail: string;
}

export interface Outcome {
  passed: number;
  failures: Failure[];
  /** What tests say of themselves: how much they covered, by which seed. */
  notes?: string[];
}

export const passedOne: Outcome = { passed: 1, failures: [] };

export function failed(name: string, detail: string): Outcome {
  return { passed: 0, failures: [{ name, detail }] };
}

export function combined(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, outcome) => sum + outcome.passed, 0),
    failures: outcomes.flatMap((outcome) => outcome.failures),
    notes: outcomes.flatMap(({ notes = [] }) => notes),
  };
}

const DETAIL_LINES = 80;

function indented(text: string): string {
  const lines = text.trimEnd().split("\n");
  const left_out = lines.length - DETAIL_LINES;
  const shown = left_out > 0 ? [`(${left_out} lines before these)`, ...lines.slice(-DETAIL_LINES)] : lines;
  return shown.map((line) => `      ${line}`).join("\n");
}

export function tell(suite: string, outcome: Outcome, seconds: number): void {
  console.log(`\n== ${suite}`);
  for (const { name, detail } of outcome.failures) console.log(`  FAILED ${name}\n${indented(detail)}`);
  for (const note of outcome.notes ?? []) console.log(`  ${note}`);
  const counts = `${outcome.passed} passed, ${outcome.failures.length} failed`;
  console.log(`${suite}: ${counts} (${seconds.toFixed(1)} s)`);
}
