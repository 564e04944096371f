import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { errorText } from "../states/states";
import { allRows, csvText, downloadCsv, type CsvCell } from "./csv";
import type { FetchPage } from "./paging";

interface ExportButtonProps<Row> {
  /** Of the file, without its ending. */
  name: string;
  header: string[];
  cells: (row: Row) => CsvCell[];
  fetchPage: FetchPage<Row>;
}

/** Every row that the filters let through, not only those on the screen. */
export function ExportButton<Row>({ name, header, cells, fetchPage }: ExportButtonProps<Row>) {
  const exporting = useMutation({
    mutationFn: () => allRows(fetchPage),
    onSuccess: (rows) => downloadCsv(`${name}.csv`, csvText(header, rows.map(cells))),
    onError: (error) =>
      notifications.show({ color: "red", title: "The export did not finish", message: errorText(error) }),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={14} />}
      loading={exporting.isPending}
      onClick={() => exporting.mutate()}
    >
      CSV
    </Button>
  );
}
