/* Single facts about the store (store/agencies.h). */
#include "store/agencies.h"

bool store_fact_find(struct tx *tx, struct str name, struct str *out)
{
    struct db_rows rows;

    *out = STR_NONE;
    if (!db_query(tx, &rows, "SELECT value FROM store_facts WHERE name = $1", ARGS(db_text(name))))
        return false;
    if (db_next(&rows)) *out = row_text(&rows, 0);
    return db_done(&rows);
}

bool store_fact_set(struct tx *tx, struct str name, struct str value)
{
    return db_run(tx,
                  "INSERT INTO store_facts (name, value) VALUES ($1, $2)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  ARGS(db_text(name), db_text(value)), NULL);
}

bool store_fact_set_once(struct tx *tx, struct str name, struct str value)
{
    return db_run(tx,
                  "INSERT INTO store_facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                  ARGS(db_text(name), db_text(value)), NULL);
}

bool store_fact_delete(struct tx *tx, struct str name)
{
    return db_run(tx, "DELETE FROM store_facts WHERE name = $1", ARGS(db_text(name)), NULL);
}
