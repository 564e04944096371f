// The search of a list. `/` puts the cursor here from anywhere on the page; what is typed goes to the address after a breath.
import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import classes from "./SearchInput.module.css";

const TYPING_PAUSE_MS = 200;

interface SearchInputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function SearchInput({ label, value, onChange }: SearchInputProps) {
  const [typed, setTyped] = useState(value);
  const [settled, setSettled] = useState(value);
  const settle = useDebouncedCallback(onChange, TYPING_PAUSE_MS);

  // The address changed by other means, as by going back.
  if (value !== settled) {
    setSettled(value);
    setTyped(value);
  }
  const change = (next: string) => {
    setTyped(next);
    settle(next.trim());
  };
  return (
    <TextInput
      type="search"
      size="xs"
      className={classes.root}
      aria-label={label}
      placeholder={label}
      data-page-search
      maxLength={120}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={14} stroke={1.8} aria-hidden="true" />}
      rightSection={
        typed ? (
          <CloseButton size="xs" aria-label="Clear search" onClick={() => change("")} />
        ) : (
          <Kbd aria-hidden="true" className={classes.key}>
            /
          </Kbd>
        )
      }
    />
  );
}
