import { Button, Select, VisuallyHidden } from "@mantine/core";
import { IconKey, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { useMay } from "../../app/session";
import { API_KEY_STATUSES } from "../../app/search";
import { PageHeader } from "../../widgets/PageHeader";
import { EmptyState } from "../../widgets/states/states";
import { ColumnChooser, useColumnChoice } from "../../widgets/table/ColumnChooser";
import { DataTable, type Column } from "../../widgets/table/DataTable";
import { Toolbar } from "../../widgets/table/Toolbar";
import { useCursorList } from "../../widgets/table/useCursorList";
import { ApiKeyMenu, type ApiKeyDialog } from "./ApiKeyMenu";
import { API_KEY_COLUMNS, API_KEY_STATUS_LABELS, apiKeyDetail } from "./columns";
import { CreateApiKeyDialog } from "./CreateApiKeyDialog";
import { RevokeApiKeyDialog } from "./RevokeApiKeyDialog";
import { RotateApiKeyDialog } from "./RotateApiKeyDialog";

type ApiKey = Schemas["ApiKey"];

const route = getRouteApi("/app/api-keys");

export function ApiKeysPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const mayMake = useMay("apikeys.manage");
  const [making, setMaking] = useState(false);
  const [chosen, setChosen] = useState<{ dialog: ApiKeyDialog; apiKey: ApiKey } | null>(null);
  const choose = useCallback((dialog: ApiKeyDialog, apiKey: ApiKey) => setChosen({ dialog, apiKey }), []);
  const close = () => setChosen(null);
  const list = useCursorList([...keys.apiKeys, "list", search], (ask, signal) =>
    unwrap(client.GET("/v1/api_keys", { params: { query: { ...search, ...ask } }, ...(signal && { signal }) })),
  );
  const columns = useMemo((): Column<ApiKey>[] => [...API_KEY_COLUMNS, menuColumn(choose)], [choose]);
  const { visibility, setVisibility } = useColumnChoice("api-keys", columns);
  const showAll = () => void navigate({ search: {}, replace: true });
  const isUnused = list.rows.length === 0 && !search.status;
  const make = mayMake && (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setMaking(true)}>
      Create API key
    </Button>
  );
  return (
    <>
      <PageHeader title="API keys" actions={!isUnused && make}>
        For machines: a voice engine that posts calls, a report that reads them.
      </PageHeader>
      <Toolbar
        filters={
          <Select
            size="xs"
            w={170}
            aria-label="Status"
            placeholder="Active and expired"
            clearable
            data={API_KEY_STATUSES.map((value) => ({ value, label: API_KEY_STATUS_LABELS[value] }))}
            value={search.status ?? null}
            onChange={(status) => void navigate({ search: status ? { status } : {}, replace: true })}
          />
        }
        actions={<ColumnChooser columns={columns} visibility={visibility} onChange={setVisibility} />}
      />
      <DataTable
        label="API keys"
        columns={columns}
        list={list}
        rowId={(row) => row.id}
        visibility={visibility}
        detail={apiKeyDetail}
        empty={search.status ? <NoneOfStatus status={search.status} onClear={showAll} /> : <NoKeys action={make} />}
      />
      {making && <CreateApiKeyDialog onClose={() => setMaking(false)} />}
      {chosen?.dialog === "rotate" && <RotateApiKeyDialog apiKey={chosen.apiKey} onClose={close} />}
      {chosen?.dialog === "revoke" && <RevokeApiKeyDialog apiKey={chosen.apiKey} onClose={close} />}
    </>
  );
}

function menuColumn(onChoose: (dialog: ApiKeyDialog, apiKey: ApiKey) => void): Column<ApiKey> {
  return {
    id: "menu",
    header: () => <VisuallyHidden>Actions</VisuallyHidden>,
    size: 48,
    meta: { fixed: true, align: "right" },
    cell: ({ row }) => <ApiKeyMenu apiKey={row.original} onChoose={onChoose} />,
  };
}

function NoKeys({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState icon={IconKey} title="No API keys yet" action={action}>
      Your voice engine needs one to report calls. Give each machine its own, with no more rights than it uses.
    </EmptyState>
  );
}

function NoneOfStatus({ status, onClear }: { status: Schemas["ApiKeyStatus"]; onClear: () => void }) {
  return (
    <EmptyState
      icon={IconSearchOff}
      title={`No key is ${API_KEY_STATUS_LABELS[status].toLowerCase()}`}
      action={
        <Button variant="default" onClick={onClear}>
          Show the others
        </Button>
      }
    >
      Keys stay in this list after they end, so that you can tell what once had access.
    </EmptyState>
  );
}
