import { Button, Loader, Popover, Stack, UnstyledButton } from "@mantine/core";
import { IconCalendar, IconCheck, IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { dayText } from "../format/time";
import { PRESETS, type Preset, type RangeSearch } from "./range";
import classes from "./RangePicker.module.css";

const RangeCalendar = lazy(() => import("./RangeCalendar"));

interface RangePickerProps {
  value: RangeSearch;
  onChange: (range: RangeSearch) => void;
  /** What no choice at all means. */
  fallback: Preset;
}

export function RangePicker({ value, onChange, fallback }: RangePickerProps) {
  const [opened, setOpened] = useState(false);
  const [custom, setCustom] = useState(false);
  const preset = value.since ? null : (value.range ?? fallback);
  const label = preset ? PRESETS[preset] : `${dayText(value.since ?? "")} – ${dayText(value.until ?? "")}`;

  const open = (next: boolean) => {
    setOpened(next);
    setCustom(next && preset === null);
  };
  const choose = (range: RangeSearch) => {
    setOpened(false);
    onChange(range);
  };
  return (
    <Popover opened={opened} onChange={open} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={14} stroke={1.8} />}
          rightSection={<IconChevronDown size={13} />}
          aria-label={`Date range: ${label}`}
          onClick={() => open(!opened)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="Date range">
        {!custom && (
          <Stack gap={0} role="group" aria-label="Presets">
            {(Object.keys(PRESETS) as Preset[]).map((name) => (
              <UnstyledButton
                key={name}
                className={classes.preset}
                aria-pressed={name === preset}
                onClick={() => choose({ range: name })}
              >
                {PRESETS[name]}
                {name === preset && <IconCheck size={14} aria-hidden="true" />}
              </UnstyledButton>
            ))}
            <UnstyledButton className={classes.preset} aria-pressed={preset === null} onClick={() => setCustom(true)}>
              Custom range…
            </UnstyledButton>
          </Stack>
        )}
        {custom && (
          <Suspense fallback={<Loader m="xl" />}>
            <RangeCalendar value={value} onChange={choose} onBack={() => setCustom(false)} />
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
