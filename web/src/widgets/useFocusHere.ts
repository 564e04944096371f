import { useEffect, useRef } from "react";

/** Puts the keyboard into an input that appears as the next step of what one is doing. */
export function useFocusHere<Input extends HTMLElement = HTMLInputElement>() {
  const input = useRef<Input>(null);
  useEffect(() => input.current?.focus(), []);
  return input;
}
