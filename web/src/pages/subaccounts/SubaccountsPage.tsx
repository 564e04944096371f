// Account Manager › Subaccounts: every client on one page, however many there are.
import { Button, Select, VisuallyHidden } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { parseSubaccounts, SUBACCOUNT_STATUSES, type SubaccountsSearch, type SubaccountSort } from "../../app/search";
import { sees, useMay, useMe } from "../../app/session";
import { SUBACCOUNT_STATUS_LABELS } from "../../widgets/figures/StatusBadge";
import { PageHeader } from "../../widgets/PageHeader";
import { SearchInput } from "../../widgets/SearchInput";
import { EmptyState, NothingMatches } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import type { PageRequest } from "../../widgets/table/paging";
import { ListCount } from "../../widgets/table/ListCount";
import { ExportButton } from "../../widgets/table/ExportButton";
import { Toolbar } from "../../widgets/table/Toolbar";
import { selectedCount, useSelection, NOTHING_SELECTED } from "../../widgets/table/selection";
import { useCursorList } from "../../widgets/table/useCursorList";
import { useNarrow } from "../../widgets/useNarrow";
import { AddSubaccountDialog } from "./AddSubaccountDialog";
import { BulkActions, useMayPick, type BulkAction } from "./bulk/BulkActions";
import { BulkDialog } from "./bulk/BulkDialog";
import { SUBACCOUNT_COLUMNS, SUBACCOUNT_CSV_HEADER, subaccountCsvCells, SubaccountDetail } from "./columns";
import { SubaccountMenu, useSubaccountDialogs } from "./SubaccountMenu";

const route = getRouteApi("/app/subaccounts");

type Filters = Pick<SubaccountsSearch, "q" | "status" | "sort">;

function subaccountsPage(filters: Filters, ask: PageRequest, signal?: AbortSignal) {
  const query = { ...filters, ...ask };
  return unwrap(client.GET("/v1/subaccounts", { params: { query }, ...(signal && { signal }) }));
}

export function SubaccountsPage() {
  const { dialog, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const openPage = useNavigate();
  const mayAdd = useMay("subaccount.create");
  const list = useCursorList([...keys.subaccounts, "list", filters], (ask, signal) =>
    subaccountsPage(filters, ask, signal),
  );
  const dialogs = useSubaccountDialogs();
  const openDialog = dialogs.open;
  const seesMarkup = sees(useMe(), "subaccount.pricing");
  const columns = useMemo(
    (): Column<Schemas["Subaccount"]>[] => [
      ...SUBACCOUNT_COLUMNS.filter((column) => column.id !== "markup" || seesMarkup),
      {
        id: "menu",
        header: () => <VisuallyHidden>Actions</VisuallyHidden>,
        size: 48,
        meta: { fixed: true, align: "right" },
        cell: ({ row }) => <SubaccountMenu account={row.original} onChoose={openDialog} />,
      },
    ],
    [openDialog, seesMarkup],
  );
  const { visibility, setVisibility } = useColumnChoice("subaccounts", columns);
  const setSearch = (changed: SubaccountsSearch) =>
    void navigate({ search: (before) => parseSubaccounts({ ...before, ...changed }), replace: true });
  const fetchPage = (ask: PageRequest, signal?: AbortSignal) => subaccountsPage(filters, ask, signal);
  const mayPick = useMayPick();
  // Whoever looks for other rows acts on those, not on what is no longer in sight.
  const [selection, select] = useSelection(JSON.stringify([filters.q, filters.status]));
  const count = selectedCount(selection, list.total ?? 0);
  const narrow = useNarrow();
  const [bulk, setBulk] = useState<BulkAction | null>(null);
  const filtered = Boolean(filters.q ?? filters.status);
  const addButton = mayAdd && (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setSearch({ dialog: "add" })}>
      Add sub-account
    </Button>
  );

  return (
    <>
      <PageHeader title="Subaccounts" beside={<ListCount total={list.total} />} actions={addButton} />
      <Toolbar
        search={
          <SearchInput
            label="Search name, email, reference"
            value={filters.q ?? ""}
            onChange={(q) => setSearch({ q })}
          />
        }
        filters={
          !(narrow && count > 0) && (
            <Select
              size="xs"
              w={140}
              aria-label="Status"
              placeholder="Any status"
              clearable
              data={SUBACCOUNT_STATUSES.map((value) => ({ value, label: SUBACCOUNT_STATUS_LABELS[value] }))}
              value={filters.status ?? null}
              onChange={(status) => setSearch({ status: status ?? undefined } as SubaccountsSearch)}
            />
          )
        }
        actions={
          count > 0 ? (
            <BulkActions
              selection={selection}
              total={list.total ?? 0}
              fetchPage={fetchPage}
              onSelect={select}
              onChoose={setBulk}
            />
          ) : (
            <>
              <ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />
              <ExportButton
                name="subaccounts"
                header={SUBACCOUNT_CSV_HEADER}
                cells={subaccountCsvCells}
                fetchPage={fetchPage}
              />
            </>
          )
        }
      />
      <DataTable
        label="Sub-accounts"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        sort={filters.sort ?? "name"}
        onSort={(sort) => setSearch({ sort: sort as SubaccountSort })}
        visibility={visibility}
        after={
          list.total === 1 &&
          !filtered &&
          mayAdd && (
            <EmptyState icon={IconUsersGroup} title="No clients yet" action={addButton}>
              A sub-account is a client with a wallet of its own. Add the first one to sell it minutes.
            </EmptyState>
          )
        }
        {...(mayPick && { picking: { selection, onChange: select, name: nameOf } })}
        detail={detailOf}
        onOpen={(row) => void openPage({ to: "/subaccounts/$subaccount", params: { subaccount: row.id } })}
        empty={filtered ? <NoRows onClear={() => void navigate({ search: {} })} /> : <NothingShared />}
      />
      {dialogs.element}
      {bulk && (
        <BulkDialog
          action={bulk}
          selection={selection}
          count={count}
          fetchPage={fetchPage}
          onStarted={() => {
            setBulk(null);
            select(NOTHING_SELECTED);
          }}
          onClose={() => setBulk(null)}
        />
      )}
      {dialog === "add" && mayAdd && (
        <AddSubaccountDialog onClose={() => setSearch({ dialog: undefined } as unknown as SubaccountsSearch)} />
      )}
    </>
  );
}

function nameOf({ name }: Schemas["Subaccount"]): string {
  return name;
}

function detailOf(account: Schemas["Subaccount"]) {
  return <SubaccountDetail account={account} />;
}

/** Only for a client's person: the agency's own people always see the primary. */
function NothingShared() {
  return (
    <EmptyState icon={IconUsersGroup} title="No account is open to you">
      The accounts you worked in were removed, or none was made yet. Ask your agency.
    </EmptyState>
  );
}

function NoRows({ onClear }: { onClear: () => void }) {
  return (
    <NothingMatches title="No sub-account matches" clears="search and filters" onClear={onClear}>
      Search looks at name, email and reference.
    </NothingMatches>
  );
}
