#include "store/subaccounts.h"

/* A row as the store has it: dates as text. */
struct subaccount_row {
    struct subaccount account;
    struct str billing_anchor;
};

/* clang-format off */
static const struct field subaccount_columns[] = {
    FIELD_ID(struct subaccount_row, account.agency_id, ID_AGENCY),
    FIELD_ID(struct subaccount_row, account.id, ID_SUBACCOUNT),
    FIELD_NAME(struct subaccount_row, account.kind, subaccount_kind_names),
    FIELD_NAME(struct subaccount_row, account.status, subaccount_status_names),
    FIELD_TEXT(struct subaccount_row, account.name),
    FIELD_TEXT(struct subaccount_row, account.email),
    FIELD_TEXT(struct subaccount_row, account.reference),
    FIELD_TEXT(struct subaccount_row, account.timezone),
    FIELD_TEXT(struct subaccount_row, account.suspension_note),
    FIELD_INSTANT(struct subaccount_row, account.suspended_at),
    FIELD_TEXT(struct subaccount_row, billing_anchor),
    FIELD_INTEGER(struct subaccount_row, account.concurrency_limit),
    FIELD_INSTANT(struct subaccount_row, account.created_at),
    FIELD_INSTANT(struct subaccount_row, account.removed_at),
    FIELD_END,
};
/* clang-format on */

/* Which other account stands in the way of these values. The agency's row is locked by whoever writes accounts
   (agency_next_version), so nobody can come between the look and the write. */
static bool check_unique(struct tx *tx, const struct subaccount *account, struct str key)
{
    int64_t taken;

    if (!db_find_int(
            tx,
            "SELECT COUNT(*) FROM subaccounts WHERE agency_id = $1 AND email_key = $2 AND id <> $3"
            " AND status <> 'removed'" /* subaccounts_email */,
            ARGS(db_int(account->agency_id), db_text(key), db_int(account->id)), 0, &taken))
        return false;
    if (taken > 0)
        return fail(tx->problem, REASON_EMAIL_TAKEN, "email",
                    "Another sub-account of this agency already signs in with this email.");
    if (str_is_absent(account->reference)) return true;
    if (!db_find_int(
            tx,
            "SELECT COUNT(*) FROM subaccounts WHERE agency_id = $1 AND reference = $2 AND id <> $3"
            /* subaccounts_reference */,
            ARGS(db_int(account->agency_id), db_text(account->reference), db_int(account->id)), 0,
            &taken))
        return false;
    return taken == 0
        || fail(tx->problem, REASON_REFERENCE_TAKEN, "reference",
                "Another sub-account of this agency already has this reference.");
}

/* The two keys by which accounts are compared and sorted. */
static bool keys_of(struct tx *tx, const struct subaccount *account, struct str *name_key,
                    struct str *mail_key)
{
    *name_key = str_fold(tx->arena, account->name);
    if (!email_key(tx->arena, account->email, mail_key))
        return fail_field_as(tx->problem, REASON_BAD_EMAIL, STR("email"));
    return check_unique(tx, account, *mail_key);
}

bool subaccount_insert(struct tx *tx, const struct subaccount *account, int64_t version)
{
    struct str name_key, mail_key;

    tx_mark(tx, account->agency_id, account->id, CHANGED_STATE);
    return keys_of(tx, account, &name_key, &mail_key)
        && db_run(
               tx,
               "INSERT INTO subaccounts (agency_id, id, kind, status, name, name_key, email, email_key, reference,"
               " timezone, billing_anchor, version, created_at)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
               ARGS(db_int(account->agency_id), db_int(account->id),
                    db_text(str_from_c(subaccount_kind_names[account->kind])),
                    db_text(str_from_c(subaccount_status_names[account->status])),
                    db_text(account->name), db_text(name_key), db_text(account->email),
                    db_text(mail_key), db_text(account->reference), db_text(account->timezone),
                    db_text(date_format(tx->arena, account->billing_anchor)), db_int(version),
                    db_instant(account->created_at)),
               NULL);
}

bool subaccount_update(struct tx *tx, const struct subaccount *account, int64_t version)
{
    struct str name_key, mail_key;

    tx_mark(tx, account->agency_id, account->id, CHANGED_STATE);
    return keys_of(tx, account, &name_key, &mail_key)
        && db_change_one(
               tx,
               "UPDATE subaccounts SET name = $3, name_key = $4, email = $5, email_key = $6,"
               " reference = $7, timezone = $8, version = $9, concurrency_limit = $10"
               " WHERE agency_id = $1 AND id = $2",
               ARGS(db_int(account->agency_id), db_int(account->id), db_text(account->name),
                    db_text(name_key), db_text(account->email), db_text(mail_key),
                    db_text(account->reference), db_text(account->timezone), db_int(version),
                    db_limit(account->concurrency_limit)));
}

bool subaccount_stamp(struct tx *tx, id64_t agency, id64_t id, int64_t version)
{
    tx_mark(tx, agency, id, CHANGED_STATE);
    return db_change_one(tx, "UPDATE subaccounts SET version = $3 WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(agency), db_int(id), db_int(version)));
}

bool subaccount_set_status(struct tx *tx, const struct subaccount *account, int64_t version)
{
    tx_mark(tx, account->agency_id, account->id, CHANGED_STATE);
    return db_change_one(tx,
                         "UPDATE subaccounts SET status = $3, suspension_note = $4,"
                         " suspended_at = $5, removed_at = $6, version = $7"
                         " WHERE agency_id = $1 AND id = $2",
                         ARGS(db_int(account->agency_id), db_int(account->id),
                              db_text(str_from_c(subaccount_status_names[account->status])),
                              db_text(account->suspension_note), db_instant(account->suspended_at),
                              db_instant(account->removed_at), db_int(version)));
}

bool subaccount_find(struct tx *tx, id64_t agency, id64_t id, struct subaccount *out, bool *found)
{
    struct subaccount_row row;

    if (!db_find(
            tx,
            "SELECT agency_id, id, kind, status, name, email, reference, timezone, suspension_note,"
            " suspended_at, billing_anchor, COALESCE(concurrency_limit, 0), created_at, removed_at FROM subaccounts"
            " WHERE agency_id = $1 AND id = $2",
            ARGS(db_int(agency), db_int(id)), subaccount_columns, &row, found))
        return false;
    if (!*found) return true;
    *out = row.account;
    if (!date_parse(row.billing_anchor, &out->billing_anchor))
        return fail(tx->problem, REASON_INTERNAL, NULL,
                    "a sub-account's billing anchor is no date");
    return true;
}

bool subaccount_load(struct tx *tx, id64_t agency, id64_t id, struct subaccount *out)
{
    bool found;

    return subaccount_find(tx, agency, id, out, &found)
        && (found || fail_as(tx->problem, REASON_NOT_FOUND, NULL));
}

bool subaccount_exists(struct tx *tx, id64_t agency, id64_t id, bool *exists)
{
    int64_t count;

    if (!db_find_int(tx, "SELECT COUNT(*) FROM subaccounts WHERE agency_id = $1 AND id = $2",
                     ARGS(db_int(agency), db_int(id)), 0, &count))
        return false;
    *exists = count > 0;
    return true;
}

bool subaccounts_count_secondaries(struct tx *tx, id64_t agency, int64_t *not_removed,
                                   int64_t *suspended)
{
    struct db_rows rows;

    *not_removed = *suspended = 0;
    if (!db_query(
            tx, &rows,
            "SELECT COUNT(*), SUM(CASE WHEN status = 'suspended' THEN 1 ELSE 0 END) FROM subaccounts"
            " WHERE agency_id = $1 AND kind = 'secondary' AND status <> 'removed'",
            ARGS(db_int(agency))))
        return false;
    if (db_next(&rows)) {
        *not_removed = row_int(&rows, 0);
        *suspended = row_int(&rows, 1);
    }
    return db_done(&rows);
}
