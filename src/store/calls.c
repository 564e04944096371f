#include "store/calls.h"

#include <stdlib.h>

/* The stored numbers and texts of a call, in the order of the statement below. */
enum { CALL_NUMBERS = 17, CALL_TEXTS = 12, CALL_COLUMNS = CALL_NUMBERS + CALL_TEXTS };

static const size_t number_offsets[CALL_NUMBERS] = {
    offsetof(struct call, id),
    offsetof(struct call, subaccount_id),
    offsetof(struct call, charged_id),
    offsetof(struct call, source_id),
    offsetof(struct call, fingerprint),
    offsetof(struct call, started_at),
    offsetof(struct call, answered_at),
    offsetof(struct call, ended_at),
    offsetof(struct call, duration_seconds),
    offsetof(struct call, billed_seconds),
    offsetof(struct call, price),
    offsetof(struct call, base_price),
    offsetof(struct call, posting_id),
    offsetof(struct call, recorded_at),
};
/* The enums follow the int64 columns. */
enum { FIRST_ENUM = 14, COLUMN_ANSWERED = 6, COLUMN_ENDED = 7, COLUMN_POSTING = 12 };

static const size_t text_offsets[CALL_TEXTS] = {
    offsetof(struct call, external_id), offsetof(struct call, reservation),
    offsetof(struct call, agent),       offsetof(struct call, project),
    offsetof(struct call, campaign),    offsetof(struct call, contact),
    offsetof(struct call, from),        offsetof(struct call, to),
    offsetof(struct call, outcome),     offsetof(struct call, sentiment),
    offsetof(struct call, summary),     offsetof(struct call, recording_url),
};

#define CALL_COLUMN_NAMES                                                                                              \
    "id, subaccount_id, charged_id, source_id, fingerprint, started_at, answered_at, ended_at, duration_seconds,"      \
    " billed_seconds, price_micros, base_price_micros, posting_id, recorded_at, tier, direction, status, external_id," \
    " reservation, agent, project, campaign, contact, from_number, to_number, outcome, sentiment, summary,"            \
    " recording_url"

#define INSERT_CALLS "INSERT INTO calls (" CALL_COLUMN_NAMES ", agency_id)"
/* In the list of what is selected, unnest() hands one row on after the other; in FROM each array would be copied first. */
#define CALL_ARRAYS                                                                                    \
    " SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::bigint[]),"  \
    " unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::bigint[]), unnest($8::bigint[]),"         \
    " unnest($9::bigint[]), unnest($10::bigint[]), unnest($11::bigint[]), unnest($12::bigint[]),"      \
    " unnest($13::bigint[]), unnest($14::bigint[]), unnest($15::smallint[]), unnest($16::smallint[])," \
    " unnest($17::smallint[]), unnest($18::text[]), unnest($19::text[]), unnest($20::text[]),"         \
    " unnest($21::text[]), unnest($22::text[]), unnest($23::text[]), unnest($24::text[]),"             \
    " unnest($25::text[]), unnest($26::text[]), unnest($27::text[]), unnest($28::text[]),"             \
    " unnest($29::text[]), $30::bigint"

/* Those that are new: known ones are passed over. */
static const struct db_bulk insert_new_calls = {
    .row_sql = INSERT_CALLS
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
    " $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)"
    " ON CONFLICT (agency_id, source_id, external_id) DO NOTHING",
    .set_sql = INSERT_CALLS CALL_ARRAYS
    " ON CONFLICT (agency_id, source_id, external_id) DO NOTHING RETURNING id",
};

/* All or nothing, which costs PostgreSQL a third less, and nobody waits for an answer. */
static const struct db_bulk insert_all_calls = { .set_sql = INSERT_CALLS CALL_ARRAYS };

static void fill_numbers(struct tx *tx, struct call *const *calls, size_t n,
                         struct db_column *columns)
{
    for (size_t c = 0; c < CALL_NUMBERS; c++) {
        int64_t *numbers = ARENA_ARRAY(tx->arena, int64_t, n);
        if (c < FIRST_ENUM) {
            for (size_t i = 0; i < n; i++)
                numbers[i] = *(const int64_t *)((const char *)calls[i] + number_offsets[c]);
        }
        columns[c] = (struct db_column){ .type = DB_COLUMN_INT, .numbers = numbers };
    }
    int64_t *tier = (int64_t *)columns[FIRST_ENUM].numbers;
    int64_t *direction = (int64_t *)columns[FIRST_ENUM + 1].numbers;
    int64_t *status = (int64_t *)columns[FIRST_ENUM + 2].numbers;
    for (size_t i = 0; i < n; i++) {
        tier[i] = calls[i]->tier;
        direction[i] = calls[i]->direction;
        status[i] = calls[i]->status;
    }
}

/* Marks where a number stands for "none". */
static void fill_nulls(struct tx *tx, size_t n, struct db_column *column, int64_t none)
{
    bool *nulls = ARENA_ARRAY(tx->arena, bool, n);

    for (size_t i = 0; i < n; i++)
        nulls[i] = column->numbers[i] == none;
    column->nulls = nulls;
}

static void fill_texts(struct tx *tx, struct call *const *calls, size_t n,
                       struct db_column *columns)
{
    for (size_t c = 0; c < CALL_TEXTS; c++) {
        struct str *texts = ARENA_ARRAY(tx->arena, struct str, n);
        for (size_t i = 0; i < n; i++)
            texts[i] = *(const struct str *)((const char *)calls[i] + text_offsets[c]);
        columns[c] = (struct db_column){ .type = DB_COLUMN_TEXT, .texts = texts };
    }
}

struct inserted_search {
    struct call *const *calls;
    size_t n;
    bool *inserted;
};

/* Ids ascend, so the position of a returned one is found by halving. */
static void take_inserted(void *context, const struct db_rows *row)
{
    struct inserted_search *search = context;
    id64_t id = row_id(row, 0);
    size_t low = 0, high = search->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (search->calls[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < search->n && search->calls[low]->id == id) search->inserted[low] = true;
}

bool calls_insert(struct tx *tx, struct call *const *calls, size_t n, bool *inserted)
{
    struct db_column columns[CALL_COLUMNS];
    struct inserted_search search = { calls, n, inserted };

    if (n == 0) return true;
    for (size_t i = 0; i < n; i++)
        inserted[i] = tx->bets;
    fill_numbers(tx, calls, n, columns);
    fill_nulls(tx, n, &columns[COLUMN_ANSWERED], INSTANT_NONE);
    fill_nulls(tx, n, &columns[COLUMN_ENDED], INSTANT_NONE);
    fill_nulls(tx, n, &columns[COLUMN_POSTING], ID_NONE);
    fill_texts(tx, calls, n, columns + CALL_NUMBERS);
    return db_bulk_run(tx, tx->bets ? &insert_all_calls : &insert_new_calls, columns, CALL_COLUMNS,
                       n, ARGS(db_int(calls[0]->agency_id)), tx->bets ? NULL : take_inserted,
                       &search);
}

static void take_identity(void *context, const struct db_rows *row)
{
    struct call_identity *identities = context;
    struct call_identity *identity = &identities[row_int(row, 0)];

    identity->id = row_id(row, 1);
    identity->fingerprint = row_int(row, 2);
}

bool calls_identify(struct tx *tx, id64_t agency, struct call_identity *identities, size_t n)
{
    static const struct db_bulk find = {
        .row_sql =
            "SELECT $3, id, fingerprint FROM calls"
            " WHERE agency_id = $4 AND source_id = $1 AND external_id = $2" /* calls_identity */,
        .set_sql =
            "SELECT u.position, c.id, c.fingerprint"
            " FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS u (source, external, position)"
            " JOIN calls c ON c.agency_id = $4::bigint AND c.source_id = u.source"
            " AND c.external_id = u.external" /* calls_identity */,
    };
    int64_t *source = ARENA_ARRAY(tx->arena, int64_t, n),
            *position = ARENA_ARRAY(tx->arena, int64_t, n);
    struct str *external = ARENA_ARRAY(tx->arena, struct str, n);

    for (size_t i = 0; i < n; i++) {
        source[i] = identities[i].source_id;
        external[i] = identities[i].external_id;
        position[i] = (int64_t)i;
        identities[i].id = ID_NONE;
    }
    const struct db_column columns[] = { { .numbers = source },
                                         { .type = DB_COLUMN_TEXT, .texts = external },
                                         { .numbers = position } };
    return n == 0
        || db_bulk_run(tx, &find, columns, COUNT_OF(columns), n, ARGS(db_int(agency)),
                       take_identity, identities);
}

/* What call_list and call_load select, column by column. */
static const struct field call_row[] = {
    FIELD_ID(struct call, id, ID_CALL),
    FIELD_ID(struct call, subaccount_id, ID_SUBACCOUNT),
    FIELD_ID(struct call, charged_id, ID_SUBACCOUNT),
    FIELD_INTEGER(struct call, source_id),
    FIELD_INTEGER(struct call, fingerprint),
    FIELD_INSTANT(struct call, started_at),
    FIELD_INSTANT(struct call, answered_at),
    FIELD_INSTANT(struct call, ended_at),
    FIELD_INTEGER(struct call, duration_seconds),
    FIELD_INTEGER(struct call, billed_seconds),
    FIELD_MONEY(struct call, price),
    FIELD_MONEY(struct call, base_price),
    FIELD_ID(struct call, posting_id, ID_POSTING),
    FIELD_INSTANT(struct call, recorded_at),
    FIELD_NAME(struct call, tier, tier_names),
    FIELD_NAME(struct call, direction, call_direction_names),
    FIELD_NAME(struct call, status, call_status_names),
    FIELD_TEXT(struct call, external_id),
    FIELD_TEXT(struct call, reservation),
    FIELD_TEXT(struct call, agent),
    FIELD_TEXT(struct call, project),
    FIELD_TEXT(struct call, campaign),
    FIELD_TEXT(struct call, contact),
    FIELD_TEXT(struct call, from),
    FIELD_TEXT(struct call, to),
    FIELD_TEXT(struct call, outcome),
    FIELD_TEXT(struct call, sentiment),
    FIELD_TEXT(struct call, summary),
    FIELD_TEXT(struct call, recording_url),
    FIELD_TEXT(struct call, source),
    FIELD_TEXT(struct call, subaccount_name),
    FIELD_END,
};

#define SELECT_CALL                                                                                                    \
    "SELECT c.id, c.subaccount_id, c.charged_id, c.source_id, c.fingerprint, c.started_at, c.answered_at, c.ended_at," \
    " c.duration_seconds, c.billed_seconds, c.price_micros, c.base_price_micros, c.posting_id, c.recorded_at, c.tier," \
    " c.direction, c.status, c.external_id, c.reservation, c.agent, c.project, c.campaign, c.contact, c.from_number,"  \
    " c.to_number, c.outcome, c.sentiment, c.summary, c.recording_url, o.name, s.name FROM calls c"                    \
    " JOIN call_sources o ON o.agency_id = c.agency_id AND o.id = c.source_id"                                         \
    " JOIN subaccounts s ON s.agency_id = c.agency_id AND s.id = c.subaccount_id"

/* A filter that is not set is NULL; the reach is tested against the caller's grants in the store. */
#define CALL_FILTERS                                                                              \
    " AND c.started_at >= $3 AND c.started_at < $4"                                               \
    " AND ($5 < 0 OR c.status = $5) AND ($6 < 0 OR c.direction = $6) AND ($7 < 0 OR c.tier = $7)" \
    " AND ($8 = '' OR c.agent = $8) AND ($9 = '' OR c.campaign = $9)"                             \
    " AND ($10 = '' OR LOWER(c.external_id) LIKE $10 ESCAPE '\\'"                                 \
    " OR LOWER(c.from_number) LIKE $10 ESCAPE '\\' OR LOWER(c.to_number) LIKE $10 ESCAPE '\\')"   \
    " AND c.subaccount_id <> $14"

/* The four ways to walk: one account (calls_by_subaccount) or the agency (calls_by_start), newest or oldest first. */
static const char *const list_sql[2][2] = {
    {
        SELECT_CALL
        " WHERE c.agency_id = $1 AND $2 = 0" CALL_FILTERS
        " AND (c.started_at, c.id) < ($11, $12) ORDER BY c.started_at DESC, c.id DESC LIMIT $13",
        SELECT_CALL " WHERE c.agency_id = $1 AND $2 = 0" CALL_FILTERS
                    " AND (c.started_at, c.id) > ($11, $12) ORDER BY c.started_at, c.id LIMIT $13",
    },
    {
        SELECT_CALL
        " WHERE c.agency_id = $1 AND c.subaccount_id = $2" CALL_FILTERS
        " AND (c.started_at, c.id) < ($11, $12) ORDER BY c.started_at DESC, c.id DESC LIMIT $13",
        SELECT_CALL " WHERE c.agency_id = $1 AND c.subaccount_id = $2" CALL_FILTERS
                    " AND (c.started_at, c.id) > ($11, $12) ORDER BY c.started_at, c.id LIMIT $13",
    },
};

/* "%text%" in lower case with LIKE's own signs escaped; empty for no search. */
static struct str like_pattern(struct arena *arena, struct str text)
{
    struct str search = str_fold(arena, text);
    struct buffer pattern = buffer_new(arena, search.len + 8);

    if (search.len == 0) return STR("");
    buffer_add_byte(&pattern, '%');
    for (size_t i = 0; i < search.len; i++) {
        if (search.at[i] == '%' || search.at[i] == '_' || search.at[i] == '\\')
            buffer_add_byte(&pattern, '\\');
        buffer_add_byte(&pattern, search.at[i]);
    }
    buffer_add_byte(&pattern, '%');
    return buffer_str(&pattern);
}

static struct str or_empty(struct str text)
{
    return str_is_absent(text) ? STR("") : text;
}

/* One walk: the agency's calls, or those of one account. */
static bool list_of(struct tx *tx, id64_t agency, id64_t subaccount,
                    const struct call_filter *filter, struct list *out)
{
    bool first_page = filter->after_start == INSTANT_NONE;
    instant_t after_start = !first_page ? filter->after_start
        : filter->oldest_first          ? INT64_MIN
                                        : INT64_MAX;
    id64_t after_id = !first_page ? filter->after_id : filter->oldest_first ? 0 : INT64_MAX;
    instant_t from = filter->from != INSTANT_NONE ? filter->from : INT64_MIN;
    instant_t to = filter->to != INSTANT_NONE ? filter->to : INT64_MAX;

    return db_list(tx, list_sql[subaccount != ID_NONE][filter->oldest_first],
                   ARGS(db_int(agency), db_int(subaccount), db_int(from), db_int(to),
                        db_int(filter->status), db_int(filter->direction), db_int(filter->tier),
                        db_text(or_empty(filter->agent)), db_text(or_empty(filter->campaign)),
                        db_text(like_pattern(tx->arena, filter->search)), db_int(after_start),
                        db_int(after_id), db_int(filter->limit), db_int(filter->except)),
                   call_row, sizeof(struct call), (size_t)filter->limit, out);
}

static int compare_newest_first(const void *a, const void *b)
{
    const struct call *x = a, *y = b;
    if (x->started_at != y->started_at) return x->started_at < y->started_at ? 1 : -1;
    return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

static int compare_oldest_first(const void *a, const void *b)
{
    return compare_newest_first(b, a);
}

/* Some accounts: a page of each, merged. A person is granted a handful. */
static bool list_of_reach(struct tx *tx, id64_t agency, const struct call_filter *filter,
                          struct list *out)
{
    struct call *merged =
        ARENA_ARRAY(tx->arena, struct call, filter->n_reach * (size_t)filter->limit + 1);
    size_t n = 0;

    for (size_t i = 0; i < filter->n_reach; i++) {
        struct list page;
        if (!list_of(tx, agency, filter->reach[i], filter, &page)) return false;
        for (size_t j = 0; j < page.count; j++)
            merged[n++] = ((const struct call *)page.at)[j];
    }
    qsort(merged, n, sizeof(*merged),
          filter->oldest_first ? compare_oldest_first : compare_newest_first);
    *out = (struct list){ merged, n < (size_t)filter->limit ? n : (size_t)filter->limit };
    return true;
}

bool call_list(struct tx *tx, id64_t agency, const struct call_filter *filter, struct list *out)
{
    if (filter->subaccount == ID_NONE && filter->reach != NULL)
        return list_of_reach(tx, agency, filter, out);
    return list_of(tx, agency, filter->subaccount, filter, out);
}

bool call_load(struct tx *tx, id64_t agency, id64_t id, struct call *out)
{
    return db_find(tx, SELECT_CALL " WHERE c.agency_id = $1 AND c.id = $2",
                   ARGS(db_int(agency), db_int(id)), call_row, out, NULL);
}
