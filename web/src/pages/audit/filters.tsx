// What narrows the audit trail: who, what, and to what; each by search, as there may be thousands.
import { Select } from "@mantine/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys, subaccountSearchQuery } from "../../api/queries";
import { SearchSelect } from "../../widgets/form/SearchSelect";
import { ACTION_LABELS } from "./actions";
import { auditNameQuery } from "./queries";

const SHOWN = 20;
const KEYS_READ = 500;

interface FilterProps {
  value: string | null;
  onChange: (value: string | null) => void;
}

export function ActionSelect({ value, onChange }: FilterProps) {
  return (
    <Select
      size="xs"
      w={190}
      aria-label="Action"
      placeholder="Any action"
      clearable
      searchable
      data={Object.entries(ACTION_LABELS)
        .map(([action, label]) => ({ value: action, label }))
        .sort((one, other) => one.label.localeCompare(other.label))}
      value={value}
      onChange={onChange}
    />
  );
}

export function ActorSelect({ value, onChange }: FilterProps) {
  const [q, setQ] = useState("");
  return (
    <SearchSelect
      size="xs"
      w={160}
      aria-label="Who"
      placeholder="Anybody"
      value={value}
      onChange={onChange}
      called={useNameOf("actor", value)}
      found={grouped({ People: usePeople(q), "API keys": useApiKeys(q) })}
      onSearch={setQ}
      nothing="Nobody matches"
    />
  );
}

export function TargetSelect({ value, onChange }: FilterProps) {
  const [q, setQ] = useState("");
  const accounts = useQuery(subaccountSearchQuery(q, SHOWN)).data?.data ?? [];
  return (
    <SearchSelect
      size="xs"
      w={170}
      aria-label="Done to"
      placeholder="To anything"
      value={value}
      onChange={onChange}
      called={useNameOf("target", value)}
      found={grouped({ "Sub-accounts": accounts, People: usePeople(q), "API keys": useApiKeys(q) })}
      onSearch={setQ}
      nothing="Nothing matches"
    />
  );
}

type Named = Pick<Schemas["User"], "id" | "name">;

function grouped(groups: Record<string, Named[]>) {
  return Object.entries(groups)
    .filter(([, named]) => named.length > 0)
    .map(([group, named]) => ({ group, items: named.map(({ id, name }) => ({ value: id, label: name })) }));
}

function useNameOf(part: "actor" | "target", id: string | null): string | null {
  return useQuery({ ...auditNameQuery(part, id ?? ""), enabled: id !== null }).data ?? null;
}

function peopleQuery(q: string) {
  return queryOptions({
    queryKey: [...keys.users, "search", q],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/users", { params: { query: { limit: SHOWN, ...(q && { q }) } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

function usePeople(q: string): Named[] {
  return useQuery(peopleQuery(q)).data?.data ?? [];
}

const apiKeysQuery = queryOptions({
  queryKey: [...keys.apiKeys, "names"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/api_keys", { params: { query: { limit: KEYS_READ } }, signal })),
  staleTime: 60_000,
});

/** The server does not search keys, which are few; two of one name are told apart by their secrets' ends. */
function useApiKeys(q: string): Named[] {
  const apiKeys = useQuery(apiKeysQuery).data?.data ?? [];
  return apiKeys
    .map(({ id, name, hint }) => ({ id, name: `${name} …${hint}` }))
    .filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()))
    .slice(0, SHOWN);
}
