#include "engine/connections.h"

#include "base/id.h"
#include "base/seal.h"

#define PURPOSE "engines1"

/* Sealed for one connection and one use: neither another's row nor the other column opens it. */
static struct str context_of(struct tx *tx, const struct connection *connection, const char *what)
{
    return str_format(tx->arena, "engine %s %lld %lld", what, (long long)connection->agency_id,
                      (long long)connection->id);
}

static bool seal_text(struct tx *tx, struct str secret_key, const struct connection *connection,
                      const char *what, struct str text, struct bytes *out)
{
    if (str_is_absent(secret_key)) return fail_as(tx->problem, REASON_SECRET_KEY_MISSING, NULL);
    struct seal_key key = seal_key_of(secret_key, PURPOSE);
    struct bytes clear = { (const unsigned char *)text.at, text.len };

    *out = seal(tx->arena, &key, clear, context_of(tx, connection, what));
    return true;
}

static bool open_text(struct tx *tx, struct str secret_key, const struct connection *connection,
                      const char *what, struct bytes sealed, struct str *out)
{
    struct bytes clear;

    if (str_is_absent(secret_key)) return fail_as(tx->problem, REASON_SECRET_KEY_MISSING, NULL);
    struct seal_key key = seal_key_of(secret_key, PURPOSE);
    if (!seal_open(tx->arena, &key, sealed, context_of(tx, connection, what), &clear))
        return fail(tx->problem, REASON_INTERNAL, NULL,
                    "a connection's secret does not open with this server's secret key");
    *out = (struct str){ (const char *)clear.at, clear.len };
    return true;
}

bool connection_seal_token(struct tx *tx, struct str secret_key, struct connection *connection,
                           struct str token, struct hash *hash)
{
    *hash = hash_of(token);
    return seal_text(tx, secret_key, connection, "token", token, &connection->token_sealed);
}

bool connection_open_token(struct tx *tx, struct str secret_key,
                           const struct connection *connection, struct str *out)
{
    return open_text(tx, secret_key, connection, "token", connection->token_sealed, out);
}

bool connection_seal_secret(struct tx *tx, struct str secret_key, struct connection *connection,
                            struct str secret)
{
    connection->secret_sealed = (struct bytes){ 0 };
    return str_is_absent(secret)
        || seal_text(tx, secret_key, connection, "secret", secret, &connection->secret_sealed);
}

bool connection_open_secret(struct tx *tx, struct str secret_key,
                            const struct connection *connection, struct str *out)
{
    *out = STR_NONE;
    return connection->secret_sealed.at == NULL
        || open_text(tx, secret_key, connection, "secret", connection->secret_sealed, out);
}

/* What is stored was checked when it came in. */
bool connection_mapping(struct tx *tx, const struct connection *connection,
                        const struct mapping **out)
{
    struct mapping *own = ARENA_NEW(tx->arena, struct mapping);
    const struct cJSON *tree;

    *out = adapter_of((enum adapter_kind)connection->engine)->mapping;
    if (str_is_absent(connection->mapping)) return true;
    *out = own;
    return json_parse(tx->arena, connection->mapping, tx->problem, &tree)
        && fields_from_json(mapping_fields, FIELDS_CLOSED, tx->arena, tree, STR(""), tx->problem,
                            own, NULL);
}

bool connection_remember(struct tx *tx, const struct connection *connection,
                         const struct connection_rule *rule)
{
    int64_t count;

    return connection_rule_set(tx, connection->agency_id, connection->id, rule)
        && connection_rules_count(tx, connection->agency_id, connection->id, &count)
        && (count <= ENGINE_RULES_MAX || fail_as(tx->problem, REASON_TOO_MANY_RULES, NULL));
}

struct str connection_source(struct arena *arena, const struct connection *connection)
{
    return adapter_of((enum adapter_kind)connection->engine)->names_calls_apart
        ? str_from_c(adapter_names[connection->engine])
        : id_format(arena, ID_ENGINE_CONNECTION, connection->id);
}
