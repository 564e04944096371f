#include "store/connections.h"

#define SELECT_CONNECTION                                                                          \
    "SELECT agency_id, id, token_sealed, secret_sealed, name, engine, tier, fallback_id, mapping," \
    " created_by, created_at, removed_at FROM engine_connections"

static void read_row(const struct db_rows *rows, struct connection *out)
{
    *out = (struct connection){
        .agency_id = row_id(rows, 0),
        .id = row_id(rows, 1),
        .token_sealed = row_bytes(rows, 2),
        .secret_sealed = row_bytes(rows, 3),
        .name = row_text(rows, 4),
        .engine = row_name(rows, 5, adapter_names),
        .tier = (int)row_int(rows, 6),
        .fallback = row_id(rows, 7),
        .mapping = row_text(rows, 8),
        .created_by = row_id(rows, 9),
        .created_at = row_instant(rows, 10),
        .removed_at = row_instant(rows, 11),
    };
}

static bool find_one(struct tx *tx, const char *sql, struct db_args args, struct connection *out,
                     bool *found)
{
    struct db_rows rows;

    if (!db_query(tx, &rows, sql, args)) return false;
    *found = db_next(&rows);
    if (*found) read_row(&rows, out);
    return db_done(&rows);
}

bool connection_insert(struct tx *tx, const struct connection *connection,
                       const struct hash *token_hash)
{
    return db_run(
        tx,
        "INSERT INTO engine_connections (agency_id, id, token_hash, token_sealed, secret_sealed, name,"
        " engine, tier, fallback_id, mapping, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        ARGS(db_int(connection->agency_id), db_int(connection->id), db_hash(token_hash->at),
             db_bytes(connection->token_sealed), db_bytes(connection->secret_sealed),
             db_text(connection->name), db_text(str_from_c(adapter_names[connection->engine])),
             db_int(connection->tier), db_id(connection->fallback), db_text(connection->mapping),
             db_id(connection->created_by), db_int(connection->created_at)),
        NULL);
}

bool connection_update(struct tx *tx, const struct connection *connection)
{
    return db_change_one(
        tx,
        "UPDATE engine_connections SET name = $3, secret_sealed = $4, tier = $5, fallback_id = $6,"
        " mapping = $7 WHERE agency_id = $1 AND id = $2 AND removed_at IS NULL",
        ARGS(db_int(connection->agency_id), db_int(connection->id), db_text(connection->name),
             db_bytes(connection->secret_sealed), db_int(connection->tier),
             db_id(connection->fallback), db_text(connection->mapping)));
}

bool connection_remove(struct tx *tx, id64_t agency, id64_t id)
{
    return db_change_one(tx,
                         "UPDATE engine_connections SET removed_at = $3, secret_sealed = NULL"
                         " WHERE agency_id = $1 AND id = $2 AND removed_at IS NULL",
                         ARGS(db_int(agency), db_int(id), db_int(tx->now)));
}

bool connection_load(struct tx *tx, id64_t agency, id64_t id, struct connection *out)
{
    bool found;

    return find_one(tx, SELECT_CONNECTION " WHERE agency_id = $1 AND id = $2" /* the key */,
                    ARGS(db_int(agency), db_int(id)), out, &found)
        && (found || fail_as(tx->problem, REASON_NOT_FOUND, NULL));
}

bool connection_find_by_token(struct tx *tx, const struct hash *token_hash, struct connection *out,
                              bool *found)
{
    return find_one(
        tx,
        SELECT_CONNECTION
        " WHERE token_hash = $1 AND removed_at IS NULL" /* engine_connections_by_token */,
        ARGS(db_hash(token_hash->at)), out, found);
}

bool connection_list(struct tx *tx, id64_t agency, struct list *out)
{
    struct connection *all = ARENA_ARRAY(tx->arena, struct connection, ENGINE_CONNECTIONS_MAX);
    struct db_rows rows;

    *out = (struct list){ all, 0 };
    if (!db_query(
            tx, &rows,
            SELECT_CONNECTION
            " WHERE agency_id = $1 AND removed_at IS NULL ORDER BY id DESC LIMIT $2" /* the key */,
            ARGS(db_int(agency), db_int(ENGINE_CONNECTIONS_MAX))))
        return false;
    while (db_next(&rows))
        read_row(&rows, &all[out->count++]);
    return db_done(&rows);
}

/* clang-format off */
static const struct field rule_row[] = {
    FIELD_TEXT(struct connection_rule, key),
    FIELD_ID(struct connection_rule, subaccount, ID_SUBACCOUNT),
    FIELD_END,
};
/* clang-format on */

bool connection_rules(struct tx *tx, id64_t agency, id64_t connection, struct list *out)
{
    return db_list(tx,
                   "SELECT rule_key, subaccount_id FROM engine_rules WHERE agency_id = $1"
                   " AND connection_id = $2 ORDER BY rule_key LIMIT $3" /* the key */,
                   ARGS(db_int(agency), db_int(connection), db_int(ENGINE_RULES_MAX)), rule_row,
                   sizeof(struct connection_rule), ENGINE_RULES_MAX, out);
}

bool connection_rule_find(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                          id64_t *subaccount)
{
    return db_find_int(tx,
                       "SELECT subaccount_id FROM engine_rules WHERE agency_id = $1"
                       " AND connection_id = $2 AND rule_key = $3" /* the key */,
                       ARGS(db_int(agency), db_int(connection), db_text(key)), ID_NONE, subaccount);
}

bool connection_rules_count(struct tx *tx, id64_t agency, id64_t connection, int64_t *out)
{
    return db_find_int(
        tx,
        "SELECT COUNT(*) FROM engine_rules WHERE agency_id = $1 AND connection_id = $2" /* the key */
        ,
        ARGS(db_int(agency), db_int(connection)), 0, out);
}

bool connection_rule_set(struct tx *tx, id64_t agency, id64_t connection,
                         const struct connection_rule *rule)
{
    return db_run(tx,
                  "INSERT INTO engine_rules (agency_id, connection_id, rule_key, subaccount_id,"
                  " created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (agency_id, connection_id,"
                  " rule_key) DO UPDATE SET subaccount_id = excluded.subaccount_id",
                  ARGS(db_int(agency), db_int(connection), db_text(rule->key),
                       db_int(rule->subaccount), db_int(tx->now)),
                  NULL);
}

bool connection_rules_clear(struct tx *tx, id64_t agency, id64_t connection)
{
    return db_run(tx, "DELETE FROM engine_rules WHERE agency_id = $1 AND connection_id = $2",
                  ARGS(db_int(agency), db_int(connection)), NULL);
}
