// Where an action on many accounts lives: above the pages, so that its way back is there on all of them.
import { createContext, lazy, Suspense, useCallback, useContext, useState, type ReactNode } from "react";
import type { RunView } from "./runs";

const RunDialog = lazy(() => import("./RunDialog"));

const ShowRun = createContext<(view: RunView) => void>(() => undefined);

/** Starts it and shows how it goes. */
export function useShowRun(): (view: RunView) => void {
  return useContext(ShowRun);
}

export function RunHost({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<{ view: RunView; number: number } | null>(null);
  const show = useCallback((view: RunView) => {
    view.run.start();
    setShown((before) => ({ view, number: (before?.number ?? 0) + 1 }));
  }, []);
  return (
    <ShowRun value={show}>
      {children}
      <Suspense>
        {shown && <RunDialog key={shown.number} view={shown.view} onShow={show} onClose={() => setShown(null)} />}
      </Suspense>
    </ShowRun>
  );
}
