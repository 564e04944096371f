import { Badge, Select, Text, VisuallyHidden } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { ROLE_LABELS } from "../../app/roles";
import { parseUsers, ROLES, TWO_FACTOR, type UsersSearch } from "../../app/search";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { SearchInput } from "../../widgets/SearchInput";
import { NothingMatches } from "../../widgets/states/states";
import { useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { Toolbar } from "../../widgets/table/Toolbar";
import classes from "./PeoplePage.module.css";
import { PersonMenu, usePersonDialogs } from "./PersonMenu";
import { useUsers, type User } from "./queries";
import { ReachText } from "./ReachText";

const route = getRouteApi("/app/users/");

const TWO_FACTOR_LABELS = { on: "Two-factor on", off: "Two-factor off" };

const COLUMNS: Column<User>[] = [
  {
    id: "name",
    header: "Name",
    size: 170,
    meta: { fixed: true, sort: "name", grows: true },
    cell: ({ row: { original } }) => (
      <span className={classes.name}>
        <span title={original.name}>{original.name}</span>
        {original.is_you && (
          <Badge size="xs" color="pine" tt="none" className={classes.you}>
            You
          </Badge>
        )}
      </span>
    ),
  },
  {
    id: "email",
    header: "Email",
    size: 250,
    meta: { sort: "email", wide: true },
    cell: ({ row }) => (
      <Text inherit component="span" c="dimmed" title={row.original.email}>
        {row.original.email}
      </Text>
    ),
  },
  {
    id: "role",
    header: "Role",
    size: 160,
    meta: { sort: "role", wide: true },
    cell: ({ row }) => ROLE_LABELS[row.original.role],
  },
  {
    id: "reach",
    header: "Sub-accounts",
    size: 270,
    meta: { wide: true },
    cell: ({ row: { original } }) => <ReachText role={original.role} reach={original.subaccounts} />,
  },
  {
    id: "two_factor",
    header: "Two-factor",
    size: 100,
    meta: { wide: true },
    cell: ({ row }) => (row.original.two_factor ? "On" : <Off />),
  },
  {
    id: "last_seen",
    header: "Last seen",
    size: 124,
    meta: { sort: "last_seen_at" },
    cell: ({ row }) =>
      row.original.last_seen_at ? <TimeText at={row.original.last_seen_at} ago /> : <Nothing label="never" />,
  },
];

function Off() {
  return (
    <Text inherit component="span" c="dimmed">
      Off
    </Text>
  );
}

export function ActivePeople() {
  // Without what the page around the list reads from the same address.
  const filters = parseUsers({ ...route.useSearch() });
  const { q, role, two_factor: twoFactor, sort } = filters;
  const navigate = route.useNavigate();
  const list = useUsers(filters);
  const dialogs = usePersonDialogs();
  const openDialog = dialogs.open;
  const columns = useMemo(
    (): Column<User>[] => [
      ...COLUMNS,
      {
        id: "menu",
        header: () => <VisuallyHidden>Actions</VisuallyHidden>,
        size: 48,
        meta: { fixed: true, align: "right" },
        cell: ({ row }) => <PersonMenu user={row.original} onChoose={openDialog} />,
      },
    ],
    [openDialog],
  );
  const { visibility } = useColumnChoice("users", columns);
  const change = (changed: Partial<Record<keyof UsersSearch, string | null>>) =>
    void navigate({ search: parseUsers({ ...filters, ...changed }), replace: true });
  return (
    <>
      <div className={classes.tools}>
        <Toolbar
          search={<SearchInput label="Search name, email" value={q ?? ""} onChange={(typed) => change({ q: typed })} />}
          filters={
            <>
              <Select
                size="xs"
                w={170}
                aria-label="Role"
                placeholder="Any role"
                clearable
                data={ROLES.map((value) => ({ value, label: ROLE_LABELS[value] }))}
                value={role ?? null}
                onChange={(value) => change({ role: value })}
              />
              <Select
                size="xs"
                w={170}
                aria-label="Two-factor"
                placeholder="Two-factor or not"
                clearable
                data={TWO_FACTOR.map((value) => ({ value, label: TWO_FACTOR_LABELS[value] }))}
                value={twoFactor ?? null}
                onChange={(value) => change({ two_factor: value })}
              />
            </>
          }
          actions={null}
        />
      </div>
      <DataTable
        label="Users"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        sort={sort ?? "name"}
        onSort={(next) => change({ sort: next })}
        visibility={visibility}
        detail={(row) => ROLE_LABELS[row.role]}
        empty={<NobodyMatches onClear={() => void navigate({ search: {} })} />}
      />
      {dialogs.element}
    </>
  );
}

/** Whoever looks is in the list, so an empty one is a list that filters left empty. */
function NobodyMatches({ onClear }: { onClear: () => void }) {
  return (
    <NothingMatches title="Nobody matches" clears="search and filters" onClear={onClear}>
      Search looks at name and email. Whoever has not accepted yet is under Pending.
    </NothingMatches>
  );
}
