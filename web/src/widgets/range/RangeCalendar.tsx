import { Button, Group } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import { useState } from "react";
import { useZone } from "../../app/session";
import { dayOf } from "../format/time";
import type { RangeSearch } from "./range";

interface RangeCalendarProps {
  value: RangeSearch;
  onChange: (range: RangeSearch) => void;
  onBack: () => void;
}

export default function RangeCalendar({ value, onChange, onBack }: RangeCalendarProps) {
  const zone = useZone();
  const [today] = useState(() => dayOf(Date.now(), zone));
  const [days, setDays] = useState<[string | null, string | null]>([value.since ?? null, value.until ?? null]);
  const [since, until] = days;
  return (
    <>
      <DatePicker
        type="range"
        hideOutsideDates
        weekendDays={[]}
        ariaLabels={{ previousMonth: "Month before", nextMonth: "Month after" }}
        allowSingleDateInRange
        maxDate={today}
        value={days}
        onChange={setDays}
        size="xs"
        p={6}
      />
      <Group justify="space-between" p={6}>
        <Button variant="subtle" color="gray" onClick={onBack}>
          Presets
        </Button>
        <Button disabled={!since || !until} onClick={() => since && until && onChange({ since, until })}>
          Apply
        </Button>
      </Group>
    </>
  );
}
