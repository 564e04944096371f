// A table of any length: only the rows in sight exist. Sorting is the server's, so a header only says what to ask for.
import { Skeleton, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconSelector } from "@tabler/icons-react";
import {
  flexRender,
  getCoreRowModel,
  useReactTable,
  type Column as TableColumn,
  type ColumnDef,
  type Header,
  type Row as TableRow,
  type RowData,
  type VisibilityState,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, type MouseEvent, type ReactNode, type RefObject } from "react";
import { ErrorState } from "../states/states";
import { useNarrow } from "../useNarrow";
import classes from "./DataTable.module.css";
import { PickAll, PickRow, type Picking } from "./picking";
import { isSelected, rangeToggled, toggled } from "./selection";
import type { CursorList } from "./useCursorList";

declare module "@tanstack/react-table" {
  // The names of the parameters are the library's.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Its name in the column chooser and in a CSV, where the header is not a text. */
    label?: string;
    align?: "right";
    /** Cannot be hidden. */
    fixed?: boolean;
    /** What the server's `sort` calls it. */
    sort?: string;
    /** Hidden where there is no room, unless chosen. */
    wide?: boolean;
    /** Hidden everywhere, unless chosen. */
    rare?: boolean;
    /** Takes the room that is left; without one, all share it. */
    grows?: boolean;
  }
}

export type Column<Row> = ColumnDef<Row>;

const ROW_PX = 40;
const ROW_WITH_DETAIL_PX = 56;
const CELL_PADDING_PX = 10;
/** More room where a text follows a figure, which stands at the right edge of its cell. */
const AFTER_FIGURE_PX = 18;
/** The first page is enough for most; who scrolls through it goes far, and finds the rows there already. */
const FETCH_AHEAD_ROWS = 60;
const FETCH_FAR_AHEAD_ROWS = 1500;
const SKELETON_ROWS = 8;

interface DataTableProps<Row> {
  label: string;
  columns: Column<Row>[];
  list: CursorList<Row>;
  rowId: (row: Row) => string;
  /** Shown when there is no row. */
  empty: ReactNode;
  sort?: string;
  onSort?: (sort: string) => void;
  visibility?: VisibilityState;
  onOpen?: (row: Row) => void;
  /** The first cell is a button that opens the row; without it, that cell brings a link of its own. */
  opensByButton?: boolean;
  /** On a narrow screen, a second line under the first cell for what has no column there. */
  detail?: (row: Row) => ReactNode;
  /** Under the last row. */
  after?: ReactNode;
  /** Rows can be chosen, by a box before each. */
  picking?: Picking<Row>;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, list, rowId, visibility = {} } = props;
  const viewport = useRef<HTMLDivElement>(null);
  const table = useReactTable({
    data: list.rows,
    columns,
    getRowId: rowId,
    getCoreRowModel: getCoreRowModel(),
    state: { columnVisibility: visibility },
    defaultColumn: { size: 120 },
  });
  const rows = table.getRowModel().rows;
  const narrow = useNarrow();
  const detail = narrow ? props.detail : undefined;
  const isDetailed = detail !== undefined;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: () => (isDetailed ? ROW_WITH_DETAIL_PX : ROW_PX),
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [virtual, isDetailed]);
  const latest = useLatest(props, rows);
  const items = virtual.getVirtualItems();
  useFetchAhead(list, items.at(-1)?.index ?? 0);

  if (list.error) return <ErrorState error={list.error} onRetry={list.retry} />;
  if (!list.isPending && rows.length === 0) return props.empty;

  const visible = table.getVisibleLeafColumns();
  // On a narrow screen the first column has two lines to show, so the room is its own unless another asks for it.
  const growing = visible.find((column) => column.columnDef.meta?.grows) ?? (isDetailed ? visible[0] : undefined);
  const { picking } = props;
  const picks = picking !== undefined;
  const width = visible.length + (picks ? 1 : 0);
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // Scrollable by keyboard, so it must take focus (WCAG 2.1.1).
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={viewport} className={classes.viewport} tabIndex={0} role="region" aria-label={label}>
      <table
        className={classes.table}
        aria-label={label}
        aria-rowcount={(list.total ?? rows.length) + 1}
        aria-busy={list.isPending || list.isStale}
        data-detailed={isDetailed || undefined}
        data-picks={picks || undefined}
        style={{ minWidth: tableWidth(visible, picks) }}
      >
        <colgroup>
          {picking && <col className={classes.pickColumn} />}
          {visible.map((column) => (
            <col key={column.id} style={column === growing ? {} : { width: columnWidth(column, visible, picks) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {picking && <PickAll picking={picking} total={list.total} />}
            {table.getFlatHeaders().map((header) => (
              <HeaderCell
                key={header.id}
                header={header}
                afterFigure={isAfterFigure(header.column, visible)}
                sort={props.sort}
                onSort={props.onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody data-stale={list.isStale || undefined}>
          {list.isPending && <SkeletonRows columns={width} />}
          {above > 0 && <Spacer height={above} columns={width} />}
          {items.map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <BodyRow
                  key={row.id}
                  row={row}
                  index={item.index}
                  visible={visible}
                  opens={props.onOpen === undefined ? "never" : props.opensByButton ? "by button" : "by link"}
                  detail={detail}
                  picked={picking ? isSelected(picking.selection, row.id) : null}
                  name={picking?.name(row.original) ?? ""}
                  latest={latest}
                />
              )
            );
          })}
          {below > 0 && <Spacer height={below} columns={width} />}
          {list.isFetchingMore && <SkeletonRows columns={width} rows={2} />}
        </tbody>
      </table>
      {props.after}
    </div>
  );
}

/** Whether this column's text comes right behind a figure. */
function isAfterFigure<Row>(column: TableColumn<Row>, visible: TableColumn<Row>[]): boolean {
  const before = visible[visible.indexOf(column) - 1];
  return before?.columnDef.meta?.align === "right" && column.columnDef.meta?.align !== "right";
}

/** What a column takes; those at the edges of the page reach into its gutter, unless the boxes to pick rows stand there. */
function columnWidth<Row>(column: TableColumn<Row>, visible: TableColumn<Row>[], picks: boolean): string {
  const size = column.getSize() + (isAfterFigure(column, visible) ? AFTER_FIGURE_PX : 0);
  const isOuter = (column === visible[0] && !picks) || column === visible.at(-1);
  return isOuter ? `calc(${size - CELL_PADDING_PX}px + var(--mb-gutter))` : `${size}px`;
}

function tableWidth<Row>(visible: TableColumn<Row>[], picks: boolean): string {
  const widths = visible.map((column) => columnWidth(column, visible, picks));
  return `calc(${[...widths, ...(picks ? ["var(--pick-width)"] : [])].join(" + ")})`;
}

/** What rows call when something happens to them: other functions with each render, which is no reason to draw a row again. */
interface Latest<Row> {
  onOpen: ((row: Row) => void) | undefined;
  onPick: (id: string, inRange: boolean) => void;
}

function useLatest<Row>(props: DataTableProps<Row>, rows: TableRow<Row>[]): RefObject<Latest<Row>> {
  const now: Latest<Row> = {
    onOpen: props.onOpen,
    onPick: (id, inRange) => {
      if (!props.picking) return;
      const { selection, onChange } = props.picking;
      const order = () => rows.map((row) => row.id);
      onChange(inRange ? rangeToggled(selection, id, order()) : toggled(selection, id));
    },
  };
  const latest = useRef(now);
  useEffect(() => {
    latest.current = now;
  });
  return latest;
}

interface BodyRowProps<Row> {
  row: TableRow<Row>;
  index: number;
  visible: TableColumn<Row>[];
  opens: "never" | "by link" | "by button";
  detail: ((row: Row) => ReactNode) | undefined;
  /** Null where rows cannot be chosen. */
  picked: boolean | null;
  /** What is chosen with it. */
  name: string;
  latest: RefObject<Latest<Row>>;
}

/** Rows that stay in sight while others come are not drawn again. */
const BodyRow = memo(function BodyRow<Row>(props: BodyRowProps<Row>) {
  const { row, index, visible, opens, detail, picked, name, latest } = props;
  const open = () => latest.current.onOpen?.(row.original);
  // A row opens by click as a convenience; its first cell holds what a keyboard uses.
  const opening = opens !== "never" && {
    "data-opens": true,
    onClick: (event: MouseEvent) => {
      if (isPlainClick(event)) open();
    },
  };
  return (
    <tr aria-rowindex={index + 2} data-picked={picked === true || undefined} {...opening}>
      {picked !== null && (
        <PickRow name={name} isPicked={picked} onPick={(inRange) => latest.current.onPick(row.id, inRange)} />
      )}
      {row.getVisibleCells().map((cell, column) => {
        const content = flexRender(cell.column.columnDef.cell, cell.getContext());
        return column === 0 ? (
          <th key={cell.id} scope="row">
            {opens === "by button" ? (
              <UnstyledButton className={classes.opener} aria-haspopup="dialog" onClick={open}>
                {content}
              </UnstyledButton>
            ) : (
              content
            )}
            {detail && <small className={classes.detail}>{detail(row.original)}</small>}
          </th>
        ) : (
          <td
            key={cell.id}
            data-align={cell.column.columnDef.meta?.align}
            data-after-figure={isAfterFigure(cell.column, visible) || undefined}
          >
            {content}
          </td>
        );
      })}
    </tr>
  );
}) as <Row>(props: BodyRowProps<Row>) => ReactNode;

function useFetchAhead<Row>(list: CursorList<Row>, lastSeen: number) {
  const ahead = list.rows.length > FETCH_FAR_AHEAD_ROWS / 10 ? FETCH_FAR_AHEAD_ROWS : FETCH_AHEAD_ROWS;
  const near = list.hasMore && !list.isFetchingMore && !list.isStale && lastSeen >= list.rows.length - ahead;
  useEffect(() => {
    if (near) list.fetchMore();
  });
}

/** A click on the row itself: not on a link or button in it, not the end of selecting text. */
function isPlainClick(event: MouseEvent): boolean {
  const target = event.target as HTMLElement;
  const inRow = event.currentTarget.contains(target);
  return inRow && !target.closest("a, button, input, label") && !window.getSelection()?.toString();
}

interface HeaderCellProps<Row> {
  header: Header<Row, unknown>;
  afterFigure: boolean;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}

function HeaderCell<Row>({ header, afterFigure, sort, onSort }: HeaderCellProps<Row>) {
  const meta = header.column.columnDef.meta;
  const place = { "data-align": meta?.align, "data-after-figure": afterFigure || undefined };
  const content = flexRender(header.column.columnDef.header, header.getContext());
  const field = meta?.sort;
  if (!field || !onSort) {
    return (
      <th scope="col" {...place}>
        {content}
      </th>
    );
  }
  const descending = sort === `-${field}`;
  const sorted = descending || sort === field;
  const next = sort === field ? `-${field}` : field;
  const Arrow = descending ? IconArrowDown : sorted ? IconArrowUp : IconSelector;
  return (
    <th
      scope="col"
      {...place}
      {...(sorted && { "aria-sort": descending ? ("descending" as const) : ("ascending" as const) })}
    >
      <UnstyledButton className={classes.sorter} data-sorted={sorted || undefined} onClick={() => onSort(next)}>
        {content}
        <Arrow size={13} stroke={1.8} aria-hidden="true" />
      </UnstyledButton>
    </th>
  );
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true" className={classes.spacer}>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

function SkeletonRows({ columns, rows = SKELETON_ROWS }: { columns: number; rows?: number }) {
  return Array.from({ length: rows }, (_, row) => (
    <tr key={`skeleton-${row}`} aria-hidden="true">
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <Skeleton height={10} width={column === 0 ? "70%" : "50%"} />
        </td>
      ))}
    </tr>
  ));
}
