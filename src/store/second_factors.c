#include "store/second_factors.h"

#include "store/principals.h"

bool user_totp_find(struct tx *tx, id64_t agency, id64_t user, struct user_totp *out, bool *found)
{
    struct db_rows rows;

    if (!db_query(tx, &rows,
                  "SELECT sealed, last_step, pending_sealed, pending_at FROM user_totp"
                  " WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(agency), db_int(user))))
        return false;
    *found = db_next(&rows);
    if (*found)
        *out = (struct user_totp){
            .sealed = row_bytes(&rows, 0),
            .last_step = row_int(&rows, 1),
            .pending_sealed = row_bytes(&rows, 2),
            .pending_at = row_instant(&rows, 3),
        };
    return db_done(&rows);
}

bool user_totp_any(struct tx *tx, bool *out)
{
    int64_t one;

    if (!db_find_int(tx, "SELECT 1 FROM user_totp LIMIT 1", NO_ARGS, 0, &one)) return false;
    *out = one == 1;
    return true;
}

bool user_totp_delete_pending(struct tx *tx)
{
    return db_run(tx, "DELETE FROM user_totp WHERE sealed IS NULL", NO_ARGS, NULL)
        && db_run(tx,
                  "UPDATE user_totp SET pending_sealed = NULL, pending_at = NULL"
                  " WHERE pending_sealed IS NOT NULL",
                  NO_ARGS, NULL);
}

bool user_totp_set_pending(struct tx *tx, id64_t agency, id64_t user, struct bytes sealed)
{
    return db_run(
        tx,
        "INSERT INTO user_totp (agency_id, user_id, last_step, pending_sealed, pending_at)"
        " VALUES ($1, $2, 0, $3, $4) ON CONFLICT (agency_id, user_id) DO UPDATE"
        " SET pending_sealed = excluded.pending_sealed, pending_at = excluded.pending_at",
        ARGS(db_int(agency), db_int(user), db_bytes(sealed), db_instant(tx->now)), NULL);
}

bool user_totp_confirm(struct tx *tx, id64_t agency, id64_t user, int64_t step)
{
    return db_change_one(tx,
                         "UPDATE user_totp SET sealed = pending_sealed, last_step = $3,"
                         " pending_sealed = NULL, pending_at = NULL"
                         " WHERE agency_id = $1 AND user_id = $2 AND pending_sealed IS NOT NULL",
                         ARGS(db_int(agency), db_int(user), db_int(step)))
        && principal_set_two_factor(tx, agency, user, tx->now);
}

bool user_totp_take_step(struct tx *tx, id64_t agency, id64_t user, int64_t step, bool *taken)
{
    int64_t changed;

    if (!db_run(tx,
                "UPDATE user_totp SET last_step = $3"
                " WHERE agency_id = $1 AND user_id = $2 AND last_step < $3",
                ARGS(db_int(agency), db_int(user), db_int(step)), &changed))
        return false;
    *taken = changed == 1;
    return true;
}

static bool delete_codes(struct tx *tx, id64_t agency, id64_t user)
{
    return db_run(tx, "DELETE FROM recovery_codes WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(agency), db_int(user)), NULL);
}

bool second_factor_forget(struct tx *tx, id64_t agency, id64_t user)
{
    return delete_codes(tx, agency, user)
        && db_run(tx, "DELETE FROM user_totp WHERE agency_id = $1 AND user_id = $2",
                  ARGS(db_int(agency), db_int(user)), NULL);
}

bool second_factor_delete(struct tx *tx, id64_t agency, id64_t user)
{
    return second_factor_forget(tx, agency, user)
        && principal_set_two_factor(tx, agency, user, INSTANT_NONE);
}

bool recovery_codes_replace(struct tx *tx, id64_t agency, id64_t user, const struct hash *hashes,
                            size_t n)
{
    if (!delete_codes(tx, agency, user)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!db_run(tx,
                    "INSERT INTO recovery_codes (agency_id, user_id, code_hash)"
                    " VALUES ($1, $2, $3)",
                    ARGS(db_int(agency), db_int(user), db_hash(hashes[i].at)), NULL))
            return false;
    }
    return true;
}

bool recovery_code_take(struct tx *tx, id64_t agency, id64_t user, const struct hash *hash,
                        bool *taken)
{
    int64_t changed;

    if (!db_run(tx,
                "DELETE FROM recovery_codes"
                " WHERE agency_id = $1 AND user_id = $2 AND code_hash = $3",
                ARGS(db_int(agency), db_int(user), db_hash(hash->at)), &changed))
        return false;
    *taken = changed == 1;
    return true;
}

bool recovery_codes_count(struct tx *tx, id64_t agency, id64_t user, int64_t *out)
{
    return db_find_int(tx,
                       "SELECT COUNT(*) FROM recovery_codes"
                       " WHERE agency_id = $1 AND user_id = $2" /* the key */,
                       ARGS(db_int(agency), db_int(user)), 0, out);
}
