import type { Schemas } from "../../api/client";
import type { CsvCell } from "../../widgets/table/csv";

export const STATEMENT_CSV_HEADER = [
  "id",
  "at",
  "kind",
  "account",
  "amount_seconds",
  "balance_seconds",
  "description",
  "reference",
] as const;

export function statementCsvCells(entry: Schemas["StatementEntry"]): CsvCell[] {
  return STATEMENT_CSV_HEADER.map((name) => entry[name]);
}
