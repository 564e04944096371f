import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { StatusBadge, type Tone } from "../../widgets/figures/StatusBadge";

/** How something that happens by itself stands, in a badge and a sentence. */
export function Standing({ badge: [label, tone], children }: { badge: readonly [string, Tone]; children: ReactNode }) {
  return (
    <Group gap={10} align="baseline">
      <Text size="sm">
        <StatusBadge label={label} tone={tone} />
      </Text>
      <Text size="sm" c="dimmed" flex={1} miw={200}>
        {children}
      </Text>
    </Group>
  );
}
