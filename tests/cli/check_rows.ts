// The rows of the scene that damages are about, and how a damage is told.

import { storeKind, type Row } from "../harness/store.ts";
import { one } from "./check_scene.ts";

/** The public form of an id (base/id.h). */
export function publicId(prefix: string, id: unknown): string {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let rest = id as bigint;
  let text = "";
  for (let i = 0; i < 13; i += 1, rest /= 32n) text = (digits[Number(rest % 32n)] ?? "") + text;
  return `${prefix}_${text}`;
}

export const agency = await one("SELECT id, primary_id FROM agencies");
export const harbor = await one("SELECT id FROM subaccounts WHERE name = 'Harbor Dental'");
export const plain = await one("SELECT id FROM subaccounts WHERE name = 'Plain Plumbing'");
export const user = await one("SELECT id FROM users");
export const key = await one("SELECT id FROM api_keys");
export const session = await one("SELECT id FROM sessions");
export const staff = await one("SELECT id FROM platform_users");
export const staffSession = await one("SELECT id FROM platform_sessions");
export const settlement = await one("SELECT id FROM ledger_postings WHERE kind = 3");
export const invitation = await one("SELECT id FROM invitations");
export const mail = await one("SELECT id FROM outbox ORDER BY id LIMIT 1");
export const event = await one("SELECT id FROM audit_events ORDER BY id DESC LIMIT 1");
export const grant = await one("SELECT id FROM ledger_postings WHERE kind = 2 AND reference_id IS NULL");
export const sale = await one(
  "SELECT id, posting_id, profit_micros FROM purchases WHERE profit_micros > 0 ORDER BY id LIMIT 1",
);
export const pending = await one("SELECT id FROM purchases WHERE state = 'pending' AND origin = 'direct'");
export const recharged = await one("SELECT id FROM purchases WHERE origin = 'auto_recharge'");
export const allocated = await one("SELECT id FROM purchases WHERE origin = 'auto_allocation'");
export const refund = await one("SELECT id, purchase_id, posting_id FROM refunds");
export const adjustment = await one("SELECT id FROM adjustments WHERE by_platform = 0");
export const platformGrant = await one("SELECT id FROM adjustments WHERE by_platform = 1");
export const card = await one("SELECT id FROM payment_methods WHERE is_default = 1");
export const charged = await one("SELECT id FROM purchases WHERE provider = 'test' AND state = 'succeeded'");
export const declined = await one("SELECT id FROM purchases WHERE provider = 'test' AND state = 'failed'");
export const move = await one("SELECT id, posting_id FROM minute_moves");
export const earned = await one("SELECT seq, posting_id FROM profit_changes WHERE seq = 2");
export const transfer = await one("SELECT id, posting_id FROM knowledge_transfers");
export const knowledgeGrant = await one("SELECT id FROM ledger_postings WHERE kind = 11");
export const removed = await one("SELECT id FROM subaccounts WHERE status = 'removed'");
export const lastCall = await one("SELECT id, posting_id FROM calls WHERE external_id = 'one more'");
export const openHold = await one("SELECT id, subaccount_id FROM reservations WHERE state = 0");
export const endedHold = await one("SELECT id, call_id FROM reservations WHERE state = 1");
export const release = await one("SELECT id FROM ledger_postings WHERE kind = 17");
export const renewal = await one("SELECT id FROM renewals WHERE cycle = 1");
export const share = await one("SELECT subaccount_id, posting_id FROM renewal_shares WHERE is_short = 0 LIMIT 1");
export const payout = await one("SELECT id, posting_id, return_posting_id FROM payouts");
export const job = await one("SELECT id FROM jobs WHERE kind = 'renewal'");
export const connection = await one("SELECT connection_id AS id FROM engine_deliveries WHERE state = 1");
export const waitingDelivery = await one("SELECT id FROM engine_deliveries WHERE state = 0");
export const chargedDelivery = await one("SELECT id, call_id FROM engine_deliveries WHERE state = 1");
export const dismissedDelivery = await one("SELECT id FROM engine_deliveries WHERE state = 3");
export const overdraft = await one(
  "SELECT posting_id FROM ledger_entries WHERE account = 1 AND balance < 0 ORDER BY posting_id LIMIT 1",
);

export const ids = {
  agency: publicId("agy", agency["id"]),
  primary: publicId("sub", agency["primary_id"]),
  harbor: publicId("sub", harbor["id"]),
  plain: publicId("sub", plain["id"]),
  user: publicId("usr", user["id"]),
  key: publicId("key", key["id"]),
  session: publicId("ses", session["id"]),
  staff: publicId("plt", staff["id"]),
  staffSession: publicId("ses", staffSession["id"]),
  settlement: publicId("pst", settlement["id"]),
  invitation: publicId("inv", invitation["id"]),
  mail: publicId("mail", mail["id"]),
  event: publicId("aud", event["id"]),
  grant: publicId("pst", grant["id"]),
  renewal: publicId("rnw", renewal["id"]),
  shareOf: publicId("sub", share["subaccount_id"]),
  payout: publicId("pay", payout["id"]),
  job: publicId("job", job["id"]),
  connection: publicId("eng", connection["id"]),
  waitingDelivery: publicId("unc", waitingDelivery["id"]),
  chargedDelivery: publicId("unc", chargedDelivery["id"]),
  dismissedDelivery: publicId("unc", dismissedDelivery["id"]),
  sale: publicId("pur", sale["id"]),
  pending: publicId("pur", pending["id"]),
  recharged: publicId("pur", recharged["id"]),
  allocated: publicId("pur", allocated["id"]),
  card: publicId("pmt", card["id"]),
  charged: publicId("pur", charged["id"]),
  declined: publicId("pur", declined["id"]),
  refund: publicId("ref", refund["id"]),
  refunded: publicId("pur", refund["purchase_id"]),
  adjustment: publicId("adj", adjustment["id"]),
  platformGrant: publicId("adj", platformGrant["id"]),
  move: publicId("mov", move["id"]),
  transfer: publicId("kno", transfer["id"]),
  knowledgeGrant: publicId("pst", knowledgeGrant["id"]),
  removed: publicId("sub", removed["id"]),
  call: publicId("call", lastCall["id"]),
  openHold: publicId("rsv", openHold["id"]),
  endedHold: publicId("rsv", endedHold["id"]),
  release: publicId("pst", release["id"]),
};

export const MISSING = 12345n;
export const bytes = (hex: string): string => (storeKind() === "sqlite" ? `x'${hex}'` : `'\\x${hex}'::bytea`);
export const of = (row: Row, column = "id"): string => String(row[column]);

export interface Damage {
  what: string;
  sql: string;
  /** The first is what the damage is about; the others rest on the same figure. */
  breaks: [string, ...string[]];
  /** What the first one's rows must say. */
  says: string[];
  only?: "sqlite";
}
