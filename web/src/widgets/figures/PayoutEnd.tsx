// How a payout ended: when, and why if it failed.
import type { Schemas } from "../../api/client";
import { Nothing, TimeText } from "./figures";

export function PayoutSettled({ at }: { at: Schemas["Payout"]["settled_at"] }) {
  return at === null ? <Nothing label="not yet" /> : <TimeText at={at} />;
}

export function PayoutFailure({ why }: { why: Schemas["Payout"]["failure"] }) {
  return why === null ? <Nothing label="it did not" /> : <span title={why}>{why}</span>;
}
