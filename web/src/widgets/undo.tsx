// What was done, and for some seconds the way back: by its button, or by Ctrl+Z from wherever the keyboard is.
import { Button, Group, Kbd, Text, VisuallyHidden } from "@mantine/core";
import { useHotkeys, useOs } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef, useState, type FocusEvent } from "react";
import { errorText } from "./states/states";
import { useNarrow } from "./useNarrow";

const OFFERED_MS = 8_000;

interface Undoable {
  message: string;
  /** Takes it back; answers what to say then, or null when that is said elsewhere. */
  undo: () => Promise<string | null>;
}

let offered: string | null = null;

/** One at a time: Ctrl+Z takes back what was done last. */
export function offerUndo(undoable: Undoable) {
  if (offered !== null) notifications.hide(offered);
  const id: string = notifications.show({
    autoClose: false,
    message: <Offer {...undoable} onEnd={() => notifications.hide(id)} />,
    onClose: () => {
      if (offered === id) offered = null;
    },
  });
  offered = id;
}

function Offer({ message, undo, onEnd }: Undoable & { onEnd: () => void }) {
  const mac = ["macos", "ios"].includes(useOs());
  const narrow = useNarrow();
  const [busy, setBusy] = useState(false);
  const [held, setHeld] = useState(false);
  const started = useRef(false);
  const place = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<HTMLElement | null>(null);
  const end = useRef(onEnd);
  useEffect(() => {
    if (held || busy) return;
    const timer = setTimeout(() => end.current(), OFFERED_MS);
    return () => clearTimeout(timer);
  }, [held, busy]);
  const giveFocusBack = () => {
    const target = cameFrom.current?.isConnected ? cameFrom.current : document.getElementById("content");
    target?.focus({ preventScroll: true });
  };
  const start = () => {
    if (started.current) return;
    started.current = true;
    const hadFocus = place.current?.contains(document.activeElement) ?? false;
    setBusy(true);
    undo()
      .then((said) => said !== null && notifications.show({ message: said }))
      .catch((error: unknown) =>
        notifications.show({ color: "red", title: "It could not be undone", message: errorText(error) }),
      )
      .finally(() => {
        if (hadFocus) giveFocusBack();
        onEnd();
      });
  };
  useHotkeys([["mod+Z", start]]);
  const enter = ({ relatedTarget }: FocusEvent<HTMLDivElement>) => {
    setHeld(true);
    if (relatedTarget instanceof HTMLElement && !place.current?.contains(relatedTarget))
      cameFrom.current = relatedTarget;
  };
  return (
    <Group
      ref={place}
      justify="space-between"
      wrap="nowrap"
      gap="sm"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={enter}
      onBlur={() => setHeld(false)}
    >
      <Text inherit c="var(--mantine-color-text)">
        {message}
      </Text>
      <Button
        variant="default"
        size="compact-sm"
        flex="none"
        loading={busy}
        onClick={start}
        aria-keyshortcuts={mac ? "Meta+Z" : "Control+Z"}
        rightSection={!narrow && <Kbd aria-hidden="true">{mac ? "⌘Z" : "Ctrl Z"}</Kbd>}
      >
        Undo
        <VisuallyHidden>, or press {mac ? "Command" : "Control"} Z</VisuallyHidden>
      </Button>
    </Group>
  );
}
