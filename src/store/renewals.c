#include "store/renewals.h"

struct agency_row {
    struct renewing_agency agency;
    struct str anchor;
};

/* clang-format off */
static const struct field agency_columns[] = {
    FIELD_ID(struct agency_row, agency.id, ID_AGENCY),
    FIELD_ID(struct agency_row, agency.primary_id, ID_SUBACCOUNT),
    FIELD_TEXT(struct agency_row, agency.timezone),
    FIELD_TEXT(struct agency_row, anchor),
    FIELD_INTEGER(struct agency_row, agency.renewed_cycle),
    FIELD_MONEY(struct agency_row, agency.payout_threshold),
    FIELD_BOOLEAN(struct agency_row, agency.payout_connected),
    FIELD_INSTANT(struct agency_row, agency.next_plan_at),
    FIELD_TEXT(struct agency_row, agency.plan_code),
    FIELD_NAME(struct agency_row, agency.plan_model, plan_model_names),
    FIELD_MONEY(struct agency_row, agency.monthly_fee),
    FIELD_INTEGER(struct agency_row, agency.included[TIER_BASIC]),
    FIELD_INTEGER(struct agency_row, agency.included[TIER_PREMIUM]),
    FIELD_BOOLEAN(struct agency_row, agency.included_monthly),
    FIELD_INTEGER(struct agency_row, agency.plan_share[TIER_BASIC]),
    FIELD_INTEGER(struct agency_row, agency.plan_share[TIER_PREMIUM]),
    FIELD_END,
};

static const struct field renewal_columns[] = {
    FIELD_ID(struct renewal, agency_id, ID_AGENCY),
    FIELD_ID(struct renewal, id, ID_RENEWAL),
    FIELD_INTEGER(struct renewal, cycle),
    FIELD_INSTANT(struct renewal, start_at),
    FIELD_INSTANT(struct renewal, end_at),
    FIELD_TEXT(struct renewal, plan_code),
    FIELD_MONEY(struct renewal, fee),
    FIELD_INTEGER(struct renewal, granted[TIER_BASIC]),
    FIELD_INTEGER(struct renewal, granted[TIER_PREMIUM]),
    FIELD_INTEGER(struct renewal, each[TIER_BASIC]),
    FIELD_INTEGER(struct renewal, each[TIER_PREMIUM]),
    FIELD_INTEGER(struct renewal, accounts),
    FIELD_INTEGER(struct renewal, distributed[TIER_BASIC]),
    FIELD_INTEGER(struct renewal, distributed[TIER_PREMIUM]),
    FIELD_INTEGER(struct renewal, short_accounts),
    FIELD_NAME(struct renewal, payout, payout_outcome_names),
    FIELD_MONEY(struct renewal, payable),
    FIELD_INSTANT(struct renewal, started_at),
    FIELD_INSTANT(struct renewal, completed_at),
    FIELD_END,
};

static const struct field short_columns[] = {
    FIELD_ID(struct short_share, subaccount_id, ID_SUBACCOUNT),
    FIELD_TEXT(struct short_share, name),
    FIELD_TEXT(struct short_share, name_key),
    FIELD_INTEGER(struct short_share, share[TIER_BASIC]),
    FIELD_INTEGER(struct short_share, share[TIER_PREMIUM]),
    FIELD_END,
};

static const struct field change_columns[] = {
    FIELD_ID(struct distribution_change, agency_id, ID_AGENCY),
    FIELD_INSTANT(struct distribution_change, changed_at),
    FIELD_INTEGER(struct distribution_change, share[TIER_BASIC]),
    FIELD_INTEGER(struct distribution_change, share[TIER_PREMIUM]),
    FIELD_ID(struct distribution_change, changed_by, ID_USER),
    FIELD_END,
};
/* clang-format on */

bool renewing_agency_load(struct tx *tx, id64_t agency, struct renewing_agency *out)
{
    struct agency_row row;

    if (!db_find(
            tx,
            "SELECT a.id, a.primary_id, a.timezone, a.subscription_start,"
            " COALESCE(a.renewed_cycle, -1), a.payout_threshold_micros, a.payout_connected, a.next_plan_at,"
            " p.code, p.model, p.monthly_fee_micros, p.included_basic_seconds,"
            " p.included_premium_seconds, p.included_monthly, p.distribution_basic_seconds,"
            " p.distribution_premium_seconds FROM agencies a JOIN plans p ON p.code = a.plan_code"
            " WHERE a.id = $1",
            ARGS(db_int(agency)), agency_columns, &row, NULL))
        return false;
    *out = row.agency;
    return date_parse(row.anchor, &out->anchor)
        || fail(tx->problem, REASON_INTERNAL, NULL, "an agency's subscription start is no date");
}

bool agency_set_renewed_cycle(struct tx *tx, id64_t agency, int64_t cycle)
{
    return db_run(tx, "UPDATE agencies SET renewed_cycle = $2 WHERE id = $1",
                  ARGS(db_int(agency), db_int(cycle)), NULL);
}

#define RENEWAL_COLUMNS                                                                     \
    "agency_id, id, cycle, start_at, end_at, plan_code, fee_micros, granted_basic_seconds," \
    " granted_premium_seconds, each_basic_seconds, each_premium_seconds, accounts,"         \
    " distributed_basic_seconds, distributed_premium_seconds, short_accounts, payout,"      \
    " payable_micros, started_at, completed_at"

bool renewal_save(struct tx *tx, const struct renewal *renewal)
{
    return db_run(
        tx,
        "INSERT INTO renewals (" RENEWAL_COLUMNS ")"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
        " ON CONFLICT (agency_id, id) DO UPDATE SET accounts = excluded.accounts,"
        " distributed_basic_seconds = excluded.distributed_basic_seconds,"
        " distributed_premium_seconds = excluded.distributed_premium_seconds,"
        " short_accounts = excluded.short_accounts, payout = excluded.payout,"
        " payable_micros = excluded.payable_micros, completed_at = excluded.completed_at",
        ARGS(db_int(renewal->agency_id), db_int(renewal->id), db_int(renewal->cycle),
             db_int(renewal->start_at), db_int(renewal->end_at), db_text(renewal->plan_code),
             db_int(renewal->fee), db_int(renewal->granted[TIER_BASIC]),
             db_int(renewal->granted[TIER_PREMIUM]), db_int(renewal->each[TIER_BASIC]),
             db_int(renewal->each[TIER_PREMIUM]), db_int(renewal->accounts),
             db_int(renewal->distributed[TIER_BASIC]), db_int(renewal->distributed[TIER_PREMIUM]),
             db_int(renewal->short_accounts),
             db_text(str_from_c(payout_outcome_names[renewal->payout])), db_int(renewal->payable),
             db_int(renewal->started_at), db_instant(renewal->completed_at)),
        NULL);
}

bool renewal_find(struct tx *tx, id64_t agency, id64_t id, struct renewal *out, bool *found)
{
    return db_find(tx, "SELECT " RENEWAL_COLUMNS " FROM renewals WHERE agency_id = $1 AND id = $2",
                   ARGS(db_int(agency), db_int(id)), renewal_columns, out, found);
}

bool renewal_list(struct tx *tx, id64_t agency, id64_t before, int64_t limit, struct list *out)
{
    return db_list(
        tx,
        "SELECT " RENEWAL_COLUMNS " FROM renewals WHERE agency_id = $1 AND id < $2"
        " ORDER BY id DESC LIMIT $3" /* the key */,
        ARGS(db_int(agency), db_int(before != ID_NONE ? before : INT64_MAX), db_int(limit)),
        renewal_columns, sizeof(struct renewal), (size_t)limit, out);
}

/* --- shares --- */

bool renewal_recipients(struct tx *tx, const struct renewal *renewal, size_t limit,
                        struct list *out)
{
    static const struct field columns[] = {
        { .name = "id", .type = FIELD_IS_ID, .id_kind = ID_SUBACCOUNT },
        FIELD_END,
    };

    return db_list(tx,
                   "SELECT s.id FROM subaccounts s WHERE s.agency_id = $1 AND s.kind = 'secondary'"
                   " AND s.status <> 'removed' AND s.created_at < $2 AND NOT EXISTS (SELECT 1"
                   " FROM renewal_shares r WHERE r.agency_id = s.agency_id AND r.renewal_id = $3"
                   " AND r.subaccount_id = s.id)"
                   " ORDER BY s.name_key /*postgres COLLATE \"C\"*/, s.id LIMIT $4"
                   /* subaccounts_by_name */,
                   ARGS(db_int(renewal->agency_id), db_int(renewal->start_at), db_int(renewal->id),
                        db_int((int64_t)limit)),
                   columns, sizeof(id64_t), limit, out);
}

bool renewal_shares_insert(struct tx *tx, const struct renewal *renewal,
                           const struct renewal_share *shares, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql =
            "INSERT INTO renewal_shares (agency_id, renewal_id, subaccount_id, basic_seconds,"
            " premium_seconds, is_short, posting_id) VALUES ($6, $7, $1, $2, $3, $4, $5)",
        .set_sql =
            "INSERT INTO renewal_shares (agency_id, renewal_id, subaccount_id, basic_seconds,"
            " premium_seconds, is_short, posting_id) SELECT $6::bigint, $7::bigint, u.account, u.basic,"
            " u.premium, u.short, u.posting FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],"
            " $4::bigint[], $5::bigint[]) AS u (account, basic, premium, short, posting)",
    };
    enum { ACCOUNT, BASIC, PREMIUM, SHORT, POSTING_ID, WIDTH };
    int64_t *values[WIDTH];
    bool *nothing = ARENA_ARRAY(tx->arena, bool, n + 1);
    struct db_column columns[WIDTH];

    for (size_t c = 0; c < WIDTH; c++) {
        values[c] = ARENA_ARRAY(tx->arena, int64_t, n + 1);
        columns[c] = (struct db_column){ .numbers = values[c] };
    }
    columns[POSTING_ID].nulls = nothing;
    for (size_t i = 0; i < n; i++) {
        values[ACCOUNT][i] = shares[i].subaccount_id;
        values[BASIC][i] = shares[i].share[TIER_BASIC];
        values[PREMIUM][i] = shares[i].share[TIER_PREMIUM];
        values[SHORT][i] = shares[i].is_short;
        values[POSTING_ID][i] = shares[i].posting_id;
        nothing[i] = shares[i].posting_id == ID_NONE;
    }
    return db_bulk_run(tx, &insert, columns, WIDTH, n,
                       ARGS(db_int(renewal->agency_id), db_int(renewal->id)), NULL, NULL);
}

bool renewal_short_list(struct tx *tx, id64_t agency, id64_t renewal, struct str after_key,
                        id64_t after, int64_t limit, struct list *out)
{
    return db_list(
        tx,
        "SELECT s.id, s.name, s.name_key, r.basic_seconds, r.premium_seconds FROM renewal_shares r"
        " JOIN subaccounts s ON s.agency_id = r.agency_id AND s.id = r.subaccount_id"
        " WHERE r.agency_id = $1 AND r.renewal_id = $2 AND r.is_short = 1" /* the key */
        " AND (s.name_key /*postgres COLLATE \"C\"*/, s.id) > ($3, $4)"
        " ORDER BY s.name_key /*postgres COLLATE \"C\"*/, s.id LIMIT $5",
        ARGS(db_int(agency), db_int(renewal),
             db_text(str_is_absent(after_key) ? STR("") : after_key), db_int(after), db_int(limit)),
        short_columns, sizeof(struct short_share), (size_t)limit, out);
}

/* --- how much is to go to each --- */

bool distribution_change_insert(struct tx *tx, const struct distribution_change *change)
{
    return db_run(tx,
                  "INSERT INTO distribution_changes (agency_id, changed_at, basic_seconds,"
                  " premium_seconds, changed_by) VALUES ($1, $2, $3, $4, $5)"
                  " ON CONFLICT (agency_id, changed_at) DO UPDATE SET"
                  " basic_seconds = excluded.basic_seconds,"
                  " premium_seconds = excluded.premium_seconds, changed_by = excluded.changed_by",
                  ARGS(db_int(change->agency_id), db_int(change->changed_at),
                       db_int(change->share[TIER_BASIC]), db_int(change->share[TIER_PREMIUM]),
                       db_id(change->changed_by)),
                  NULL);
}

bool distribution_change_find(struct tx *tx, id64_t agency, instant_t at,
                              struct distribution_change *out, bool *found)
{
    return db_find(tx,
                   "SELECT agency_id, changed_at, basic_seconds, premium_seconds, changed_by"
                   " FROM distribution_changes WHERE agency_id = $1 AND changed_at <= $2"
                   " ORDER BY changed_at DESC LIMIT 1" /* the key */,
                   ARGS(db_int(agency), db_int(at)), change_columns, out, found);
}
