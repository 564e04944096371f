import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { subaccountQuery, subaccountSearchQuery } from "../../api/queries";
import { SearchSelect } from "../../widgets/form/SearchSelect";

const ACCOUNTS_SHOWN = 20;

interface AccountFieldProps {
  label: string;
  placeholder: string;
  value: string | null;
  onChange: (id: string | null) => void;
  error?: React.ReactNode;
  "data-autofocus"?: boolean;
}

/** One of the agency's accounts. */
export function AccountField({ value, ...field }: AccountFieldProps) {
  const [q, setQ] = useState("");
  const search = useQuery(subaccountSearchQuery(q, ACCOUNTS_SHOWN));
  const known = useQuery({ ...subaccountQuery(value ?? ""), enabled: value !== null }).data;
  return (
    <SearchSelect
      {...field}
      value={value}
      called={known?.name ?? null}
      found={(search.data?.data ?? []).map((account) => ({ value: account.id, label: account.name }))}
      onSearch={setQ}
      isSearching={search.isPlaceholderData}
      nothing="No account matches"
    />
  );
}
