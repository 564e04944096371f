// One intent of a person is carried out once, however often it is sent.
import { useState } from "react";

/** A random `Idempotency-Key`; made without crypto.randomUUID, which plain http does not have. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The headers of a POST: the same key while the body stays the same, a new one for another body. */
export function useIntent(): (body: unknown) => { "Idempotency-Key": string } {
  const [keys] = useState(() => new Map<string, string>());
  return (body) => {
    const text = JSON.stringify(body);
    const key = keys.get(text) ?? newKey();
    keys.set(text, key);
    return { "Idempotency-Key": key };
  };
}
