// What may be wrong with accounts, people, secrets, the audit trail and mail: the statement that makes it so, and what the
// check must say.

import { STAFF } from "../harness/platform.ts";
import {
  agency,
  bytes,
  event,
  harbor,
  ids,
  key,
  mail,
  MISSING,
  of,
  plain,
  publicId,
  session,
  settlement,
  user,
  type Damage,
} from "./check_rows.ts";
import { OWNER, secrets } from "./check_scene.ts";

export const peopleDamages: Damage[] = [
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
    breaks: ["one_primary", "calls_owned", "shares_posted"],
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
    what: "a plan that was never begun",
    sql: "DELETE FROM plan_starts",
    breaks: ["plans_begun"],
    says: [ids.agency, "partner_legacy", "was never begun"],
  },
  {
    what: "an ordered plan without its instant",
    sql: "UPDATE agencies SET next_plan_code = 'agency_lite'",
    breaks: ["plans_begun"],
    says: [ids.agency, "agency_lite", "is ordered for no instant"],
  },
  {
    what: "base prices from before they were ordered",
    sql: "UPDATE base_price_changes SET effective_at = created_at - 1",
    breaks: ["prices_ordered"],
    says: ["plan agency_lite", "premium 0.18"],
  },
  {
    what: "base prices that were canceled by nobody",
    sql: "UPDATE base_price_changes SET canceled_at = created_at",
    breaks: ["prices_ordered"],
    says: ["plan agency_lite", "premium 0.18"],
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
];
