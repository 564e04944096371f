import { Button, Loader, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { countText } from "../format/minutes";
import { errorText } from "../states/states";
import { csvParts, downloadCsv, everyPage, type CsvCell } from "./csv";
import type { FetchPage } from "./paging";

interface CsvButtonProps {
  /** Of the file, without its ending. */
  name: string;
  header: string[];
  pages: (signal: AbortSignal) => AsyncIterable<CsvCell[][]>;
  /** Where several stand on one page, what this one is of. */
  label?: string;
}

/** Reads to the end, however much there is; says how far it is, and stops when it is pressed meanwhile. */
export function CsvButton({ name, header, pages, label }: CsvButtonProps) {
  const [rows, setRows] = useState(0);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const exporting = useMutation({
    mutationFn: ({ signal }: AbortController) => csvParts(header, pages(signal), setRows),
    onSuccess: (parts) => downloadCsv(`${name}.csv`, parts),
    onError: (error, { signal }) => {
      if (signal.aborted) return;
      notifications.show({ color: "red", title: "The export did not finish", message: errorText(error) });
    },
    onSettled: () => setRows(0),
  });
  const start = () => {
    running.current = new AbortController();
    exporting.mutate(running.current);
  };
  const of = label && <VisuallyHidden>{label}: </VisuallyHidden>;
  return exporting.isPending ? (
    <Button
      variant="default"
      leftSection={<Loader size={13} aria-hidden="true" />}
      className="figures"
      onClick={() => running.current?.abort()}
    >
      {of}
      {countText(rows)}
      <VisuallyHidden> rows so far</VisuallyHidden> · Stop
    </Button>
  ) : (
    <Button variant="default" leftSection={<IconDownload size={14} />} onClick={start}>
      {of}
      CSV
    </Button>
  );
}

interface ExportButtonProps<Row> extends Omit<CsvButtonProps, "pages"> {
  cells: (row: Row) => CsvCell[];
  fetchPage: FetchPage<Row>;
}

/** Every row that the filters let through, not only those on the screen. */
export function ExportButton<Row>({ cells, fetchPage, ...button }: ExportButtonProps<Row>) {
  return <CsvButton {...button} pages={(signal) => cellsOf(everyPage(fetchPage, signal), cells)} />;
}

/** Pages of rows as pages of cells. */
export async function* cellsOf<Row>(
  pages: AsyncIterable<Row[]>,
  cells: (row: Row) => CsvCell[],
): AsyncGenerator<CsvCell[][]> {
  for await (const page of pages) yield page.map(cells);
}
