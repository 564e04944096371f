import { useMediaQuery } from "@mantine/hooks";

/** The width below which a table has room for two or three columns and a dialog fills the screen. */
const NARROW = "(max-width: 48em)";

export function useNarrow(): boolean {
  return useMediaQuery(NARROW, window.matchMedia(NARROW).matches);
}
