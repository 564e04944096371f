// What an agency takes along: everything of it that a list of the API holds, as files.
import { client, unwrap, type Schemas } from "../../api/client";
import { callsPage } from "../../api/queries";
import { CALL_CSV_HEADER, callCsvCells } from "../../widgets/CallTable";
import { everyPage, type CsvCell } from "../../widgets/table/csv";
import { AUDIT_CSV_HEADER, auditCsvCells, auditPage } from "../audit/queries";
import { statementPage } from "../subaccount/queries";
import { STATEMENT_CSV_HEADER, statementCsvCells } from "../subaccount/statementCsv";
import { SUBACCOUNT_CSV_HEADER, subaccountCsvCells } from "../subaccounts/columns";

type Pages = AsyncIterable<CsvCell[][]>;

export interface Export {
  /** Of the file. */
  name: string;
  label: string;
  holds: string;
  header: string[];
  pages: (signal: AbortSignal) => Pages;
}

export const EXPORTS: Export[] = [
  {
    name: "subaccounts",
    label: "Sub-accounts",
    holds: "Names, addresses, prices, wallets",
    header: SUBACCOUNT_CSV_HEADER,
    pages: (signal) => mapped(accounts(signal), subaccountCsvCells),
  },
  {
    name: "calls",
    label: "Calls",
    holds: "Every call with its numbers, duration and price",
    header: [...CALL_CSV_HEADER],
    pages: (signal) =>
      mapped(
        everyPage((ask) => callsPage({}, ask, signal)),
        callCsvCells,
      ),
  },
  {
    name: "statements",
    label: "Statements",
    holds: "Every minute that came or went, of every account",
    header: ["subaccount", "subaccount_name", ...STATEMENT_CSV_HEADER],
    pages: statements,
  },
  {
    name: "audit",
    label: "Audit trail",
    holds: "Who did what, with before and after",
    header: AUDIT_CSV_HEADER,
    pages: (signal) =>
      mapped(
        everyPage((ask) => auditPage({}, ask, signal)),
        auditCsvCells,
      ),
  },
];

function accounts(signal: AbortSignal): AsyncIterable<Schemas["Subaccount"][]> {
  return everyPage((query) => unwrap(client.GET("/v1/subaccounts", { params: { query }, signal })));
}

/** Account after account. */
async function* statements(signal: AbortSignal): Pages {
  for await (const some of accounts(signal)) {
    for (const { id, name } of some) {
      const entries = everyPage((ask) => statementPage(id, {}, ask, signal));
      yield* mapped(entries, (entry) => [id, name, ...statementCsvCells(entry)]);
    }
  }
}

async function* mapped<Row>(pages: AsyncIterable<Row[]>, cells: (row: Row) => CsvCell[]): Pages {
  for await (const page of pages) yield page.map(cells);
}
