import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { subaccountSearchQuery } from "../../api/queries";
import { SearchSelect } from "../../widgets/form/SearchSelect";

const SHOWN = 20;
const SEARCH = "Search accounts";

interface AccountSelectProps {
  label: string;
  value: string | null;
  /** Its name, as it need not be among what was found. */
  called: string | null;
  onChange: (id: string | null) => void;
  error: string | null;
  autofocus?: boolean;
  /** Small, and named without a line of its own. */
  inToolbar?: boolean;
}

/** One of the agency's accounts that is not removed, sought by what is typed. */
export function AccountSelect({ label, value, called, onChange, error, autofocus, inToolbar }: AccountSelectProps) {
  const [q, setQ] = useState("");
  const search = useQuery(subaccountSearchQuery(q, SHOWN));
  const found = search.data?.data ?? [];
  return (
    <SearchSelect
      {...(inToolbar
        ? { "aria-label": label, size: "xs", w: 190, placeholder: label }
        : { label, placeholder: SEARCH })}
      value={value}
      onChange={onChange}
      called={called}
      // Called by the name alone, as `called` is: a label that changes would type over what is being typed.
      found={found.filter(({ status }) => status !== "removed").map(({ id, name }) => ({ value: id, label: name }))}
      isSearching={search.isPlaceholderData}
      onSearch={setQ}
      nothing="No account has this name"
      openOnFocus={false}
      error={error}
      {...(autofocus && { "data-autofocus": true })}
    />
  );
}
