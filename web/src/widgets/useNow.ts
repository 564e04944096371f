import { useEffect, useState } from "react";

const TICK_MS = 60_000;

/** The time, a minute old at most: a page that stays open moves on to the next day. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}
