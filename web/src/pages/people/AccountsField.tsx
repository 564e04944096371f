// Chooses some of ten thousand accounts: the server searches, the dropdown shows the first that fit.
import { MultiSelect } from "@mantine/core";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { countText } from "../../widgets/format/minutes";
import classes from "./AccountsField.module.css";
import { clientSearchQuery, type NamedAccount } from "./queries";

const TYPING_PAUSE_MS = 150;
const MORE = "more";
/** As many as the API takes. */
const MOST_ACCOUNTS = 1000;

interface AccountsFieldProps {
  value: NamedAccount[];
  onChange: (accounts: NamedAccount[]) => void;
  hint?: string | undefined;
  error?: ReactNode;
}

export function AccountsField({ value: chosen, onChange, hint, error }: AccountsFieldProps) {
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const found = useQuery(clientSearchQuery(q));
  const rows = found.data?.data ?? [];
  const emails = new Map(rows.map((account) => [account.id, account.email]));
  const names = new Map([...chosen, ...rows].map((account) => [account.id, account.name]));
  const more = (found.data?.total ?? 0) - rows.length;
  return (
    <MultiSelect
      label="Sub-accounts"
      description={hint}
      placeholder={chosen.length === 0 ? "Search name, email, reference" : "Add another"}
      searchable
      // Closed by each choice: left open, it would lie over the buttons of the dialog. Typing opens it again.
      dropdownOpened={opened}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      onOptionSubmit={() => setOpened(false)}
      hidePickedOptions
      maxValues={MOST_ACCOUNTS}
      maxDropdownHeight={220}
      classNames={{ pillsList: classes.pills ?? "", inputField: classes.field ?? "" }}
      data={[
        ...Array.from(names, ([id, name]) => ({ value: id, label: name })),
        ...(more > 0 ? [{ value: MORE, label: `${countText(more)} more: type to find them`, disabled: true }] : []),
      ]}
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <span className={classes.option}>
          <span>{option.label}</span>
          {emails.has(option.value) && <small>{emails.get(option.value)}</small>}
        </span>
      )}
      nothingFoundMessage={found.isFetching ? "Searching…" : "No other account matches"}
      searchValue={typed}
      onSearchChange={setTyped}
      value={chosen.map((account) => account.id)}
      onChange={(ids) => onChange(ids.map((id) => ({ id, name: names.get(id) ?? id })))}
      error={error}
    />
  );
}
