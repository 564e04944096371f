// What can be done to the chosen rows; it stands where the actions for the whole list stand otherwise.
import { ActionIcon, Anchor, Button, Group, Text, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconTag, IconX, type Icon } from "@tabler/icons-react";
import { useRef } from "react";
import type { Schemas } from "../../../api/client";
import { useMay, type Permission } from "../../../app/session";
import { countText } from "../../../widgets/format/minutes";
import { cellsOf, CsvButton } from "../../../widgets/table/ExportButton";
import type { FetchPage } from "../../../widgets/table/paging";
import {
  ALL_SELECTED,
  NOTHING_SELECTED,
  selectedCount,
  selectedPages,
  type Selection,
} from "../../../widgets/table/selection";
import { SUBACCOUNT_CSV_HEADER, subaccountCsvCells } from "../columns";

export type BulkAction = "suspend" | "restore" | "prices";

const ACTIONS: { action: BulkAction; label: string; icon: Icon; permission: Permission }[] = [
  { action: "suspend", label: "Suspend", icon: IconPlayerPause, permission: "subaccount.suspend" },
  { action: "restore", label: "Restore", icon: IconPlayerPlay, permission: "subaccount.suspend" },
  { action: "prices", label: "Set prices", icon: IconTag, permission: "subaccount.pricing" },
];

/** Whether they may do any of it: without that, there is nothing to choose rows for. */
export function useMayPick(): boolean {
  const [suspends, prices] = [useMay("subaccount.suspend"), useMay("subaccount.pricing")];
  return suspends || prices;
}

interface BulkActionsProps {
  selection: Selection;
  /** How many match the filters. */
  total: number;
  fetchPage: FetchPage<Schemas["Subaccount"]>;
  onSelect: (selection: Selection) => void;
  onChoose: (action: BulkAction) => void;
}

export function BulkActions({ selection, total, fetchPage, onSelect, onChoose }: BulkActionsProps) {
  const place = useRef<HTMLDivElement>(null);
  // From a row deep down the list it is too far to go by Tab.
  useHotkeys([["mod+Enter", () => place.current?.querySelector("button")?.focus()]]);
  const may: Partial<Record<Permission, boolean>> = {
    "subaccount.suspend": useMay("subaccount.suspend"),
    "subaccount.pricing": useMay("subaccount.pricing"),
  };
  const count = selectedCount(selection, total);
  return (
    <Group ref={place} gap={8} wrap="nowrap" role="toolbar" aria-label="Selected sub-accounts">
      <Text size="sm" fw={550} className="figures" aria-live="polite" title="Ctrl+Enter brings you here from the rows">
        {countText(count)} selected
      </Text>
      {count < total && (
        <Anchor component="button" type="button" size="sm" onClick={() => onSelect(ALL_SELECTED)}>
          Select all {countText(total)}
        </Anchor>
      )}
      {ACTIONS.filter(({ permission }) => may[permission]).map(({ action, label, icon: ActionIconOf }) => (
        <Button
          key={action}
          variant="default"
          leftSection={<ActionIconOf size={14} stroke={1.7} />}
          onClick={() => onChoose(action)}
        >
          {label}
        </Button>
      ))}
      <CsvButton
        name="subaccounts"
        header={SUBACCOUNT_CSV_HEADER}
        pages={(signal) => cellsOf(selectedPages(selection, fetchPage, signal), subaccountCsvCells)}
        label="Selected"
      />
      <Tooltip label="Select none">
        <ActionIcon variant="default" size={30} aria-label="Select none" onClick={() => onSelect(NOTHING_SELECTED)}>
          <IconX size={15} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
