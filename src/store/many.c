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
bool many_walk(struct tx *tx, const char *all, const id64_t *ids, size_t n, struct db_args args,
               many_function take, void *context)
{
    struct db_rows rows;
    size_t at = 0;
    id64_t last = ID_NONE;

    if (!db_query(tx, &rows, all, args)) return false;
    while (db_next(&rows)) {
        id64_t owner = row_id(&rows, 0);

        if (owner < last) at = 0; /* the next run */
        last = owner;
        while (at < n && ids[at] < owner)
            at++;
        if (at < n && ids[at] == owner) take(context, at, &rows);
    }
    return db_done(&rows);
}

bool many_are_walked(const id64_t *ids, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (ids[i] <= ids[i - 1]) return false;
    }
    return n >= MANY_WALK_FROM;
}

bool many_find(struct tx *tx, const struct many_sql *sql, const id64_t *ids, size_t n,
               struct db_args shared, many_function take, void *context)
{
    return many_are_walked(ids, n) ? many_walk(tx, sql->all, ids, n, shared, take, context)
                                   : many_find_each(tx, &sql->each, ids, n, shared, take, context);
}
