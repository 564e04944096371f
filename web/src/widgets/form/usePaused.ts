import { useDebouncedValue } from "@mantine/hooks";

const TYPING_PAUSE_MS = 200;

/** What was typed when typing last paused, to ask about, and whether it still stands there: only then may it be confirmed. */
export function usePaused<Typed>(typed: Typed): [asked: Typed, isCurrent: boolean] {
  const [asked] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  return [asked, JSON.stringify(asked) === JSON.stringify(typed)];
}
