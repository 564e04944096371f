#include "store/jobs.h"

#include "base/id.h"
#include "domain/accounts.h"

#include <assert.h>

const char *const job_state_names[] = { "waiting", "dead", NULL };

/* A row as the store has it: the kind by name. */
struct named_row {
    struct job_row row;
    struct str kind;
};

/* clang-format off */
static const struct field job_columns[] = {
    FIELD_ID(struct named_row, row.agency_id, ID_AGENCY),
    FIELD_ID(struct named_row, row.id, ID_JOB),
    FIELD_TEXT(struct named_row, kind),
    FIELD_ID(struct named_row, row.subject_id, ID_SUBACCOUNT),
    FIELD_NAME(struct named_row, row.state, job_state_names),
    FIELD_INSTANT(struct named_row, row.due_at),
    FIELD_ID(struct named_row, row.lease, ID_JOB),
    FIELD_INSTANT(struct named_row, row.lease_until),
    FIELD_INTEGER(struct named_row, row.tries),
    FIELD_TEXT(struct named_row, row.last_error),
    FIELD_INTEGER(struct named_row, row.step),
    FIELD_INTEGER(struct named_row, row.cursor),
    FIELD_INTEGER(struct named_row, row.posts),
    FIELD_INSTANT(struct named_row, row.created_at),
    FIELD_END,
};
/* clang-format on */

#define SELECT_JOB                                                                      \
    "SELECT agency_id, id, kind, subject_id, state, due_at, lease, lease_until, tries," \
    " last_error, step, cursor, posts, created_at FROM jobs"
#define OF_ROW        " WHERE agency_id = $1 AND id = $2"
#define ROW_ARGS(row) db_int((row)->agency_id), db_int((row)->id)
#define IS_DUE(now)   "state = 'waiting' AND due_at <= " now " AND COALESCE(lease_until, 0) <= " now

static bool find_row(struct tx *tx, const char *sql, struct db_args args, struct job_row *out,
                     bool *found)
{
    struct named_row named;

    if (!db_find(tx, sql, args, job_columns, &named, found)) return false;
    if (!*found) return true;
    *out = named.row;
    out->kind = name_index(job_kind_names, named.kind);
    return true;
}

static struct db_value kind_name(enum job_kind kind)
{
    assert(kind < JOB_KIND_COUNT);
    return db_text(str_from_c(job_kind_names[kind]));
}

/* --- asking for one --- */

#define INSERT_JOB                                                                                 \
    "INSERT INTO jobs (agency_id, id, kind, subject_id, state, goes_outside, due_at, tries,"       \
    " step, cursor, posts, created_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 0, 0, 0, 1, $7)" \
    " ON CONFLICT (agency_id, kind, subject_id) DO UPDATE SET posts = jobs.posts + 1,"

static bool insert(struct tx *tx, const char *sql, id64_t agency, enum job_kind kind,
                   id64_t subject, instant_t due_at)
{
    if (due_at <= tx->now) tx->wakes_jobs = true;
    return db_run(tx, sql,
                  ARGS(db_int(agency), db_int(id_new(tx->now)), kind_name(kind), db_int(subject),
                       db_bool(job_goes_outside(kind)), db_int(due_at), db_int(tx->now)),
                  NULL);
}

bool job_post(struct tx *tx, id64_t agency, enum job_kind kind, id64_t subject, instant_t due_at)
{
    static const char sql[] = INSERT_JOB /* jobs_once */
        " due_at = CASE WHEN jobs.state = 'dead' OR jobs.due_at > excluded.due_at"
        " THEN excluded.due_at ELSE jobs.due_at END,"
        " tries = CASE WHEN jobs.state = 'dead' THEN 0 ELSE jobs.tries END, state = 'waiting'";

    return insert(tx, sql, agency, kind, subject, due_at);
}

bool job_set(struct tx *tx, id64_t agency, enum job_kind kind, id64_t subject, instant_t due_at)
{
    static const char sql[] = INSERT_JOB " due_at = excluded.due_at" /* jobs_once */;

    return insert(tx, sql, agency, kind, subject, due_at);
}

bool jobs_pull_forward(struct tx *tx, id64_t agency, enum job_kind kind)
{
    tx->wakes_jobs = true;
    return db_run(tx,
                  "UPDATE jobs SET due_at = $3, posts = posts + 1 WHERE agency_id = $1"
                  " AND kind = $2 AND state = 'waiting' AND due_at > $3" /* jobs_once */,
                  ARGS(db_int(agency), kind_name(kind), db_int(tx->now)), NULL);
}

bool job_cancel(struct tx *tx, id64_t agency, enum job_kind kind, id64_t subject)
{
    return db_run(tx, "DELETE FROM jobs WHERE agency_id = $1 AND kind = $2 AND subject_id = $3",
                  ARGS(db_int(agency), kind_name(kind), db_int(subject)), NULL);
}

bool jobs_go_on(struct tx *tx, id64_t agency)
{
    tx->wakes_jobs = true;
    return db_run(tx,
                  "UPDATE jobs SET lease_until = NULL WHERE agency_id = $1 AND lease IS NULL"
                  " AND lease_until IS NOT NULL",
                  ARGS(db_int(agency)), NULL);
}

/* --- taking one --- */

bool jobs_due(struct tx *tx, instant_t now, bool goes_outside, size_t limit, struct list *out)
{
    static const struct field columns[] = {
        FIELD_ID(struct job_ref, agency_id, ID_AGENCY),
        FIELD_ID(struct job_ref, id, ID_JOB),
        FIELD_INSTANT(struct job_ref, due_at),
        FIELD_END,
    };

    return db_list(tx,
                   "SELECT agency_id, id, due_at FROM jobs WHERE goes_outside = $2 AND " IS_DUE(
                       "$1") " ORDER BY due_at LIMIT $3" /* jobs_due */,
                   ARGS(db_int(now), db_bool(goes_outside), db_int((int64_t)limit)), columns,
                   sizeof(struct job_ref), limit, out);
}

struct owner {
    int status;
    instant_t deletes_at;
};

/* The agency's row comes before every other lock, as in requests. */
static bool lock_owner(struct tx *tx, id64_t agency, struct owner *out)
{
    static const struct field columns[] = {
        FIELD_NAME(struct owner, status, agency_status_names),
        FIELD_INSTANT(struct owner, deletes_at),
        FIELD_END,
    };

    *out = (struct owner){ AGENCY_ACTIVE, INSTANT_NONE };
    return agency == ID_NONE
        || db_find(tx,
                   "SELECT status, deletes_at FROM agencies WHERE id = $1"
                   " /*postgres FOR NO KEY UPDATE*/",
                   ARGS(db_int(agency)), columns, out, NULL);
}

static bool rest(struct tx *tx, const struct job_row *row, instant_t until)
{
    return db_run(tx, "UPDATE jobs SET lease_until = $3" OF_ROW, ARGS(ROW_ARGS(row), db_int(until)),
                  NULL);
}

static bool rests(const struct job_row *row, const struct owner *owner)
{
    return owner->status == AGENCY_DELETED
        || (owner->status == AGENCY_DELETING && row->kind >= 0
            && job_rests_in_deletion((enum job_kind)row->kind));
}

/* What is left of a job whose agency's data is going. */
enum { REST_DAYS_MORE = 30 };

bool job_take(struct tx *tx, const struct job_ref *ref, struct job_row *out, bool *found)
{
    struct owner owner;

    if (!lock_owner(tx, ref->agency_id, &owner)
        || !find_row(tx,
                     SELECT_JOB OF_ROW " AND " IS_DUE("$3") " /*postgres FOR UPDATE SKIP LOCKED*/",
                     ARGS(ROW_ARGS(ref), db_int(tx->now)), out, found))
        return false;
    if (!*found || !rests(out, &owner)) return true;
    *found = false;
    instant_t end = owner.deletes_at == INSTANT_NONE ? tx->now : owner.deletes_at;
    return rest(tx, out, (end > tx->now ? end : tx->now) + REST_DAYS_MORE * MICROS_PER_DAY);
}

bool job_take_leased(struct tx *tx, const struct job_row *row, struct job_row *out, bool *found)
{
    struct owner owner;

    return lock_owner(tx, row->agency_id, &owner)
        && find_row(tx, SELECT_JOB OF_ROW " AND lease = $3 /*postgres FOR UPDATE*/",
                    ARGS(ROW_ARGS(row), db_int(row->lease)), out, found);
}

bool job_lease(struct tx *tx, const struct job_row *row, id64_t lease, instant_t until)
{
    return db_change_one(tx, "UPDATE jobs SET lease = $3, lease_until = $4" OF_ROW,
                         ARGS(ROW_ARGS(row), db_int(lease), db_int(until)));
}

/* --- the end of a run --- */

#define LET_GO "lease = NULL, lease_until = NULL"

bool job_done(struct tx *tx, const struct job_row *row)
{
    int64_t deleted;

    if (!db_run(tx, "DELETE FROM jobs" OF_ROW " AND posts = $3",
                ARGS(ROW_ARGS(row), db_int(row->posts)), &deleted))
        return false;
    if (deleted == 1) return true;
    tx->wakes_jobs = true;
    return db_run(
        tx, "UPDATE jobs SET tries = 0, last_error = NULL, step = 0, cursor = 0, " LET_GO OF_ROW,
        ARGS(ROW_ARGS(row)), NULL);
}

bool job_again(struct tx *tx, const struct job_row *row, instant_t due_at)
{
    return db_change_one(tx,
                         "UPDATE jobs SET tries = 0, last_error = NULL, step = $3, cursor = $4,"
                         " due_at = CASE WHEN posts = $5 THEN $6 ELSE $7 END, " LET_GO OF_ROW,
                         ARGS(ROW_ARGS(row), db_int(row->step), db_int(row->cursor),
                              db_int(row->posts), db_int(due_at), db_int(tx->now)));
}

bool job_failed(struct tx *tx, const struct job_row *row, instant_t due_at, struct str why)
{
    return db_change_one(
        tx,
        "UPDATE jobs SET tries = tries + 1, last_error = $3, step = $4, cursor = $5,"
        " due_at = $6, " LET_GO OF_ROW,
        ARGS(ROW_ARGS(row), db_text(why), db_int(row->step), db_int(row->cursor), db_int(due_at)));
}

bool job_dead(struct tx *tx, const struct job_row *row, struct str why)
{
    return db_change_one(
        tx, "UPDATE jobs SET tries = tries + 1, last_error = $3, state = 'dead', " LET_GO OF_ROW,
        ARGS(ROW_ARGS(row), db_text(why)));
}

/* --- for people --- */

static struct db_value name_or_null(const char *const *names, int index)
{
    return db_text(index < 0 ? STR_NONE : str_from_c(names[index]));
}

bool jobs_list(struct tx *tx, const struct job_filter *filter, struct list *out)
{
#define LIST_JOBS(state)                   \
    SELECT_JOB " WHERE id < $1 AND " state \
               " AND ($3 IS NULL OR kind = $3) ORDER BY id DESC LIMIT $4"
    static const char of_all[] = LIST_JOBS("($2 IS NULL OR state = $2)") /* jobs_by_id */;
    static const char of_dead[] = LIST_JOBS("state = 'dead' AND $2 IS NOT NULL") /* jobs_dead */;
#undef LIST_JOBS
    struct list rows;

    if (!db_list(tx, filter->state == JOB_DEAD ? of_dead : of_all,
                 ARGS(db_int(filter->before != ID_NONE ? filter->before : INT64_MAX),
                      name_or_null(job_state_names, filter->state),
                      name_or_null(job_kind_names, filter->kind), db_int((int64_t)filter->limit)),
                 job_columns, sizeof(struct named_row), filter->limit, &rows))
        return false;
    const struct named_row *named = rows.at;
    struct job_row *jobs = ARENA_ARRAY(tx->arena, struct job_row, rows.count + 1);

    for (size_t i = 0; i < rows.count; i++) {
        jobs[i] = named[i].row;
        jobs[i].kind = name_index(job_kind_names, named[i].kind);
    }
    *out = (struct list){ jobs, rows.count };
    return true;
}

bool job_find(struct tx *tx, id64_t id, struct job_row *out, bool *found)
{
    return find_row(tx, SELECT_JOB " WHERE id = $1" /* jobs_by_id */, ARGS(db_int(id)), out, found);
}

bool job_retry(struct tx *tx, const struct job_row *row)
{
    tx->wakes_jobs = true;
    return db_change_one(
        tx,
        "UPDATE jobs SET state = 'waiting', tries = 0, due_at = CASE WHEN due_at > $3"
        " THEN $3 ELSE due_at END" OF_ROW,
        ARGS(ROW_ARGS(row), db_int(tx->now)));
}

bool jobs_count(struct tx *tx, struct job_counts *out)
{
    struct db_rows rows;

    for (int kind = 0; kind < JOB_KIND_COUNT; kind++)
        out[kind] = (struct job_counts){ .oldest_due_at = INSTANT_NONE };
    if (!db_query(
            tx, &rows,
            "SELECT kind, SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN " IS_DUE("$1") " THEN 1 ELSE 0 END),"
                                           " SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END),"
                                           " MIN(CASE WHEN " IS_DUE(
                                               "$1") " THEN due_at END) FROM jobs GROUP BY kind",
            ARGS(db_int(tx->now))))
        return false;
    while (db_next(&rows)) {
        int kind = name_index(job_kind_names, row_text(&rows, 0));

        if (kind < 0) continue;
        out[kind] = (struct job_counts){ row_int(&rows, 1), row_int(&rows, 2), row_int(&rows, 3),
                                         row_instant(&rows, 4) };
    }
    return db_done(&rows);
}
