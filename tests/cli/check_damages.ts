// What may be wrong with a store, one fault at a time: the statement that makes it so, and what the check must say.

import { STAFF } from "../harness/platform.ts";
import { storeKind, type Row } from "../harness/store.ts";
import { one, OWNER, secrets } from "./check_scene.ts";

/** The public form of an id (base/id.h). */
function publicId(prefix: string, id: unknown): string {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let rest = id as bigint;
  let text = "";
  for (let i = 0; i < 13; i += 1, rest /= 32n) text = (digits[Number(rest % 32n)] ?? "") + text;
  return `${prefix}_${text}`;
}

const agency = await one("SELECT id, primary_id FROM agencies");
const harbor = await one("SELECT id FROM subaccounts WHERE name = 'Harbor Dental'");
const plain = await one("SELECT id FROM subaccounts WHERE name = 'Plain Plumbing'");
const user = await one("SELECT id FROM users");
const key = await one("SELECT id FROM api_keys");
const session = await one("SELECT id FROM sessions");
const staff = await one("SELECT id FROM platform_users");
const staffSession = await one("SELECT id FROM platform_sessions");
const settlement = await one("SELECT id FROM ledger_postings WHERE kind = 3");
const invitation = await one("SELECT id FROM invitations");
const mail = await one("SELECT id FROM outbox ORDER BY id LIMIT 1");
const event = await one("SELECT id FROM audit_events ORDER BY id DESC LIMIT 1");
const grant = await one("SELECT id FROM ledger_postings WHERE kind = 2");
const sale = await one(
  "SELECT id, posting_id, profit_micros FROM purchases WHERE profit_micros > 0 ORDER BY id LIMIT 1",
);
const pending = await one("SELECT id FROM purchases WHERE state = 'pending'");
const move = await one("SELECT id, posting_id FROM minute_moves");
const lastCall = await one("SELECT id, posting_id FROM calls WHERE external_id = 'one more'");
const overdraft = await one(
  "SELECT posting_id FROM ledger_entries WHERE account = 1 AND balance < 0 ORDER BY posting_id LIMIT 1",
);

const ids = {
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
  sale: publicId("pur", sale["id"]),
  pending: publicId("pur", pending["id"]),
  move: publicId("mov", move["id"]),
  call: publicId("call", lastCall["id"]),
};

const MISSING = 12345n;
const bytes = (hex: string): string => (storeKind() === "sqlite" ? `x'${hex}'` : `'\\x${hex}'::bytea`);
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

export const damages: Damage[] = [
  {
    what: "an index that misses rows",
    sql:
      "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '<>', '=')" +
      " WHERE name = 'subaccounts_email'",
    breaks: ["file_sound"],
    says: ["subaccounts_email"],
    only: "sqlite",
  },
  {
    what: "no primary",
    sql: "UPDATE subaccounts SET kind = 'secondary'",
    breaks: ["one_primary"],
    says: [ids.agency, "primaries 0"],
  },
  {
    what: "another primary than the agency's",
    sql: `UPDATE agencies SET primary_id = ${of(plain)}`,
    breaks: ["one_primary", "calls_owned"],
    says: [ids.agency, ids.primary, ids.plain],
  },
  {
    what: "no owner",
    sql: "UPDATE users SET role = 'agency_admin'",
    breaks: ["one_owner"],
    says: [ids.agency, "owners 0"],
  },
  {
    what: "no base price of a tier",
    sql: `DELETE FROM price_points WHERE owner_id = ${of(agency)} AND tier = 1`,
    breaks: ["prices_present"],
    says: [ids.agency, "tier premium", "has no base price"],
  },
  {
    what: "no client price",
    sql: `DELETE FROM price_points WHERE owner_id = ${of(plain)} AND tier = 0`,
    breaks: ["prices_present"],
    says: [ids.plain, "tier basic", "has no client price"],
  },
  {
    what: "no increment",
    sql: "DELETE FROM increment_points",
    breaks: ["prices_present"],
    says: [ids.agency, "has no billing increment"],
  },
  {
    what: "a zone that there is not",
    sql: "UPDATE agencies SET timezone = 'Europe/Atlantis'",
    breaks: ["zones_known", "periods_are_cycles"],
    says: [ids.agency, "Europe/Atlantis"],
  },
  {
    what: "a name under another key",
    sql: `UPDATE subaccounts SET name_key = 'harbour' WHERE id = ${of(harbor)}`,
    breaks: ["subaccount_keys"],
    says: [ids.harbor, "Harbor Dental", "harbour"],
  },
  {
    what: "an email under another key",
    sql: `UPDATE subaccounts SET email_key = 'x@client.example' WHERE id = ${of(harbor)}`,
    breaks: ["subaccount_keys"],
    says: [ids.harbor, "x@client.example"],
  },
  {
    what: "a user without an address",
    sql: "DELETE FROM user_emails",
    breaks: ["addresses_sign_in"],
    says: [ids.user, "signs nobody in"],
  },
  {
    what: "an address without a user",
    sql: `INSERT INTO user_emails (email_key, agency_id, user_id) VALUES ('b@c.example', ${of(agency)}, ${MISSING})`,
    breaks: ["addresses_sign_in"],
    says: ["b@c.example", publicId("usr", MISSING)],
  },
  {
    what: "an address under another's key",
    sql: "UPDATE user_emails SET email_key = 'someone@else.example' WHERE agency_id <> 0",
    breaks: ["address_keys"],
    says: [ids.user, OWNER.email, "someone@else.example"],
  },
  {
    what: "a grant out of the agency",
    sql: `INSERT INTO user_grants (agency_id, user_id, subaccount_id) VALUES (${of(agency)}, ${of(user)}, ${MISSING})`,
    breaks: ["grants_inside"],
    says: [ids.user, publicId("sub", MISSING)],
  },
  {
    what: "a session of nobody",
    sql: `UPDATE sessions SET user_id = ${MISSING} WHERE id = ${of(session)}`,
    breaks: ["references_exist"],
    says: ["sessions", ids.session, "names no user"],
  },
  {
    what: "a key for an account that there is not",
    sql: `UPDATE api_keys SET subaccount_id = ${MISSING}`,
    breaks: ["references_exist"],
    says: ["api_keys", ids.key, "names no sub-account"],
  },
  {
    what: "a password in clear",
    sql: `UPDATE users SET password_hash = '${OWNER.password}'`,
    breaks: ["passwords_hashed"],
    says: [ids.user],
  },
  {
    what: "a key that is no hash",
    sql: `UPDATE api_keys SET secret_hash = ${bytes(Buffer.from(secrets.key).toString("hex"))}`,
    breaks: ["secrets_hashed"],
    says: ["api_keys", ids.key, `bytes ${secrets.key.length}`],
  },
  {
    what: "a session that is no hash",
    sql: `UPDATE sessions SET token_hash = ${bytes("00ff")} WHERE id = ${of(session)}`,
    breaks: ["secrets_hashed"],
    says: ["sessions", ids.session, "bytes 2"],
  },
  {
    what: "a key in a stored reply",
    sql: `UPDATE idempotency_keys SET reply = '{"secret":"${secrets.key}"}'`,
    breaks: ["no_secret_in_clear"],
    says: ["idempotency_keys", "reply"],
  },
  {
    what: "a session in the audit trail",
    sql: `UPDATE audit_events SET after_json = '{"cookie":"${secrets.cookie}"}' WHERE id = ${of(event)}`,
    breaks: ["no_secret_in_clear", "audit_chain"],
    says: ["audit_events", "after_json", ids.event],
  },
  {
    what: "an audit event that was changed",
    sql: `UPDATE audit_events SET actor_name = 'Nobody' WHERE id = ${of(event)}`,
    breaks: ["audit_chain"],
    says: [ids.event, "is not what was written"],
  },
  {
    what: "an audit event taken out of the middle",
    sql: "DELETE FROM audit_events WHERE seq = 3",
    breaks: ["audit_chain", "audit_end"],
    says: ["number 4", "the event before it is missing"],
  },
  {
    what: "the last audit event cut off",
    sql: `DELETE FROM audit_events WHERE id = ${of(event)}`,
    breaks: ["audit_end"],
    says: [ids.agency, "its end is another"],
  },
  {
    what: "an end of the audit trail that is not kept",
    sql: "DELETE FROM audit_heads",
    breaks: ["audit_end"],
    says: [ids.agency, "its end is not kept"],
  },
  {
    what: "an invitation's link that is no hash",
    sql: `UPDATE invitations SET token_hash = ${bytes("00ff")}`,
    breaks: ["secrets_hashed"],
    says: ["invitations", ids.invitation, "bytes 2"],
  },
  {
    what: "a recovery code that is no hash, and of nobody who needs it",
    sql: `INSERT INTO recovery_codes (agency_id, user_id, code_hash) SELECT agency_id, id, ${bytes("00ff")} FROM users`,
    breaks: ["secrets_hashed", "second_factors_whole"],
    says: ["recovery_codes", ids.user, "bytes 2"],
  },
  {
    what: "a recovery code of nobody",
    sql: `INSERT INTO recovery_codes (agency_id, user_id, code_hash) VALUES (0, 77, ${bytes("00".repeat(32))})`,
    breaks: ["second_factors_whole"],
    says: ["has recovery codes for nothing"],
  },
  {
    what: "a second factor of somebody who is gone",
    sql: "INSERT INTO user_totp (agency_id, user_id, last_step) VALUES (0, 77, 0)",
    breaks: ["second_factors_whole"],
    says: ["has a second factor that is not asked for"],
  },
  {
    what: "a platform admin's recovery code that is no hash",
    sql: `INSERT INTO recovery_codes (agency_id, user_id, code_hash) SELECT 0, id, ${bytes("00ff")} FROM platform_users`,
    breaks: ["secrets_hashed", "second_factors_whole"],
    says: ["recovery_codes", ids.staff, "bytes 2"],
  },
  {
    what: "a platform admin's secret that is not sealed",
    sql:
      "INSERT INTO user_totp (agency_id, user_id, last_step, pending_sealed, pending_at)" +
      ` SELECT 0, id, 0, ${bytes("00ff")}, 1 FROM platform_users`,
    breaks: ["secrets_hashed"],
    says: ["user_totp (pending)", ids.staff, "bytes 2"],
  },
  {
    what: "a code that is asked of a platform admin and nobody can check",
    sql: "UPDATE platform_users SET two_factor_at = 1",
    breaks: ["second_factors_whole"],
    says: [ids.staff, "is asked for a code that nobody can check"],
  },
  {
    what: "a link by mail that is no hash",
    sql:
      "INSERT INTO user_links (agency_id, user_id, purpose, asked_at, token_hash, expires_at)" +
      ` SELECT agency_id, id, 'reset_password', 1, ${bytes("00ff")}, 2 FROM users`,
    breaks: ["secrets_hashed"],
    says: ["user_links", ids.user, "bytes 2"],
  },
  {
    what: "an authenticator's secret that is not sealed",
    sql:
      "INSERT INTO user_totp (agency_id, user_id, last_step, pending_sealed, pending_at)" +
      ` SELECT agency_id, id, 0, ${bytes("00ff")}, 1 FROM users`,
    breaks: ["secrets_hashed"],
    says: ["user_totp (pending)", ids.user, "bytes 2"],
  },
  {
    what: "a code that is asked for and nobody can check",
    sql: "UPDATE users SET two_factor_at = 1",
    breaks: ["second_factors_whole"],
    says: [ids.user, "is asked for a code that nobody can check"],
  },
  {
    what: "an invitation that is settled and pending",
    sql: "UPDATE invitations SET settled_at = 1",
    breaks: ["invitations_whole"],
    says: [ids.invitation, "has a settled time and is pending"],
  },
  {
    what: "an invitation of a client that names no sub-account",
    sql: "DELETE FROM invitation_grants",
    breaks: ["invitations_whole"],
    says: [ids.invitation, "names no sub-account"],
  },
  {
    what: "a mail that is settled and waits",
    sql: `UPDATE outbox SET settled_at = 1 WHERE id = ${of(mail)}`,
    breaks: ["mails_whole"],
    says: [ids.mail, "has a settled time and waits"],
  },
  {
    what: "a mail to nobody",
    sql: `UPDATE outbox SET user_id = NULL, address = NULL, about_id = NULL WHERE id = ${of(mail)}`,
    breaks: ["mails_whole"],
    says: [ids.mail, "goes to nobody"],
  },
  {
    what: "a mail that was given up for nothing",
    sql: `UPDATE outbox SET state = 'failed', settled_at = 1, last_error = NULL WHERE id = ${of(mail)}`,
    breaks: ["mails_whole"],
    says: [ids.mail, "was given up without a reason"],
  },
  {
    what: "a mail that was sent untried",
    sql: `UPDATE outbox SET state = 'done', settled_at = 1, tries = 0 WHERE id = ${of(mail)}`,
    breaks: ["mails_whole"],
    says: [ids.mail, "was sent without a try"],
  },
  {
    what: "a link in a mail server's answer",
    sql: `UPDATE outbox SET last_error = '554 spam: accept#token=${secrets.key.slice(-43)}' WHERE id = ${of(mail)}`,
    breaks: ["no_secret_in_clear"],
    says: ["outbox", "last_error", ids.mail],
  },
  {
    what: "a platform admin whose address signs nobody in",
    sql: "DELETE FROM user_emails WHERE agency_id = 0",
    breaks: ["addresses_sign_in"],
    says: [ids.staff, STAFF.email, "it signs nobody in"],
  },
  {
    what: "an address of a platform admin that is not there",
    sql: "INSERT INTO user_emails (email_key, agency_id, user_id) VALUES ('gone@platform.example', 0, 77)",
    breaks: ["addresses_sign_in"],
    says: ["gone@platform.example", "is of a platform admin that is not there"],
  },
  {
    what: "a user who is a platform admin too",
    sql: `UPDATE platform_users SET id = ${of(user)}; UPDATE user_emails SET user_id = ${of(user)} WHERE agency_id = 0;
      UPDATE platform_sessions SET user_id = ${of(user)}; UPDATE ledger_postings SET user_id = ${of(user)} WHERE kind = 3`,
    breaks: ["addresses_sign_in"],
    says: [ids.user, "is of a user who is a platform admin too"],
  },
  {
    what: "a platform admin's address under another key",
    sql: "UPDATE user_emails SET email_key = 'other@platform.example' WHERE agency_id = 0",
    breaks: ["address_keys"],
    says: [STAFF.email, `its key is ${STAFF.email}`],
  },
  {
    what: "a platform admin's password in clear",
    sql: `UPDATE platform_users SET password_hash = '${STAFF.password}'`,
    breaks: ["passwords_hashed"],
    says: [ids.staff, "characters"],
  },
  {
    what: "a platform admin's session that is no hash",
    sql: `UPDATE platform_sessions SET token_hash = ${bytes("00ff")}`,
    breaks: ["secrets_hashed"],
    says: ["platform_sessions", ids.staffSession, "bytes 2"],
  },
  {
    what: "a session of a platform admin that is not there",
    sql: "UPDATE platform_sessions SET user_id = 77",
    breaks: ["references_exist"],
    says: ["platform_sessions", ids.staffSession, "names no platform admin"],
  },
  {
    what: "a session cookie in a platform admin's name",
    sql: `UPDATE platform_users SET name = '${secrets.cookie}'`,
    breaks: ["no_secret_in_clear"],
    says: ["platform_users", ids.staff],
  },
  {
    what: "a settlement that nobody of the platform recorded",
    sql: `UPDATE ledger_postings SET user_id = ${of(user)} WHERE id = ${of(settlement)}`,
    breaks: ["settlements_posted"],
    says: [ids.agency, ids.settlement, "cash -1.00", "credit 1.00"],
  },
  {
    what: "a settlement that took from the agency",
    sql: `UPDATE ledger_entries SET amount = -amount WHERE posting_id = ${of(settlement)}`,
    breaks: ["settlements_posted", "entries_in_sequence", "balances_are_sums"],
    says: [ids.settlement, "cash 1.00", "credit -1.00"],
  },
  {
    what: "a set-up token among the facts",
    sql: `INSERT INTO store_facts (name, value) VALUES ('setup_token', '${secrets.key.slice(-43)}')`,
    breaks: ["no_secret_in_clear"],
    says: ["store_facts", "setup_token"],
  },
  {
    what: "an entry of another amount",
    sql: `UPDATE ledger_entries SET amount = amount + 60 WHERE posting_id = ${of(grant)} AND account = 11`,
    breaks: ["postings_balance", "entries_in_sequence", "balances_are_sums"],
    says: [ids.agency, ids.grant, "unit premium_s", "sum 60 s"],
  },
  {
    what: "a posting without entries",
    sql:
      "INSERT INTO ledger_postings (agency_id, id, kind, subject_id, posted_at)" +
      ` VALUES (${of(agency)}, ${MISSING}, 2, ${of(harbor)}, 0)`,
    breaks: ["postings_whole"],
    says: [publicId("pst", MISSING), "has no entries"],
  },
  {
    what: "entries without a posting",
    sql: `DELETE FROM ledger_postings WHERE id = ${of(grant)}`,
    breaks: ["postings_whole"],
    says: [ids.grant, "has entries but is not there"],
  },
  {
    what: "a posting of a kind that there is not",
    sql: `UPDATE ledger_postings SET kind = 99 WHERE id = ${of(grant)}`,
    breaks: ["postings_known"],
    says: [ids.grant, "kind number 99"],
  },
  {
    what: "a posting about an account that there is not",
    sql: `UPDATE ledger_postings SET subject_id = ${MISSING} WHERE id = ${of(grant)}`,
    breaks: ["postings_known"],
    says: [ids.grant, publicId("sub", MISSING)],
  },
  {
    what: "a gap in an account's entries",
    sql: `UPDATE ledger_entries SET seq = 1001 WHERE posting_id = ${of(grant)} AND account = 1`,
    breaks: ["entries_in_sequence"],
    says: ["wallet.premium", ids.primary, "seq 1001"],
  },
  {
    what: "a balance that does not carry on",
    sql: `UPDATE ledger_entries SET balance = balance - 1 WHERE posting_id = ${of(lastCall, "posting_id")} AND account = 1`,
    breaks: ["entries_in_sequence"],
    says: ["wallet.premium", ids.harbor, publicId("pst", lastCall["posting_id"])],
  },
  {
    what: "a stored balance that is not the sum",
    sql: `UPDATE ledger_accounts SET balance = balance + 7 WHERE account = 1 AND owner_id = ${of(harbor)}`,
    breaks: ["balances_are_sums", "units_sum_to_zero"],
    says: [ids.harbor, "wallet.premium"],
  },
  {
    what: "an account that is not there",
    sql: `DELETE FROM ledger_accounts WHERE account = 1 AND owner_id = ${of(harbor)}`,
    breaks: ["balances_are_sums", "units_sum_to_zero"],
    says: [ids.harbor, "wallet.premium", "balance none"],
  },
  {
    what: "a count of entries that is another",
    sql: `UPDATE ledger_accounts SET entries = entries + 1 WHERE account = 1 AND owner_id = ${of(harbor)}`,
    breaks: ["balances_are_sums"],
    says: [ids.harbor, "wallet.premium"],
  },
  {
    what: "a unit that does not sum to zero",
    sql: "UPDATE ledger_accounts SET balance = balance + 1250000 WHERE account = 17",
    breaks: ["units_sum_to_zero", "balances_are_sums"],
    says: [ids.agency, "unit usd", "sum 1.25 USD"],
  },
  {
    what: "an agency's account of somebody else",
    sql: `UPDATE ledger_accounts SET owner_id = ${of(harbor)} WHERE account = 8; UPDATE ledger_entries SET owner_id = ${of(harbor)} WHERE account = 8`,
    breaks: ["owners_fit"],
    says: ["account credit", ids.harbor],
  },
  {
    what: "calls that add minutes",
    sql: `UPDATE ledger_postings SET kind = 0 WHERE id = ${of(grant)}`,
    breaks: ["wallet_ways", "postings_charge_calls", "wallets_charge_calls"],
    says: [ids.primary, "wallet.premium", "kind calls", ids.grant],
  },
  {
    what: "a settlement that gives minutes",
    sql: `UPDATE ledger_postings SET kind = 3, user_id = ${of(staff)} WHERE id = ${of(grant)}`,
    breaks: ["wallet_ways", "settlements_posted"],
    says: [ids.primary, "wallet.premium", "kind settlement", ids.grant],
  },
  {
    what: "a wallet below zero by something else than calls",
    sql: `UPDATE ledger_postings SET kind = 2 WHERE id = ${of(overdraft, "posting_id")}`,
    breaks: ["overdrafts", "wallet_ways", "postings_charge_calls", "wallets_charge_calls"],
    says: [ids.plain, "wallet.premium", "kind plan_grant", publicId("pst", overdraft["posting_id"])],
  },
  {
    what: "held minutes below zero",
    sql:
      "INSERT INTO ledger_accounts (agency_id, account, owner_id, balance, entries, posted_at)" +
      ` VALUES (${of(agency)}, 2, ${of(harbor)}, -5, 0, 0)`,
    breaks: ["held_not_negative", "balances_are_sums", "units_sum_to_zero"],
    says: [ids.harbor, "held.basic", "balance -5 s"],
  },
  {
    what: "another profit than was posted",
    sql: `UPDATE purchases SET profit_micros = profit_micros + 1 WHERE id = ${of(sale)}`,
    breaks: ["purchases_posted"],
    says: [ids.sale, publicId("pst", sale["posting_id"])],
  },
  {
    what: "a purchase that posted nothing",
    sql: `UPDATE purchases SET posting_id = NULL WHERE id = ${of(sale)}`,
    breaks: ["purchases_posted"],
    says: [ids.sale],
  },
  {
    what: "a purchase of other minutes",
    sql: `UPDATE ledger_entries SET posting_id = CASE posting_id WHEN ${of(sale, "posting_id")} THEN ${of(grant)} ELSE ${of(sale, "posting_id")} END WHERE posting_id IN (${of(sale, "posting_id")}, ${of(grant)}) AND account IN (1, 11)`,
    breaks: ["purchases_posted"],
    says: [ids.sale],
  },
  {
    what: "a suspension without a beginning",
    sql: `UPDATE subaccounts SET status = 'suspended' WHERE id = ${of(harbor)}`,
    breaks: ["statuses_whole"],
    says: [ids.harbor, "status suspended", "suspended none"],
  },
  {
    what: "an API key of an account that is gone",
    sql: `UPDATE api_keys SET subaccount_id = (SELECT id FROM subaccounts WHERE name = 'Gone Fishing') WHERE id = ${of(key)}`,
    breaks: ["removed_are_empty"],
    says: ["it still has an API key"],
  },
  {
    what: "a move of other minutes than were posted",
    sql: `UPDATE minute_moves SET sent_seconds = 120, received_seconds = 150, adjustment_micros = -80000`,
    breaks: ["moves_posted"],
    says: [ids.move, ids.harbor, ids.plain, "posted sent -60"],
  },
  {
    what: "a posted move that is gone",
    sql: `DELETE FROM minute_moves`,
    breaks: ["moves_posted"],
    says: [publicId("pst", move["posting_id"])],
  },
  {
    what: "a move that minted minutes",
    sql: `UPDATE minute_moves SET price_from_micros = 190000`,
    breaks: ["moves_kept_value"],
    says: [ids.move, "received 75"],
  },
  {
    what: "a move to an account that there is not",
    sql: `UPDATE minute_moves SET to_id = ${MISSING}`,
    breaks: ["references_exist", "moves_posted"],
    says: [ids.move, "names no sub-account"],
  },
  {
    what: "a posting before its time",
    sql: `UPDATE purchases SET posting_id = ${of(grant)} WHERE id = ${of(pending)}`,
    breaks: ["purchases_waiting"],
    says: [ids.pending, "state pending", ids.grant],
  },
  {
    what: "a purchase in a state that there is not",
    sql: `UPDATE purchases SET state = 'paid' WHERE id = ${of(pending)}`,
    breaks: ["purchases_waiting"],
    says: [ids.pending, "state paid"],
  },
  {
    what: "minutes for less than they cost",
    sql: `UPDATE purchases SET paid_micros = paid_micros - 10000 WHERE id = ${of(pending)}`,
    breaks: ["purchases_priced"],
    says: [ids.pending, "paid 12.33"],
  },
  {
    what: "a call answered before it started",
    sql: `UPDATE calls SET answered_at = started_at - 1 WHERE id = ${of(lastCall)}`,
    breaks: ["calls_consistent"],
    says: [ids.call, ids.harbor],
  },
  {
    what: "a call below base price",
    sql: `UPDATE calls SET base_price_micros = price_micros + 1 WHERE id = ${of(lastCall)}`,
    breaks: ["calls_consistent", "hours_are_calls", "periods_are_calls"],
    says: [ids.call, "price 0.20", "base price 0.200001"],
  },
  {
    what: "a call from nowhere",
    sql: `UPDATE calls SET source_id = 99 WHERE id = ${of(lastCall)}`,
    breaks: ["calls_owned"],
    says: [ids.call, "source 99"],
  },
  {
    what: "a call charged to somebody else",
    sql: `UPDATE calls SET charged_id = ${of(plain)} WHERE id = ${of(lastCall)}`,
    breaks: ["calls_owned", "postings_charge_calls", "wallets_charge_calls"],
    says: [ids.call, ids.harbor, ids.plain],
  },
  {
    what: "a call that is gone",
    sql: `DELETE FROM calls WHERE id = ${of(lastCall)}`,
    breaks: ["used_is_calls", "postings_charge_calls", "wallets_charge_calls", "hours_are_calls", "periods_are_calls"],
    says: [ids.agency, "tier premium"],
  },
  {
    what: "two calls that change their postings",
    sql: `UPDATE calls SET posting_id = ${of(overdraft, "posting_id")} WHERE id = ${of(lastCall)}`,
    breaks: ["postings_charge_calls"],
    says: [publicId("pst", lastCall["posting_id"]), ids.harbor, "taken from the wallet 60"],
  },
  {
    what: "wallets that calls charged otherwise",
    sql: `UPDATE calls SET charged_id = ${of(harbor)} WHERE external_id = 'late'`,
    breaks: ["wallets_charge_calls", "calls_owned", "postings_charge_calls"],
    says: [ids.harbor, "tier premium"],
  },
  {
    what: "an hour of nobody's calls",
    sql: `UPDATE usage_hours SET hour_at = 0 WHERE subaccount_id = ${of(harbor)} AND hour_at = (SELECT MIN(hour_at) FROM usage_hours)`,
    breaks: ["hours_are_calls"],
    says: [ids.harbor, "hour 1970-01-01T00:00:00Z"],
  },
  {
    what: "a period that ends too late",
    sql: `UPDATE usage_periods SET end_at = end_at + 1000000 WHERE subaccount_id = ${of(harbor)}`,
    breaks: ["periods_are_cycles"],
    says: [ids.harbor, "America/St_Johns", "the cycle is from"],
  },
  {
    what: "no period",
    sql: `DELETE FROM usage_periods WHERE subaccount_id = ${of(harbor)}`,
    breaks: ["periods_are_calls"],
    says: [ids.harbor, "period from none"],
  },
];
