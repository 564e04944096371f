#include "store/outbox.h"

#include "store/many.h"

enum { SETTLED_BITE = 500 };

const char *const outbox_state_names[] = { "waiting", "done", "failed", "dropped", NULL };

/* A row as the store has it: the template by name. */
struct item_row {
    struct outbox_item item;
    struct str template;
};

/* clang-format off */
static const struct field item_columns[] = {
    FIELD_ID(struct item_row, item.agency_id, ID_AGENCY),
    FIELD_ID(struct item_row, item.id, ID_MAIL),
    FIELD_TEXT(struct item_row, template),
    FIELD_ID(struct item_row, item.user_id, ID_USER),
    FIELD_ID(struct item_row, item.about_id, ID_USER),
    FIELD_ID(struct item_row, item.by_id, ID_USER),
    FIELD_TEXT(struct item_row, item.address),
    FIELD_TEXT(struct item_row, item.detail),
    FIELD_INSTANT(struct item_row, item.due_at),
    FIELD_INTEGER(struct item_row, item.tries),
    FIELD_INSTANT(struct item_row, item.give_up_at),
    FIELD_INSTANT(struct item_row, item.created_at),
    FIELD_END,
};
/* clang-format on */

bool outbox_insert(struct tx *tx, const struct outbox_item *item, struct str once_key)
{
    return db_run(
        tx,
        "INSERT INTO outbox (agency_id, id, kind, template, once_key, user_id, address, about_id, by_id,"
        " detail, due_at, state, tries, next_try_at, give_up_at, created_at)"
        " VALUES ($1, $2, 'mail', $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', 0, $11, $12, $11)"
        " ON CONFLICT (agency_id, kind, once_key) DO NOTHING" /* outbox_once */,
        ARGS(db_int(item->agency_id), db_int(item->id),
             db_text(str_from_c(mail_template_names[item->template])), db_text(once_key),
             db_id(item->user_id), db_text(item->address), db_id(item->about_id),
             db_id(item->by_id), db_text(item->detail), db_instant(item->due_at),
             db_int(item->created_at), db_int(item->give_up_at)),
        NULL);
}

bool outbox_supersede(struct tx *tx, id64_t agency, enum mail_template template, id64_t about)
{
    return db_run(tx,
                  "UPDATE outbox SET state = 'dropped', settled_at = $4"
                  " WHERE agency_id = $1 AND about_id = $2" /* outbox_about */
                  " AND template = $3 AND state = 'waiting'",
                  ARGS(db_int(agency), db_int(about),
                       db_text(str_from_c(mail_template_names[template])), db_int(tx->now)),
                  NULL);
}

bool outbox_claim(struct tx *tx, instant_t lease_until, struct outbox_item *out, bool *found)
{
    struct item_row row;

    if (!db_find(
            tx,
            "UPDATE outbox SET tries = tries + 1, next_try_at = $2"
            " WHERE (agency_id, id) = (SELECT agency_id, id FROM outbox"
            " WHERE kind = 'mail' AND state = 'waiting' AND next_try_at <= $1"
            " ORDER BY next_try_at LIMIT 1 /*postgres FOR UPDATE SKIP LOCKED*/)" /* outbox_due */
            " RETURNING agency_id, id, template, user_id, about_id, by_id, address, detail,"
            " due_at, tries, give_up_at, created_at",
            ARGS(db_int(tx->now), db_int(lease_until)), item_columns, &row, found))
        return false;
    if (!*found) return true;
    *out = row.item;
    out->template = name_index(mail_template_names, row.template);
    return true;
}

/* Only by who took the item last: whoever takes it counts a try. */
#define OF_HELD         " WHERE agency_id = $1 AND id = $2 AND tries = $3 AND state = 'waiting'"
#define HELD_ARGS(item) db_int((item)->agency_id), db_int((item)->id), db_int((item)->tries)

static bool run_held(struct tx *tx, const char *sql, struct db_args args, bool *held)
{
    int64_t changed = 0;
    bool done = db_run(tx, sql, args, &changed);

    *held = changed == 1;
    return done;
}

bool outbox_settle(struct tx *tx, const struct outbox_item *item, enum outbox_state state,
                   struct str error, bool *held)
{
    return run_held(tx, "UPDATE outbox SET state = $4, settled_at = $5, last_error = $6" OF_HELD,
                    ARGS(HELD_ARGS(item), db_text(str_from_c(outbox_state_names[state])),
                         db_int(tx->now), db_text(error)),
                    held);
}

bool outbox_try_again(struct tx *tx, const struct outbox_item *item, instant_t next_try_at,
                      struct str error, bool *held)
{
    return run_held(tx, "UPDATE outbox SET next_try_at = $4, last_error = $5" OF_HELD,
                    ARGS(HELD_ARGS(item), db_int(next_try_at), db_text(error)), held);
}

static void take_standing(void *context, size_t position, const struct db_rows *row)
{
    ((struct outbox_standing *)context)[position] = (struct outbox_standing){
        .state = name_index(outbox_state_names, row_text(row, 1)),
        .last_error = row_text(row, 2),
    };
}

bool outbox_standings(struct tx *tx, id64_t agency, const id64_t *about, size_t n,
                      struct outbox_standing *out)
{
#define NEWEST "state <> 'dropped' ORDER BY id DESC LIMIT 1" /* outbox_about */
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, state, last_error FROM outbox WHERE agency_id = $3 AND about_id = $1"
                   " AND " NEWEST,
        .set_sql =
            "SELECT u.position, m.state, m.last_error"
            " FROM unnest($1::bigint[], $2::bigint[]) AS u (id, position) CROSS JOIN LATERAL ("
            "SELECT state, last_error FROM outbox WHERE agency_id = $3::bigint"
            " AND about_id = u.id AND " NEWEST ") AS m",
    };
#undef NEWEST

    for (size_t i = 0; i < n; i++)
        out[i] = (struct outbox_standing){ .state = -1 };
    return many_find_each(tx, &find, about, n, ARGS(db_int(agency)), take_standing, out);
}

bool outbox_count(struct tx *tx, struct outbox_counts *out)
{
    static const struct field row[] = {
        FIELD_INTEGER(struct outbox_counts, waiting),
        FIELD_INTEGER(struct outbox_counts, failed),
        FIELD_INTEGER(struct outbox_counts, due),
        FIELD_END,
    };

    return db_find(
        tx,
        "SELECT"
        " (SELECT COUNT(*) FROM outbox WHERE kind = 'mail' AND state = 'waiting')," /* outbox_due */
        " (SELECT COUNT(*) FROM outbox WHERE kind = 'mail' AND state = 'failed')," /* outbox_failed */
        " (SELECT COUNT(*) FROM (SELECT 1 AS one FROM outbox WHERE kind = 'mail' AND state = 'waiting'"
        " AND next_try_at <= $1 LIMIT 1) AS first)" /* outbox_due */,
        ARGS(db_int(tx->now)), row, out, NULL);
}

bool outbox_delete_settled(struct tx *tx, int64_t *deleted)
{
    return db_run(
        tx,
        "DELETE FROM outbox WHERE (agency_id, id) IN (SELECT agency_id, id FROM outbox"
        " WHERE settled_at <= $1 ORDER BY settled_at LIMIT $2 /*postgres FOR UPDATE SKIP LOCKED*/)"
        /* outbox_settled */,
        ARGS(db_int(tx->now - OUTBOX_KEPT), db_int(SETTLED_BITE)), deleted);
}
