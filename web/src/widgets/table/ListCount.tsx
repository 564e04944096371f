import { Text } from "@mantine/core";
import { countText } from "../format/minutes";

/** How many rows a list has, beside its page's title; nothing while that is not known. */
export function ListCount({ total }: { total: number | null }) {
  return (
    <Text size="sm" c="dimmed" className="figures" aria-live="polite">
      {total !== null && countText(total)}
    </Text>
  );
}
