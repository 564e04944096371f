import { Button, type ButtonProps } from "@mantine/core";

interface ShowOlderProps extends ButtonProps {
  list: { hasMore: boolean; isFetchingMore: boolean; fetchMore: () => void };
  /** Of what stands around the button. */
  className?: string | undefined;
}

/** Under a short list that ends where a page does. */
export function ShowOlder({ list, className, ...button }: ShowOlderProps) {
  if (!list.hasMore) return null;
  return (
    <div className={className}>
      <Button variant="default" loading={list.isFetchingMore} onClick={list.fetchMore} {...button}>
        Show older ones
      </Button>
    </div>
  );
}
