#include "store/many.h"

struct taking {
    many_function take;
    void *context;
};

static void take_found(void *context, const struct db_rows *row)
{
    const struct taking *taking = context;

    taking->take(taking->context, (size_t)row_int(row, 0), row);
}

bool many_find_each(struct tx *tx, const struct db_bulk *each, const id64_t *ids, size_t n,
                    struct db_args shared, many_function take, void *context)
{
    struct taking taking = { take, context };
    int64_t *positions = ARENA_ARRAY(tx->arena, int64_t, n);

    for (size_t i = 0; i < n; i++)
        positions[i] = (int64_t)i;

    const struct db_column columns[] = { { .numbers = ids }, { .numbers = positions } };

    return n == 0
        || db_bulk_run(tx, each, columns, COUNT_OF(columns), n, shared, take_found, &taking);
}

/* Ids and rows go forward together; owners that were not asked for are passed over. */
static bool walk(struct tx *tx, const struct many_sql *sql, const id64_t *ids, size_t n,
                 struct db_args shared, struct taking taking)
{
    struct db_rows rows;
    size_t at = 0;
    id64_t last = ID_NONE;

    if (!db_query(tx, &rows, sql->all, shared)) return false;
    while (db_next(&rows)) {
        id64_t owner = row_id(&rows, 0);

        if (owner < last) at = 0; /* the next run */
        last = owner;
        while (at < n && ids[at] < owner)
            at++;
        if (at < n && ids[at] == owner) taking.take(taking.context, at, &rows);
    }
    return db_done(&rows);
}

static bool ascend(const id64_t *ids, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (ids[i] <= ids[i - 1]) return false;
    }
    return true;
}

bool many_find(struct tx *tx, const struct many_sql *sql, const id64_t *ids, size_t n,
               struct db_args shared, many_function take, void *context)
{
    const struct taking taking = { take, context };

    if (n == 0) return true;
    return n >= MANY_WALK_FROM && ascend(ids, n)
        ? walk(tx, sql, ids, n, shared, taking)
        : many_find_each(tx, &sql->each, ids, n, shared, take, context);
}
