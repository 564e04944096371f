import { Badge, Code, Group } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { Nothing, TimeText } from "../../widgets/figures/figures";
import { StatusBadge } from "../../widgets/figures/StatusBadge";
import { relativeText } from "../../widgets/format/time";
import type { Column } from "../../widgets/table/DataTable";
import { useNow } from "../../widgets/useNow";
import { SubaccountName } from "./SubaccountName";

type ApiKey = Schemas["ApiKey"];

/** A key that ends within this time needs somebody: it was rotated, or expires. */
const SOON_MS = 7 * 86_400_000;

export const API_KEY_STATUS_LABELS: Record<Schemas["ApiKeyStatus"], string> = {
  active: "Active",
  expired: "Expired",
  revoked: "Revoked",
};

function ApiKeyStatus({ apiKey: { status, expires_at: end } }: { apiKey: ApiKey }) {
  const now = useNow();
  if (status === "active" && end !== null && Date.parse(end) - now < SOON_MS)
    return <StatusBadge label={`Ends ${relativeText(end)}`} tone="warn" />;
  return <StatusBadge label={API_KEY_STATUS_LABELS[status]} tone={status === "active" ? "good" : "quiet"} />;
}

/** When it stops, or stopped. */
function End({ apiKey }: { apiKey: ApiKey }) {
  const at = apiKey.revoked_at ?? apiKey.expires_at;
  return at ? <TimeText at={at} /> : <>Never</>;
}

export const API_KEY_COLUMNS: Column<ApiKey>[] = [
  {
    id: "name",
    header: "Name",
    size: 124,
    meta: { grows: true, fixed: true },
    cell: ({ row }) => <span title={row.original.name}>{row.original.name}</span>,
  },
  {
    id: "hint",
    header: "Secret",
    size: 92,
    meta: { wide: true },
    cell: ({ row }) => <Code>…{row.original.hint}</Code>,
  },
  { id: "status", header: "Status", size: 140, cell: ({ row }) => <ApiKeyStatus apiKey={row.original} /> },
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
    size: 130,
    meta: { wide: true },
    cell: ({ row }) => (row.original.subaccount ? <SubaccountName id={row.original.subaccount} /> : "All accounts"),
  },
  {
    id: "used",
    header: "Last used",
    size: 104,
    meta: { wide: true },
    cell: ({ row }) =>
      row.original.last_used_at ? <TimeText at={row.original.last_used_at} ago /> : <Nothing label="never" />,
  },
  { id: "end", header: "Ends", size: 112, meta: { wide: true }, cell: ({ row }) => <End apiKey={row.original} /> },
  {
    id: "created",
    header: "Made",
    size: 180,
    meta: { wide: true },
    cell: ({ row }) => (
      <>
        <TimeText at={row.original.created_at} /> by {row.original.created_by.name}
      </>
    ),
  },
];

/** On a narrow screen, what tells two keys of one name apart. */
export function apiKeyDetail({ hint, last_used_at: used }: ApiKey): string {
  return `…${hint} · ${used ? `used ${relativeText(used)}` : "never used"}`;
}
