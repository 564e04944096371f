import { ActionIcon, Button, CopyButton, Menu, VisuallyHidden } from "@mantine/core";
import {
  IconArrowsSplit2,
  IconCopy,
  IconDots,
  IconPencil,
  IconPlugConnected,
  IconPlugConnectedX,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { TimeText } from "../../widgets/figures/figures";
import { PageHeader } from "../../widgets/PageHeader";
import { EmptyState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { Toolbar } from "../../widgets/table/Toolbar";
import { SubaccountName } from "../api-keys/SubaccountName";
import { ConnectDialog } from "./ConnectDialog";
import { DisconnectDialog } from "./DisconnectDialog";
import { EditDialog } from "./EditDialog";
import { ENGINES } from "./engines";
import { MappingDialog } from "./MappingDialog";
import { connectionsQuery, type Connection } from "./queries";

type DialogName = "edit" | "mapping" | "disconnect";
type Choose = (dialog: DialogName, connection: Connection) => void;

export function EnginesPage() {
  const [connecting, setConnecting] = useState(false);
  const [chosen, setChosen] = useState<{ dialog: DialogName; connection: Connection } | null>(null);
  const query = useQuery(connectionsQuery);
  const columns = useMemo(
    (): Column<Connection>[] => [...COLUMNS, menuColumn((dialog, connection) => setChosen({ dialog, connection }))],
    [],
  );
  const { visibility, setVisibility } = useColumnChoice("engines", columns);
  const close = () => setChosen(null);
  const rows = query.data?.data ?? [];
  const connect = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setConnecting(true)}>
      Connect engine
    </Button>
  );
  return (
    <>
      <PageHeader title="Voice engines" actions={rows.length > 0 && connect}>
        Engines that report each call by webhook when it is over, signed with a secret of theirs.
      </PageHeader>
      <Toolbar
        filters={null}
        actions={<ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />}
      />
      <DataTable
        label="Voice engines"
        columns={columns}
        visibility={visibility}
        list={{
          rows,
          total: rows.length,
          isPending: query.isPending,
          isFetchingMore: false,
          isStale: false,
          error: query.data ? null : query.error,
          hasMore: false,
          fetchMore: () => undefined,
          retry: () => void query.refetch(),
        }}
        rowId={(row) => row.id}
        detail={({ engine }) => ENGINES[engine].label}
        empty={
          <EmptyState icon={IconPlugConnected} title="No voice engine yet" action={connect}>
            Connect Vapi, Retell, Twilio, ElevenLabs, Asterisk or one of your own, and its calls are charged by
            themselves.
          </EmptyState>
        }
      />
      {connecting && <ConnectDialog onClose={() => setConnecting(false)} />}
      {chosen?.dialog === "edit" && <EditDialog connection={chosen.connection} onClose={close} />}
      {chosen?.dialog === "mapping" && <MappingDialog connection={chosen.connection} onClose={close} />}
      {chosen?.dialog === "disconnect" && <DisconnectDialog connection={chosen.connection} onClose={close} />}
    </>
  );
}

const COLUMNS: Column<Connection>[] = [
  {
    id: "name",
    header: "Name",
    size: 150,
    meta: { grows: true, fixed: true },
    cell: ({ row }) => <span title={row.original.name}>{row.original.name}</span>,
  },
  {
    id: "engine",
    header: "Engine",
    size: 130,
    meta: { wide: true },
    cell: ({ row }) => ENGINES[row.original.engine].label,
  },
  { id: "url", header: "URL", size: 96, cell: ({ row }) => <CopyUrl connection={row.original} /> },
  {
    id: "mapping",
    header: "Mapping",
    size: 120,
    meta: { wide: true },
    cell: ({ row }) => (row.original.has_own_mapping ? "Your own" : "The engine’s"),
  },
  {
    id: "fallback",
    header: "Calls of nobody known",
    size: 170,
    meta: { wide: true },
    cell: ({ row }) => (row.original.subaccount ? <SubaccountName id={row.original.subaccount} /> : "Wait"),
  },
  {
    id: "created",
    header: "Connected",
    size: 180,
    meta: { wide: true },
    cell: ({ row }) => (
      <>
        <TimeText at={row.original.created_at} /> by {row.original.created_by.name}
      </>
    ),
  },
];

function CopyUrl({ connection: { name, url } }: { connection: Connection }) {
  return (
    <CopyButton value={url ?? ""} timeout={2500}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconCopy size={13} />}
          aria-label={`Copy the URL of ${name}`}
          onClick={copy}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  );
}

function menuColumn(onChoose: Choose): Column<Connection> {
  return {
    id: "menu",
    header: () => <VisuallyHidden>Actions</VisuallyHidden>,
    size: 48,
    meta: { fixed: true, align: "right" },
    cell: ({ row }) => <ConnectionMenu connection={row.original} onChoose={onChoose} />,
  };
}

function ConnectionMenu({ connection, onChoose }: { connection: Connection; onChoose: Choose }) {
  return (
    <Menu width={190}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${connection.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} stroke={1.7} />} onClick={() => onChoose("edit", connection)}>
          Edit…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowsSplit2 size={15} stroke={1.7} />}
          onClick={() => onChoose("mapping", connection)}
        >
          Mapping…
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconPlugConnectedX size={15} stroke={1.7} />}
          onClick={() => onChoose("disconnect", connection)}
        >
          Disconnect…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
