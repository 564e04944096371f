import { Skeleton, Stack } from "@mantine/core";

/** In the place of a short list that is on its way. */
export function Waiting({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap={20} p="md" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={12} />
      ))}
    </Stack>
  );
}
