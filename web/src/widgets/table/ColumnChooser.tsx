import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconColumns3 } from "@tabler/icons-react";
import type { VisibilityState } from "@tanstack/react-table";
import { useState } from "react";
import { useNarrow } from "../useNarrow";
import type { Column } from "./DataTable";

/** Which columns to show: those that were chosen here, else all that this width has room for. */
export function useColumnChoice<Row>(name: string, columns: Column<Row>[]) {
  const narrow = useNarrow();
  const [chosen, setChosen] = useLocalStorage<VisibilityState>({
    key: `minutebank.columns.${name}.${narrow ? "narrow" : "wide"}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const usual = Object.fromEntries(
    columns.map((column) => [columnId(column), !column.meta?.rare && !(narrow && column.meta?.wide)]),
  );
  return { visibility: { ...usual, ...chosen }, setVisibility: setChosen };
}

function columnId<Row>(column: Column<Row>): string {
  return column.id ?? "";
}

function columnLabel<Row>(column: Column<Row>): string {
  return column.meta?.label ?? (typeof column.header === "string" ? column.header : columnId(column));
}

interface ColumnChooserProps<Row> {
  columns: Column<Row>[];
  visibility: VisibilityState;
  onChange: (visibility: VisibilityState) => void;
}

export function ColumnChooser<Row>({ columns, visibility, onChange }: ColumnChooserProps<Row>) {
  const [opened, setOpened] = useState(false);
  return (
    <Menu closeOnItemClick={false} opened={opened} onChange={setOpened}>
      <Tooltip label="Choose columns" disabled={opened}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="Choose columns">
            <IconColumns3 size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        <Menu.Label>Columns</Menu.Label>
        {columns
          .filter((column) => !column.meta?.fixed)
          .map((column) => {
            const id = columnId(column);
            const shown = visibility[id] ?? true;
            return (
              <Menu.CheckboxItem key={id} checked={shown} onChange={() => onChange({ ...visibility, [id]: !shown })}>
                {columnLabel(column)}
              </Menu.CheckboxItem>
            );
          })}
      </Menu.Dropdown>
    </Menu>
  );
}
