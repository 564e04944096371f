// Rows as a CSV file (RFC 4180) that a spreadsheet opens without running any of it.
import { MOST_ROWS, type FetchPage, type Page } from "./paging";

export type CsvCell = string | number | boolean | null;

export function csvText(rows: CsvCell[][]): string {
  return rows.map((row) => row.map(csvCell).join(",") + "\r\n").join("");
}

function csvCell(value: CsvCell): string {
  if (value === null) return "";
  const text =
    typeof value === "string" && /^[=+\-@\t\r]/.test(value) && !isNumber(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

export function downloadCsv(name: string, parts: string[]) {
  const url = URL.createObjectURL(new Blob(["\uFEFF", ...parts], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Every row of a cursor list, page after page. */
export async function* everyPage<Row>(fetchPage: FetchPage<Row>, signal?: AbortSignal): AsyncGenerator<Row[]> {
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await fetchPage({ limit: MOST_ROWS, ...(cursor !== null && { cursor }) }, signal);
    yield page.data;
    cursor = page.next_cursor;
  } while (cursor !== null);
}

/** Pages of cells as the parts of a file, so that no more than one page is in memory twice. */
export async function csvParts(
  header: string[],
  pages: AsyncIterable<CsvCell[][]>,
  onRows: (soFar: number) => void,
): Promise<string[]> {
  const parts = [csvText([header])];
  let rows = 0;
  for await (const page of pages) {
    parts.push(csvText(page));
    onRows((rows += page.length));
  }
  return parts;
}
