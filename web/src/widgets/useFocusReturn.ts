import { useEffect } from "react";

/** Where the keyboard was before a dialog or a menu took it. */
let before: HTMLElement | null = null;

document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLElement && !target.closest('[role="dialog"], [role="menu"]')) before = target;
});

/** Gives the focus back when the dialog that calls this goes; to the page, when what had it is gone too. */
export function useFocusReturn() {
  useEffect(
    () => () => {
      if (document.activeElement !== document.body) return;
      const place = before?.isConnected ? before : document.getElementById("content");
      place?.focus({ preventScroll: true });
    },
    [],
  );
}
