#include "engine/accounts.h"

#include "base/fibonacci_hash.h"
#include "store/agencies.h"
#include "store/subaccount_rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    AGENCIES_CACHED_MAX =
        1024, /* beyond it everything is forgotten and loaded again as it is needed */
    AGENCY_ARENA_BYTES = 64 * 1024,
    RELOADS_BEFORE_FRESH =
        256, /* incremental loads after which an agency is loaded afresh, to drop old versions' memory */
    SOURCES_MAX = 1024, /* distinct sources of call records in an agency */
};

/* Open addressing from a hash to a position in accounts_index.at; slots hold position + 1, 0 is free. */
struct slots {
    uint32_t *at;
    size_t mask;
};

struct accounts_index {
    struct charged_account *at;
    size_t count, capacity;
    struct arena *arena; /* of the two tables alone: emptied at each rebuild */
    struct slots by_id, by_reference;
};

struct call_source {
    struct str name;
    int64_t id;
};

/* An agency with what only the cache knows about it. */
struct cached_agency {
    struct charged_agency agency; /* first: callers hold a pointer to it */
    struct arena *arena;
    struct accounts_index index;
    struct call_source *sources;
    size_t n_sources;
    unsigned reloads;
    bool uncommitted; /* loaded within a unit that has not been committed yet */
};

struct accounts_cache {
    struct cached_agency *at[AGENCIES_CACHED_MAX];
    size_t count;
};

struct accounts_cache *accounts_cache_new(void)
{
    struct accounts_cache *cache = calloc(1, sizeof(*cache));
    assert(cache != NULL);
    return cache;
}

static void cached_agency_free(struct cached_agency *cached)
{
    arena_free(cached->index.arena);
    arena_free(cached->arena);
    free(cached);
}

void accounts_cache_free(struct accounts_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        cached_agency_free(cache->at[i]);
    free(cache);
}

void accounts_cache_rolled_back(struct accounts_cache *cache)
{
    for (size_t i = 0; i < cache->count;) {
        if (cache->at[i]->uncommitted) {
            cached_agency_free(cache->at[i]);
            cache->at[i] = cache->at[--cache->count];
        } else {
            i++;
        }
    }
}

void accounts_cache_committed(struct accounts_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        cache->at[i]->uncommitted = false;
}

static uint64_t id_hash(id64_t id)
{
    uint64_t x = fibonacci_hash((uint64_t)id);
    return x ^ (x >> 32);
}

static struct slots slots_new(struct arena *arena, size_t count)
{
    size_t capacity = 16;
    while (capacity < count * 2)
        capacity *= 2;
    return (struct slots){ .at = ARENA_ARRAY(arena, uint32_t, capacity), .mask = capacity - 1 };
}

static void slots_put(struct slots *slots, uint64_t hash, size_t position)
{
    size_t i = hash & slots->mask;
    while (slots->at[i] != 0)
        i = (i + 1) & slots->mask;
    slots->at[i] = (uint32_t)position + 1;
}

/* Both tables anew: after accounts came or references changed. */
static void index_rebuild(struct accounts_index *index)
{
    arena_reset(index->arena);
    index->by_id = slots_new(index->arena, index->count);
    index->by_reference = slots_new(index->arena, index->count);
    for (size_t i = 0; i < index->count; i++) {
        slots_put(&index->by_id, id_hash(index->at[i].id), i);
        if (!str_is_absent(index->at[i].reference))
            slots_put(&index->by_reference, str_hash(index->at[i].reference), i);
    }
}

struct charged_account *accounts_by_id(struct charged_agency *agency, id64_t id)
{
    struct accounts_index *index = agency->index;
    size_t i = id_hash(id) & index->by_id.mask;

    for (; index->by_id.at[i] != 0; i = (i + 1) & index->by_id.mask) {
        struct charged_account *account = &index->at[index->by_id.at[i] - 1];
        if (account->id == id) return account;
    }
    return NULL;
}

static struct charged_account *account_by_reference(struct accounts_index *index,
                                                    struct str reference)
{
    size_t i = str_hash(reference) & index->by_reference.mask;

    for (; index->by_reference.at[i] != 0; i = (i + 1) & index->by_reference.mask) {
        struct charged_account *account = &index->at[index->by_reference.at[i] - 1];
        if (str_equal(account->reference, reference)) return account;
    }
    return NULL;
}

struct charged_account *accounts_find(struct charged_agency *agency, struct str name)
{
    id64_t id;

    if (id_parse(ID_SUBACCOUNT, name, &id)) {
        struct charged_account *account = accounts_by_id(agency, id);
        if (account != NULL) return account;
    }
    return account_by_reference(agency->index, name);
}

/* The account with this id, made when it is new. */
static struct charged_account *account_slot(struct cached_agency *cached, id64_t id)
{
    struct accounts_index *index = &cached->index;
    struct charged_account *known = accounts_by_id(&cached->agency, id);

    if (known != NULL) return known;
    if (index->count == index->capacity) {
        size_t capacity = index->capacity == 0 ? 64 : index->capacity * 2;
        struct charged_account *at = ARENA_ARRAY(cached->arena, struct charged_account, capacity);
        if (index->count > 0) memcpy(at, index->at, index->count * sizeof(*at));
        index->at = at;
        index->capacity = capacity;
    }
    return &index->at[index->count++];
}

/* Those that changed since the version that is held. Without statistics SQLite takes the key that gives the order, and goes
   through all of an agency's rows for them. */
static bool query_accounts(const struct cached_agency *cached, struct tx *tx, struct db_rows *rows)
{
#define COLUMNS                                                                          \
    "SELECT s.id, s.kind, s.status, s.reference, s.billing_anchor, s.concurrency_limit," \
    " r.threshold_micros FROM subaccounts s"
#define RECHARGES                                                             \
    " LEFT JOIN auto_recharges r ON r.agency_id = s.agency_id"                \
    " AND r.subaccount_id = s.id AND r.enabled = 1 AND r.purchase_id IS NULL" \
    " AND r.waits_until IS NULL WHERE s.agency_id = $1"
    static const char all[] = COLUMNS RECHARGES " ORDER BY s.id" /* its key */;
    static const char changed[] = COLUMNS " /*sqlite INDEXED BY subaccounts_by_version*/" RECHARGES
                                          " AND s.version > $2 ORDER BY s.id";
#undef RECHARGES
#undef COLUMNS
    id64_t agency = cached->agency.id;
    int64_t since = cached->agency.version;

    return since == SUBACCOUNTS_ALL
        ? db_query(tx, rows, all, ARGS(db_int(agency)))
        : db_query(tx, rows, changed, ARGS(db_int(agency), db_int(since)));
}

static bool load_accounts(struct cached_agency *cached, struct tx *tx)
{
    struct db_rows rows;

    if (!query_accounts(cached, tx, &rows)) return false;
    while (db_next(&rows)) {
        struct charged_account *account = account_slot(cached, row_id(&rows, 0));
        memset(account, 0, sizeof(*account));
        account->id = row_id(&rows, 0);
        account->kind = name_index(subaccount_kind_names, row_text(&rows, 1));
        account->status = name_index(subaccount_status_names, row_text(&rows, 2));
        account->reference = str_copy(cached->arena, row_text(&rows, 3));
        account->concurrency_limit = row_int(&rows, 5); /* NULL: CONCURRENCY_UNLIMITED */
        if (!date_parse(row_text(&rows, 4), &account->billing_anchor)) rows.failed = true;
        account->recharge_below =
            account->status == SUBACCOUNT_ACTIVE ? row_micros(&rows, 6) : MICROS_NONE;
    }
    if (!db_done(&rows)) return false;
    index_rebuild(&cached->index);
    return true;
}

/* Appends a point, in its order, to a history that this arena has made; its room doubles whenever it is full. */
static void history_append(struct arena *arena, struct price_history *history,
                           struct price_point point)
{
    struct price_point *at = (struct price_point *)history->at;

    if ((history->count & (history->count - 1)) == 0) {
        at = ARENA_ARRAY(arena, struct price_point, history->count == 0 ? 1 : history->count * 2);
        if (history->count > 0) memcpy(at, history->at, history->count * sizeof(*at));
        history->at = at;
    }
    at[history->count++] = point;
}

static void take_client_price(void *context, id64_t owner, enum tier tier, struct price_point point)
{
    struct cached_agency *cached = context;
    struct charged_account *account = accounts_by_id(&cached->agency, owner);

    if (account != NULL) history_append(cached->arena, &account->client[tier], point);
}

/* Client prices of the accounts that changed: load_accounts emptied their histories. */
static bool load_client_prices(struct cached_agency *cached, struct tx *tx)
{
    return subaccount_price_points(tx, cached->agency.id, cached->agency.version, take_client_price,
                                   cached);
}

static bool load_base_prices(struct cached_agency *cached, struct tx *tx)
{
    struct tier_histories loaded;

    if (!price_histories_load(tx, cached->agency.id, cached->agency.id, &loaded)) return false;
    memset(cached->agency.base, 0, sizeof(cached->agency.base));
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        for (size_t i = 0; i < loaded.of[tier].count; i++)
            history_append(cached->arena, &cached->agency.base[tier], loaded.of[tier].at[i]);
    }
    return true;
}

static bool load_increments(struct cached_agency *cached, struct tx *tx)
{
    static const struct field fields[] = {
        FIELD_INSTANT(struct increment_point, from),
        FIELD_INTEGER(struct increment_point, increment.first_seconds),
        FIELD_INTEGER(struct increment_point, increment.step_seconds),
        FIELD_END,
    };
    struct list points;

    if (!db_list(tx,
                 "SELECT effective_at, first_seconds, step_seconds FROM increment_points"
                 " WHERE agency_id = $1 ORDER BY effective_at" /* increment_points' key */,
                 ARGS(db_int(cached->agency.id)), fields, sizeof(struct increment_point), SIZE_MAX,
                 &points))
        return false;
    struct increment_point *copy =
        ARENA_ARRAY(cached->arena, struct increment_point, points.count + 1);
    if (points.count > 0) memcpy(copy, points.at, points.count * sizeof(*copy));
    cached->agency.increments = copy;
    cached->agency.n_increments = points.count;
    return true;
}

/* What the agency's own row says now; on PostgreSQL it stays so until this transaction ends. */
struct agency_head {
    int64_t version;
    instant_t changed_at;
    id64_t primary_id;
    struct str timezone;
    struct hold_settings holds;
};

static bool agency_head_read(struct tx *tx, id64_t agency, struct agency_head *out)
{
    static const struct field fields[] = {
        FIELD_INTEGER(struct agency_head, version),
        FIELD_INSTANT(struct agency_head, changed_at),
        FIELD_ID(struct agency_head, primary_id, ID_SUBACCOUNT),
        FIELD_TEXT(struct agency_head, timezone),
        FIELD_INTEGER(struct agency_head, holds.hold_seconds),
        FIELD_INTEGER(struct agency_head, holds.extension_seconds),
        FIELD_INTEGER(struct agency_head, holds.grace_seconds),
        FIELD_INTEGER(struct agency_head, holds.concurrency_limit),
        FIELD_END,
    };
    return db_find(
        tx,
        "SELECT version, changed_at, primary_id, timezone, hold_seconds,"
        " extension_seconds, hold_grace_seconds, COALESCE(concurrency_limit, 0) FROM agencies WHERE id = $1"
        " /*postgres FOR SHARE*/",
        ARGS(db_int(agency)), fields, out, NULL);
}

/* Brings the cached agency to the version of this transaction. */
static bool refresh(struct cached_agency *cached, struct tx *tx, const struct agency_head *head)
{
    cached->uncommitted = true;
    cached->reloads++;
    cached->agency.primary_id = head->primary_id;
    cached->agency.holds = head->holds;
    cached->agency.zone = zone_find(head->timezone);
    if (cached->agency.zone == NULL)
        return fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
    if (!load_accounts(cached, tx) || !load_client_prices(cached, tx)
        || !load_base_prices(cached, tx) || !load_increments(cached, tx))
        return false;
    for (size_t i = 0; i < cached->index.count; i++)
        cached->index.at[i].last_period = (struct period){ 0, 0 }; /* the zone may be another */
    cached->agency.version = head->version;
    return true;
}

static void forget(struct accounts_cache *cache, struct cached_agency *cached)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (cache->at[i] == cached) {
            cached_agency_free(cached);
            cache->at[i] = cache->at[--cache->count];
            return;
        }
    }
}

static struct cached_agency *find_cached(const struct accounts_cache *cache, id64_t agency)
{
    for (size_t i = 0; i < cache->count; i++) {
        if (cache->at[i]->agency.id == agency) return cache->at[i];
    }
    return NULL;
}

static struct cached_agency *add_cached(struct accounts_cache *cache, id64_t agency)
{
    if (cache->count == AGENCIES_CACHED_MAX) {
        for (size_t i = 0; i < cache->count; i++)
            cached_agency_free(cache->at[i]);
        cache->count = 0;
    }
    struct cached_agency *cached = calloc(1, sizeof(*cached));
    assert(cached != NULL);
    cached->arena = arena_new(AGENCY_ARENA_BYTES);
    cached->index.arena = arena_new(AGENCY_ARENA_BYTES);
    cached->agency.id = agency;
    cached->agency.version = SUBACCOUNTS_ALL;
    cached->agency.index = &cached->index;
    cached->sources = ARENA_ARRAY(cached->arena, struct call_source, SOURCES_MAX);
    index_rebuild(&cached->index);
    cache->at[cache->count++] = cached;
    return cached;
}

struct charged_agency *accounts_load(struct accounts_cache *cache, struct tx *tx, id64_t agency)
{
    struct agency_head head;
    struct cached_agency *cached = find_cached(cache, agency);

    if (!agency_head_read(tx, agency, &head)) return NULL;
    agency_come_after(tx, head.changed_at);
    if (cached != NULL && cached->reloads >= RELOADS_BEFORE_FRESH) {
        forget(cache, cached);
        cached = NULL;
    }
    if (cached == NULL) cached = add_cached(cache, agency);
    if (cached->agency.version != head.version && !refresh(cached, tx, &head)) {
        forget(cache, cached);
        return NULL;
    }
    return &cached->agency;
}

struct period accounts_period(const struct charged_agency *agency, struct charged_account *account,
                              instant_t at)
{
    if (at < account->last_period.start || at >= account->last_period.end)
        account->last_period = cycle_at(account->billing_anchor, agency->zone, at);
    return account->last_period;
}

void accounts_prices(const struct charged_agency *agency, const struct charged_account *account,
                     instant_t at, micros_t out[TIER_COUNT])
{
    for (int tier = 0; tier < TIER_COUNT; tier++)
        out[tier] = price_effective(price_in_force(agency->base[tier], at),
                                    price_in_force(account->client[tier], at));
}

/* Claims the next number for a name, 0 when there are too many; another node may have done so meanwhile, so the row is
   read back. */
static bool source_claim(struct tx *tx, id64_t agency, struct str name, int64_t *id)
{
    static const char find[] =
        "SELECT id FROM call_sources WHERE agency_id = $1 AND name = $2"; /* call_sources_by_name */

    if (!db_find_int(tx, find, ARGS(db_int(agency), db_text(name)), 0, id)) return false;
    if (*id != 0) return true;
    /* The agency's row is locked so that two nodes do not take the same number. */
    if (!db_run(tx, "UPDATE agencies SET version = version WHERE id = $1", ARGS(db_int(agency)),
                NULL)
        || !db_run(tx,
                   "INSERT INTO call_sources (agency_id, id, name)"
                   " SELECT $1, COALESCE(MAX(id), 0) + 1, $2 FROM call_sources WHERE agency_id = $1"
                   " HAVING COALESCE(MAX(id), 0) < $3 ON CONFLICT DO NOTHING",
                   ARGS(db_int(agency), db_text(name), db_int(SOURCES_MAX)), NULL))
        return false;
    return db_find_int(tx, find, ARGS(db_int(agency), db_text(name)), 0, id);
}

enum reason accounts_source(struct charged_agency *agency, struct tx *tx, struct str name,
                            int64_t *id)
{
    struct cached_agency *cached = (struct cached_agency *)agency;

    for (size_t i = 0; i < cached->n_sources; i++) {
        if (str_equal(cached->sources[i].name, name)) {
            *id = cached->sources[i].id;
            return REASON_NONE;
        }
    }
    if (cached->n_sources == SOURCES_MAX) return REASON_TOO_MANY_SOURCES;
    if (!source_claim(tx, agency->id, name, id)) return tx->problem->reason;
    if (*id == 0) return REASON_TOO_MANY_SOURCES;
    cached->uncommitted = true;
    cached->sources[cached->n_sources++] =
        (struct call_source){ str_copy(cached->arena, name), *id };
    return REASON_NONE;
}
