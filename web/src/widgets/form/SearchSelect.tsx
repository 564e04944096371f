// A choice among more than a list can show: what is typed is searched for on the server.
import { Select, type ComboboxData, type SelectProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

const TYPING_PAUSE_MS = 150;

interface SearchSelectProps extends Pick<
  SelectProps,
  "label" | "aria-label" | "placeholder" | "size" | "w" | "error" | "openOnFocus"
> {
  "data-autofocus"?: boolean;
  value: string | null;
  onChange: (value: string | null) => void;
  /** What the value is called, as it need not be among what was found. */
  called: string | null;
  found: ComboboxData;
  /** Hears what is searched for; nothing while the name of the value itself stands there. */
  onSearch: (q: string) => void;
  nothing: string;
  /** What was found is not yet what was searched for. */
  isSearching?: boolean;
}

export function SearchSelect(props: SearchSelectProps) {
  const { value, onChange, called, found, onSearch, nothing, isSearching = false, ...field } = props;
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<string | null>(null);
  const [searched, setSearched] = useState("");
  const search = useDebouncedCallback((q: string) => {
    setSearched(q);
    onSearch(q);
  }, TYPING_PAUSE_MS);
  const name = called ?? picked ?? value;
  // Nothing of an earlier search may be picked by whoever types on and presses Enter.
  const isStale = isSearching || wanted(typed, name) !== searched;
  const offered = isStale ? [] : found;
  const isOffered = value === null || JSON.stringify(offered).includes(`"${value}"`);
  const type = (text: string) => {
    setTyped(text);
    search(wanted(text, name));
  };
  return (
    <Select
      {...field}
      searchable
      clearable
      data={isOffered ? offered : [{ value, label: name ?? value }, ...offered]}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={type}
      value={value}
      nothingFoundMessage={isStale ? "Searching…" : nothing}
      onChange={(chosen, option) => {
        setPicked(option?.label ?? null);
        onChange(chosen);
      }}
    />
  );
}

/** What is searched for: nothing while the name of the value itself stands there. */
function wanted(typed: string, name: string | null): string {
  return typed === name ? "" : typed.trim();
}
