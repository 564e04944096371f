#include "store/invitations.h"

/* clang-format off */
static const struct field invitation_columns[] = {
    FIELD_ID(struct invitation, agency_id, ID_AGENCY),
    FIELD_ID(struct invitation, id, ID_INVITATION),
    FIELD_TEXT(struct invitation, email),
    FIELD_TEXT(struct invitation, email_key),
    FIELD_NAME(struct invitation, role, role_names),
    FIELD_NAME(struct invitation, state, invitation_state_names),
    FIELD_BOOLEAN(struct invitation, reaches_all),
    FIELD_ID(struct invitation, invited_by, ID_USER),
    FIELD_INSTANT(struct invitation, created_at),
    FIELD_INSTANT(struct invitation, sent_at),
    FIELD_INSTANT(struct invitation, expires_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_INVITATION                                                                       \
    "SELECT agency_id, id, email, email_key, role, state, reaches_all, invited_by, created_at," \
    " sent_at, expires_at FROM invitations"

static bool insert_grants(struct tx *tx, const struct invitation *invitation,
                          const id64_t *subaccounts, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql = "INSERT INTO invitation_grants (agency_id, invitation_id, subaccount_id)"
                   " VALUES ($2, $3, $1) ON CONFLICT DO NOTHING",
        .set_sql = "INSERT INTO invitation_grants (agency_id, invitation_id, subaccount_id)"
                   " SELECT $2::bigint, $3::bigint, u.id FROM unnest($1::bigint[]) AS u (id)"
                   " ON CONFLICT DO NOTHING",
    };
    const struct db_column columns[] = { { .numbers = subaccounts } };

    return n == 0
        || db_bulk_run(tx, &insert, columns, COUNT_OF(columns), n,
                       ARGS(db_int(invitation->agency_id), db_int(invitation->id)), NULL, NULL);
}

bool invitation_insert(struct tx *tx, const struct invitation *invitation,
                       const struct hash *token_hash, const id64_t *subaccounts, size_t n)
{
    int64_t inserted;

    if (!db_run(
            tx,
            "INSERT INTO invitations (agency_id, id, email, email_key, role, reaches_all, state,"
            " token_hash, invited_by, created_at, sent_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $9, $10)"
            " ON CONFLICT DO NOTHING" /* invitations_pending */,
            ARGS(db_int(invitation->agency_id), db_int(invitation->id), db_text(invitation->email),
                 db_text(invitation->email_key), db_text(str_from_c(role_names[invitation->role])),
                 db_bool(invitation->reaches_all), db_hash(token_hash->at),
                 db_int(invitation->invited_by), db_int(invitation->created_at),
                 db_int(invitation->expires_at)),
            &inserted))
        return false;
    if (inserted == 0)
        return fail(tx->problem, REASON_EMAIL_TAKEN, "email",
                    "This person was invited already. Send that invitation again instead.");
    return insert_grants(tx, invitation, subaccounts, n);
}

bool invitation_load(struct tx *tx, id64_t agency, id64_t id, struct invitation *out)
{
    return db_find(tx, SELECT_INVITATION " WHERE agency_id = $1 AND id = $2",
                   ARGS(db_int(agency), db_int(id)), invitation_columns, out, NULL);
}

bool invitation_find(struct tx *tx, const struct hash *token_hash, struct invitation *out,
                     bool *found)
{
    return db_find(tx, SELECT_INVITATION " WHERE token_hash = $1" /* invitations_token */,
                   ARGS(db_hash(token_hash->at)), invitation_columns, out, found);
}

bool invitation_renew(struct tx *tx, const struct invitation *invitation,
                      const struct hash *token_hash)
{
    int64_t changed;

    if (!db_run(tx,
                "UPDATE invitations SET token_hash = $3, sent_at = $4, expires_at = $5"
                " WHERE agency_id = $1 AND id = $2 AND state = 'pending'",
                ARGS(db_int(invitation->agency_id), db_int(invitation->id), db_hash(token_hash->at),
                     db_int(invitation->sent_at), db_int(invitation->expires_at)),
                &changed))
        return false;
    return changed == 1 || fail_as(tx->problem, REASON_INVITATION_SETTLED, NULL);
}

bool invitation_settle(struct tx *tx, const struct invitation *invitation,
                       enum invitation_state state)
{
    int64_t changed;

    if (!db_run(tx,
                "UPDATE invitations SET state = $3, settled_at = $4"
                " WHERE agency_id = $1 AND id = $2 AND state = 'pending'",
                ARGS(db_int(invitation->agency_id), db_int(invitation->id),
                     db_text(str_from_c(invitation_state_names[state])), db_int(tx->now)),
                &changed))
        return false;
    return changed == 1 || fail_as(tx->problem, REASON_INVITATION_SETTLED, NULL);
}

bool invitation_grants(struct tx *tx, id64_t agency, id64_t id, const id64_t **ids, size_t *n)
{
    /* A row is one id: the list's items are the ids themselves. */
    static const struct field row[] = {
        { .name = "subaccount_id", .type = FIELD_IS_ID, .id_kind = ID_SUBACCOUNT },
        FIELD_END,
    };
    struct list list;

    if (!db_list(tx,
                 "SELECT g.subaccount_id FROM invitation_grants g JOIN subaccounts s"
                 " ON s.agency_id = g.agency_id AND s.id = g.subaccount_id"
                 " WHERE g.agency_id = $1 AND g.invitation_id = $2 AND s.status <> 'removed'"
                 " ORDER BY g.subaccount_id" /* the key */,
                 ARGS(db_int(agency), db_int(id)), row, sizeof(id64_t), SIZE_MAX, &list))
        return false;
    *ids = list.at;
    *n = list.count;
    return true;
}

bool invitation_list(struct tx *tx, id64_t agency, const struct invitation_filter *filter,
                     struct list *out)
{
    int64_t before = filter->before != ID_NONE ? filter->before : INT64_MAX;

    return db_list(tx,
                   SELECT_INVITATION " WHERE agency_id = $1 AND id < $2 AND state = 'pending'"
                                     " ORDER BY id DESC LIMIT $3" /* the key */,
                   ARGS(db_int(agency), db_int(before), db_int(filter->limit)), invitation_columns,
                   sizeof(struct invitation), (size_t)filter->limit, out);
}
