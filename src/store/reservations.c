#include "store/reservations.h"

#include "store/many.h"

#include <assert.h>

enum { OLD_ROWS = 500, DUE_MAX = 1000 };
#define KEPT \
    (30 * MICROS_PER_DAY) /* after it was made: as long as a reply under its Idempotency-Key */

static_assert(RESERVATION_OPEN == 0, "state = 0 below, and in the indexes");

#define COLUMNS                                                                          \
    "agency_id, id, subaccount_id, tier, direction, state, granted_seconds, expires_at," \
    " created_at, ended_at, call_id, agent, campaign"

static const struct field columns[] = {
    FIELD_ID(struct reservation, agency_id, ID_AGENCY),
    FIELD_ID(struct reservation, id, ID_RESERVATION),
    FIELD_ID(struct reservation, subaccount_id, ID_SUBACCOUNT),
    FIELD_NAME(struct reservation, tier, tier_names),
    FIELD_NAME(struct reservation, direction, call_direction_names),
    FIELD_NAME(struct reservation, state, reservation_state_names),
    FIELD_INTEGER(struct reservation, granted),
    FIELD_INSTANT(struct reservation, expires_at),
    FIELD_INSTANT(struct reservation, created_at),
    FIELD_INSTANT(struct reservation, ended_at),
    FIELD_ID(struct reservation, call_id, ID_CALL),
    FIELD_TEXT(struct reservation, agent),
    FIELD_TEXT(struct reservation, campaign),
    FIELD_END,
};

static int64_t *numbers(struct tx *tx, size_t n)
{
    return ARENA_ARRAY(tx->arena, int64_t, n);
}

static void mark_holds(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        tx_mark(tx, agency, all[i]->subaccount_id, CHANGED_HOLDS);
}

bool reservations_insert(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n)
{
    static const struct db_bulk insert = {
        .row_sql =
            "INSERT INTO reservations (id, subaccount_id, tier, direction, granted_seconds, expires_at,"
            " agent, campaign, agency_id, state, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)",
        .set_sql =
            "INSERT INTO reservations (id, subaccount_id, tier, direction, granted_seconds, expires_at,"
            " agent, campaign, agency_id, state, created_at)"
            " SELECT u.*, $9::bigint, 0, $10::bigint FROM unnest($1::bigint[], $2::bigint[],"
            " $3::smallint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[]) AS u",
    };
    enum { ID, ACCOUNT, TIER, DIRECTION, GRANTED, EXPIRES, WIDTH };
    int64_t *values[WIDTH];
    struct str *agent = ARENA_ARRAY(tx->arena, struct str, n);
    struct str *campaign = ARENA_ARRAY(tx->arena, struct str, n);

    mark_holds(tx, agency, all, n);
    for (size_t c = 0; c < WIDTH; c++)
        values[c] = numbers(tx, n);
    for (size_t i = 0; i < n; i++) {
        values[ID][i] = all[i]->id;
        values[ACCOUNT][i] = all[i]->subaccount_id;
        values[TIER][i] = all[i]->tier;
        values[DIRECTION][i] = all[i]->direction;
        values[GRANTED][i] = all[i]->granted;
        values[EXPIRES][i] = all[i]->expires_at;
        agent[i] = all[i]->agent;
        campaign[i] = all[i]->campaign;
    }
    const struct db_column all_columns[] = {
        { .numbers = values[ID] },          { .numbers = values[ACCOUNT] },
        { .numbers = values[TIER] },        { .numbers = values[DIRECTION] },
        { .numbers = values[GRANTED] },     { .numbers = values[EXPIRES] },
        { DB_COLUMN_TEXT, .texts = agent }, { DB_COLUMN_TEXT, .texts = campaign },
    };
    return db_bulk_run(tx, &insert, all_columns, COUNT_OF(all_columns), n,
                       ARGS(db_int(agency), db_int(tx->now)), NULL, NULL);
}

/* The position comes first (many_find_each). */
static void take_one(void *context, size_t position, const struct db_rows *row)
{
    struct reservation *out = (struct reservation *)context + position;

    *out = (struct reservation){
        .agency_id = row_id(row, 1),
        .id = row_id(row, 2),
        .subaccount_id = row_id(row, 3),
        .tier = (int)row_int(row, 4),
        .direction = (int)row_int(row, 5),
        .state = (int)row_int(row, 6),
        .granted = row_int(row, 7),
        .expires_at = row_instant(row, 8),
        .created_at = row_instant(row, 9),
        .ended_at = row_instant(row, 10),
        .call_id = row_id(row, 11),
        .agent = row_text(row, 12),
        .campaign = row_text(row, 13),
    };
}

bool reservations_lock(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                       struct reservation *out)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, " COLUMNS " FROM reservations WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, r.* FROM (SELECT * FROM unnest($1::bigint[], $2::bigint[])"
                   " AS wanted (id, position) ORDER BY id) AS u CROSS JOIN LATERAL (SELECT " COLUMNS
                   " FROM reservations WHERE agency_id = $3::bigint AND id = u.id FOR UPDATE) AS r",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = (struct reservation){ .id = ID_NONE };
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_one, out);
}

bool reservations_update(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n)
{
    static const struct db_bulk update = {
        .row_sql =
            "UPDATE reservations SET state = $2, granted_seconds = $3, expires_at = $4, ended_at = $5,"
            " call_id = $6 WHERE agency_id = $7 AND id = $1",
        .set_sql =
            "UPDATE reservations r SET state = u.state, granted_seconds = u.granted,"
            " expires_at = u.expires_at, ended_at = u.ended_at, call_id = u.call_id"
            " FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[],"
            " $6::bigint[]) AS u (id, state, granted, expires_at, ended_at, call_id)"
            " CROSS JOIN LATERAL (SELECT ctid AS place FROM reservations WHERE agency_id = $7::bigint AND id = u.id"
            " LIMIT 1) AS k WHERE r.ctid = k.place",
    };
    enum { ID, STATE, GRANTED, EXPIRES, ENDED, CALL, WIDTH };
    int64_t *values[WIDTH];
    bool *not_ended = ARENA_ARRAY(tx->arena, bool, n), *no_call = ARENA_ARRAY(tx->arena, bool, n);

    mark_holds(tx, agency, all, n);
    for (size_t c = 0; c < WIDTH; c++)
        values[c] = numbers(tx, n);
    for (size_t i = 0; i < n; i++) {
        values[ID][i] = all[i]->id;
        values[STATE][i] = all[i]->state;
        values[GRANTED][i] = all[i]->granted;
        values[EXPIRES][i] = all[i]->expires_at;
        values[ENDED][i] = all[i]->ended_at;
        values[CALL][i] = all[i]->call_id;
        not_ended[i] = all[i]->ended_at == INSTANT_NONE;
        no_call[i] = all[i]->call_id == ID_NONE;
    }
    const struct db_column all_columns[] = {
        { .numbers = values[ID] },
        { .numbers = values[STATE] },
        { .numbers = values[GRANTED] },
        { .numbers = values[EXPIRES] },
        { .numbers = values[ENDED], .nulls = not_ended },
        { .numbers = values[CALL], .nulls = no_call },
    };
    return db_bulk_run(tx, &update, all_columns, COUNT_OF(all_columns), n, ARGS(db_int(agency)),
                       NULL, NULL);
}

bool reservations_lock_open(struct tx *tx, id64_t agency, id64_t subaccount, struct list *out)
{
    return db_list(tx,
                   "SELECT " COLUMNS
                   " FROM reservations WHERE agency_id = $1 AND subaccount_id = $2"
                   " AND state = 0 ORDER BY id" /* reservations_open */ " /*postgres FOR UPDATE*/",
                   ARGS(db_int(agency), db_int(subaccount)), columns, sizeof(struct reservation),
                   SIZE_MAX, out);
}

bool reservations_lock_due(struct tx *tx, size_t limit, struct list *out)
{
    assert(limit <= DUE_MAX);
    return db_list(tx,
                   "SELECT " COLUMNS " FROM reservations WHERE state = 0 AND expires_at <= $1"
                   " ORDER BY expires_at LIMIT $2" /* reservations_due */
                   " /*postgres FOR UPDATE SKIP LOCKED*/",
                   ARGS(db_int(tx->now), db_int((int64_t)limit)), columns,
                   sizeof(struct reservation), limit, out);
}

bool reservations_are_due(struct tx *tx, bool *due)
{
    int64_t first;

    if (!db_find_int(tx,
                     "SELECT 1 FROM reservations WHERE state = 0 AND expires_at <= $1 LIMIT 1"
                     /* reservations_due */,
                     ARGS(db_int(tx->now)), 0, &first))
        return false;
    *due = first != 0;
    return true;
}

static void take_count(void *context, size_t position, const struct db_rows *row)
{
    ((int64_t *)context)[position] = row_int(row, 1);
}

bool reservations_count_open(struct tx *tx, id64_t agency, const id64_t *subaccounts, size_t n,
                             int64_t *out)
{
    static const struct db_bulk count = {
        .row_sql =
            "SELECT $2, COUNT(*) FROM reservations WHERE agency_id = $3 AND subaccount_id = $1"
            " AND state = 0 AND expires_at > $4" /* reservations_open */,
        .set_sql =
            "SELECT u.position, COUNT(*) FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position)"
            " JOIN reservations r ON r.agency_id = $3::bigint AND r.subaccount_id = u.id"
            " AND r.state = 0 AND r.expires_at > $4::bigint GROUP BY u.position",
    };

    for (size_t i = 0; i < n; i++)
        out[i] = 0;
    return many_find_each(tx, &count, subaccounts, n, ARGS(db_int(agency), db_int(tx->now)),
                          take_count, out);
}

bool reservations_count_all(struct tx *tx, id64_t agency, int64_t *out)
{
    return db_find_int(tx,
                       "SELECT COUNT(*) FROM reservations WHERE agency_id = $1 AND state = 0"
                       " AND expires_at > $2" /* reservations_open */,
                       ARGS(db_int(agency), db_int(tx->now)), 0, out);
}

bool reservation_load(struct tx *tx, id64_t agency, id64_t id, struct reservation *out)
{
    return db_find(tx, "SELECT " COLUMNS " FROM reservations WHERE agency_id = $1 AND id = $2",
                   ARGS(db_int(agency), db_int(id)), columns, out, NULL);
}

/* Calls in progress are few beside those that are over, so those of an agency are put in order here. */
bool reservations_list_open(struct tx *tx, id64_t agency, const struct reservation_filter *filter,
                            struct list *out)
{
    static const char of_all[] =
        "SELECT " COLUMNS " FROM reservations WHERE agency_id = $1 AND state = 0 AND $4 = 0"
        " AND id < $2 ORDER BY id DESC LIMIT $3" /* reservations_open */;
    static const char of_one[] =
        "SELECT " COLUMNS " FROM reservations WHERE agency_id = $1 AND state = 0"
        " AND subaccount_id = $4 AND id < $2 ORDER BY id DESC LIMIT $3" /* reservations_open */;

    return db_list(tx, filter->subaccount == ID_NONE ? of_all : of_one,
                   ARGS(db_int(agency),
                        db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
                        db_int(filter->limit), db_int(filter->subaccount)),
                   columns, sizeof(struct reservation), (size_t)filter->limit, out);
}

/* The oldest of an agency says whether it has any. */
bool reservations_delete_old(struct tx *tx, int64_t *deleted)
{
    id64_t agency;

    *deleted = 0;
    if (!db_find_int(tx,
                     "SELECT a.id FROM agencies a WHERE (SELECT r.created_at FROM reservations r"
                     " WHERE r.agency_id = a.id ORDER BY r.id LIMIT 1) <= $1 LIMIT 1" /* the key */,
                     ARGS(db_int(tx->now - KEPT)), ID_NONE, &agency))
        return false;
    return agency == ID_NONE
        || db_run(
               tx,
               "DELETE FROM reservations WHERE agency_id = $1 AND id IN (SELECT id FROM reservations"
               " WHERE agency_id = $1 AND created_at <= $2 AND state <> 0 ORDER BY id LIMIT $3" /* the key */
               " /*postgres FOR UPDATE SKIP LOCKED*/)",
               ARGS(db_int(agency), db_int(tx->now - KEPT), db_int(OLD_ROWS)), deleted);
}
