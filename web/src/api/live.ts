// Whether what happens on the server is told to this tab as it happens (app/live), or asked for now and then.
import { useSyncExternalStore } from "react";
import { stream } from "./queries";

export type LiveState = "off" | "live" | "reconnecting";

let state: LiveState = "off";
const watchers = new Set<() => void>();

export const live = {
  get: (): LiveState => state,
  set: (next: LiveState) => {
    if (next === state) return;
    state = next;
    stream.isLive = next === "live";
    for (const watcher of watchers) watcher();
  },
  watch: (watcher: () => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};

export function useLiveState(): LiveState {
  return useSyncExternalStore(live.watch, live.get);
}
