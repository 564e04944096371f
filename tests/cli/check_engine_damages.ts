// What may be wrong with voice engines' connections and what they delivered, likewise.

import {
  bytes,
  chargedDelivery,
  connection,
  dismissedDelivery,
  ids,
  MISSING,
  of,
  publicId,
  waitingDelivery,
  type Damage,
} from "./check_rows.ts";

const set = (values: string): string => `UPDATE engine_connections SET ${values} WHERE id = ${of(connection)}`;
const setDelivery = (row: typeof connection, values: string): string =>
  `UPDATE engine_deliveries SET ${values} WHERE id = ${of(row)}`;

export const engineDamages: Damage[] = [
  {
    what: "an engine that there is not",
    sql: set("engine = 'siri'"),
    breaks: ["engines_whole"],
    says: [ids.connection, "siri", "no such engine"],
  },
  {
    what: "an engine's tier that there is not",
    sql: set("tier = 2"),
    breaks: ["engines_whole"],
    says: [ids.connection, "no such tier"],
  },
  {
    what: "an engine of one's own without a mapping",
    sql: set("engine = 'generic'"),
    breaks: ["engines_whole"],
    says: [ids.connection, "no mapping"],
  },
  {
    what: "an engine that signs, without a secret",
    sql: set("engine = 'vapi'"),
    breaks: ["engines_whole"],
    says: [ids.connection, "no secret"],
  },
  {
    what: "a removed connection that keeps its secret",
    sql: set(`removed_at = 1, secret_sealed = ${bytes("00".repeat(60))}`),
    breaks: ["engines_whole"],
    says: [ids.connection, "keeps its secret"],
  },
  {
    what: "an engine's calls for an account that there is not",
    sql: set(`fallback_id = ${MISSING}`),
    breaks: ["engines_whole"],
    says: [ids.connection, "falls back to"],
  },
  {
    what: "a rule for an account that there is not",
    sql: `UPDATE engine_rules SET subaccount_id = ${MISSING}`,
    breaks: ["engines_whole"],
    says: [ids.connection, "a rule of it"],
  },
  {
    what: "a rule of a connection that there is not",
    sql: `UPDATE engine_rules SET connection_id = ${MISSING}`,
    breaks: ["engines_whole"],
    says: [publicId("eng", MISSING), "it is not there"],
  },
  {
    what: "an engine's secret in clear",
    sql: set(`secret_sealed = ${bytes("6c616e7465726e73")}`),
    breaks: ["secrets_hashed"],
    says: ["engine_connections (secret)", ids.connection],
  },
  {
    what: "an engine's URL in clear",
    sql: set(`token_sealed = ${bytes("00".repeat(57))}`),
    breaks: ["secrets_hashed"],
    says: ["engine_connections (URL)", ids.connection],
  },
  {
    what: "an engine's URL that is no hash",
    sql: set(`token_hash = ${bytes("00")}`),
    breaks: ["secrets_hashed"],
    says: ["engine_connections", ids.connection],
  },
  {
    what: "a delivery in a state that there is not",
    sql: setDelivery(waitingDelivery, "state = 9"),
    breaks: ["deliveries_settled"],
    says: [ids.waitingDelivery, "no such state"],
  },
  {
    what: "a delivery of a connection that there is not",
    sql: setDelivery(waitingDelivery, `connection_id = ${MISSING}`),
    breaks: ["deliveries_settled"],
    says: [ids.waitingDelivery, "its connection is not there"],
  },
  {
    what: "a delivery that waits without what it said",
    sql: setDelivery(waitingDelivery, "payload = NULL"),
    breaks: ["deliveries_settled"],
    says: [ids.waitingDelivery, "without what it needs"],
  },
  {
    what: "a delivery whose call is not there",
    sql: setDelivery(chargedDelivery, `call_id = ${MISSING}`),
    breaks: ["deliveries_settled"],
    says: [ids.chargedDelivery, publicId("call", MISSING), "its call is not there"],
  },
  {
    what: "a charged delivery that keeps what it said",
    sql: setDelivery(chargedDelivery, "payload = '{}'"),
    breaks: ["deliveries_settled"],
    says: [ids.chargedDelivery, "keeps its payload"],
  },
  {
    what: "a delivery that nobody gave a reason to dismiss",
    sql: setDelivery(dismissedDelivery, "note = NULL"),
    breaks: ["deliveries_settled"],
    says: [ids.dismissedDelivery, "without a reason"],
  },
  {
    what: "a delivery that came less than never",
    sql: setDelivery(waitingDelivery, "repeats = -1"),
    breaks: ["deliveries_settled"],
    says: [ids.waitingDelivery, "less than never"],
  },
  {
    what: "two deliveries that charged one call",
    sql: setDelivery(
      waitingDelivery,
      `state = 1, payload = NULL, settled_at = 1, connection_id = ${of(connection)}, call_id = ${of(chargedDelivery, "call_id")}`,
    ),
    breaks: ["deliveries_settled"],
    says: [ids.waitingDelivery, "another one charged"],
  },
];
