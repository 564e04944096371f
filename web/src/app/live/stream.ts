// One stream of live events for a tab, while somebody looks at it: a browser has few connections for all of its tabs.
import type { QueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { live } from "../../api/live";
import { keys } from "../../api/queries";
import { News } from "./news";

const TRY_AGAIN_MS = 30_000;

/** Listens until what it returns is called; where there are no such streams pages ask by themselves. */
export function listen(queryClient: QueryClient): () => void {
  const news = new News(queryClient);
  let stream: EventSource | null = null;
  let lastId = "";
  let retry = 0;

  function take(source: EventSource, name: string, act: (data: unknown) => void) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      lastId = event.lastEventId || lastId;
      act(JSON.parse(event.data));
    });
  }

  /** A browser comes back by itself from all but a refusal: the session may be over, or too many listen. */
  function broke(source: EventSource) {
    if (source !== stream) return;
    if (live.get() === "live") news.everything();
    live.set("reconnecting");
    if (source.readyState !== EventSource.CLOSED) return;
    close();
    void queryClient.invalidateQueries({ queryKey: keys.me });
    retry = window.setTimeout(open, TRY_AGAIN_MS);
  }

  function open() {
    if (stream || document.visibilityState === "hidden" || !("EventSource" in window)) return;
    const source = new EventSource(lastId ? `/v1/events?last_event_id=${encodeURIComponent(lastId)}` : "/v1/events");
    stream = source;
    take(source, "ready", (data) => {
      live.set("live");
      if (!(data as { resumed: boolean }).resumed) news.everything();
    });
    take(source, "account", (data) => news.account(data as Schemas["LiveAccount"]));
    take(source, "agency", (data) => news.agency(data as Schemas["LiveAgency"]));
    take(source, "reset", () => news.everything());
    source.addEventListener("error", () => broke(source));
  }

  function close() {
    window.clearTimeout(retry);
    stream?.close();
    stream = null;
  }

  function look() {
    if (document.visibilityState === "hidden") {
      close();
      live.set("off");
    } else {
      open();
    }
  }

  document.addEventListener("visibilitychange", look);
  open();
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
    news.stop();
    live.set("off");
  };
}
