// Whether figures change as things happen, for whoever wonders.
import { useLiveState, type LiveState } from "../api/live";
import classes from "./LiveSign.module.css";

const TEXTS: Record<LiveState, string> = { live: "Live", reconnecting: "Reconnecting", off: "Connecting" };

export function LiveSign() {
  const state = useLiveState();
  return (
    <span className={`${classes.sign ?? ""} ${state === "live" ? (classes.live ?? "") : ""}`}>{TEXTS[state]}</span>
  );
}
