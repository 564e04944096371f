import { Badge, Button, Code, Group, VisuallyHidden } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { PageHeader } from "../../widgets/PageHeader";
import { EmptyState } from "../../widgets/states/states";
import { useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { useCursorList } from "../../widgets/table/useCursorList";
import { CreateApiKeyDialog } from "./CreateApiKeyDialog";
import { RevokeApiKeyDialog } from "./RevokeApiKeyDialog";
import { SubaccountName } from "./SubaccountName";

type ApiKey = Schemas["ApiKey"];

const COLUMNS: Column<ApiKey>[] = [
  { id: "name", header: "Name", size: 124, meta: { grows: true }, cell: ({ row }) => row.original.name },
  {
    id: "hint",
    header: "Secret",
    size: 110,
    meta: { wide: true },
    cell: ({ row }) => <Code>mbk_…{row.original.hint}</Code>,
  },
  {
    id: "scopes",
    header: "May",
    size: 250,
    meta: { wide: true },
    cell: ({ row }) => (
      <Group gap={4} wrap="nowrap" component="span">
        {row.original.scopes.map((scope) => (
          <Badge key={scope} color="gray" tt="none" fw={500}>
            {scope}
          </Badge>
        ))}
      </Group>
    ),
  },
  {
    id: "subaccount",
    header: "Reaches",
    size: 170,
    meta: { wide: true },
    cell: ({ row }) => (row.original.subaccount ? <SubaccountName id={row.original.subaccount} /> : "All accounts"),
  },
  {
    id: "used",
    header: "Last used",
    size: 124,
    cell: ({ row }) =>
      row.original.last_used_at ? <TimeText at={row.original.last_used_at} ago /> : <Nothing label="never" />,
  },
  {
    id: "expires",
    header: "Expires",
    size: 120,
    meta: { wide: true },
    cell: ({ row }) => (row.original.expires_at ? <TimeText at={row.original.expires_at} ago /> : "Never"),
  },
  {
    id: "created",
    header: "Made",
    size: 200,
    meta: { wide: true },
    cell: ({ row }) => (
      <>
        <TimeText at={row.original.created_at} /> by {row.original.created_by.name}
      </>
    ),
  },
];

export function ApiKeysPage() {
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const list = useCursorList(keys.apiKeys, (ask, signal) =>
    unwrap(client.GET("/v1/api_keys", { params: { query: ask }, ...(signal && { signal }) })),
  );
  const columns = useMemo(() => [...COLUMNS, revokeColumn(setRevoking)], []);
  const { visibility } = useColumnChoice("api-keys", columns);
  const make = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      Create API key
    </Button>
  );
  return (
    <>
      <PageHeader title="API keys" actions={list.rows.length > 0 && make}>
        For machines: a voice engine that posts calls, a report that reads them.
      </PageHeader>
      <DataTable
        label="API keys"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        empty={
          <EmptyState icon={IconKey} title="No API keys yet" action={make}>
            Your voice engine needs one to report calls. Give each machine its own, with no more rights than it uses.
          </EmptyState>
        }
      />
      {making && <CreateApiKeyDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeApiKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  );
}

function revokeColumn(onRevoke: (key: ApiKey) => void): Column<ApiKey> {
  return {
    id: "revoke",
    header: () => <VisuallyHidden>Actions</VisuallyHidden>,
    size: 84,
    meta: { align: "right" },
    cell: ({ row }) => (
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Revoke ${row.original.name}`}
        onClick={() => onRevoke(row.original)}
      >
        Revoke
      </Button>
    ),
  };
}
