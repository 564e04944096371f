// A choice among more than a list can show: what is typed is searched for on the server.
import { Select, type ComboboxData, type SelectProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

const TYPING_PAUSE_MS = 150;

interface SearchSelectProps extends Pick<SelectProps, "label" | "aria-label" | "placeholder" | "size" | "w" | "error"> {
  value: string | null;
  onChange: (value: string | null) => void;
  /** What the value is called, as it need not be among what was found. */
  called: string | null;
  found: ComboboxData;
  /** Hears what is searched for; nothing while the name of the value itself stands there. */
  onSearch: (q: string) => void;
  nothing: string;
}

export function SearchSelect({ value, onChange, called, found, onSearch, nothing, ...field }: SearchSelectProps) {
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<string | null>(null);
  const search = useDebouncedCallback(onSearch, TYPING_PAUSE_MS);
  const name = called ?? picked ?? value;
  const isFound = value === null || JSON.stringify(found).includes(`"${value}"`);
  const type = (text: string) => {
    setTyped(text);
    search(text === name ? "" : text.trim());
  };
  return (
    <Select
      {...field}
      searchable
      clearable
      data={isFound ? found : [{ value, label: name ?? value }, ...found]}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={type}
      value={value}
      nothingFoundMessage={nothing}
      onChange={(chosen, option) => {
        setPicked(option?.label ?? null);
        onChange(chosen);
      }}
    />
  );
}
