/* Voice engines that report calls by webhook: connected, changed, disconnected. The URL and the secret are sealed. */
#include "api/engine_connections.h"

#include "api/actors.h"
#include "api/records.h"
#include "api/routes.h"
#include "http/credentials.h"
#include "http/server.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

enum { SECRET_MIN_CHARS = 8, SECRET_MAX_CHARS = 256 };

struct connection_input {
    struct str name, secret;
    int engine, tier;
    id64_t subaccount; /* whose calls are that nothing else tells */
    struct mapping *mapping;
    struct list rules;
};

struct connection_view {
    struct connection connection;
    struct str url;
    bool has_secret, has_own_mapping;
    struct actor_view created_by;
    struct str mapping; /* absent in lists */
    struct str rules;   /* likewise */
};

/* clang-format off */
static const struct field rule_fields[] = {
    FIELD_TEXT(struct connection_rule, key, .min = 1, .max = MAPPING_KEY_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_ID(struct connection_rule, subaccount, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),
    FIELD_END,
};

#define CHANGEABLE(required)                                                                                    \
    FIELD_TEXT(struct connection_input, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_LINE | (required)), \
    FIELD_TEXT(struct connection_input, secret, .min = SECRET_MIN_CHARS, .max = SECRET_MAX_CHARS,               \
               .flags = FIELD_NULLABLE | FIELD_CODE),                                                           \
    FIELD_NAME(struct connection_input, tier, tier_names),                                                      \
    FIELD_ID(struct connection_input, subaccount, ID_SUBACCOUNT, .flags = FIELD_NULLABLE),                      \
    FIELD_OBJECT(struct connection_input, mapping, mapping_fields, .flags = FIELD_NULLABLE | FIELD_POINTER,     \
                 .size = sizeof(struct mapping)),                                                               \
    FIELD_LIST(struct connection_input, rules, rule_fields, struct connection_rule, .max = ENGINE_RULES_MAX)

static const struct field connect_fields[] = {
    CHANGEABLE(FIELD_REQUIRED),
    FIELD_NAME(struct connection_input, engine, adapter_names, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field change_fields[] = {
    CHANGEABLE(0),
    FIELD_END,
};

static const struct field connection_fields[] = {
    FIELD_AS("id", struct connection_view, connection.id, FIELD_IS_ID, .id_kind = ID_ENGINE_CONNECTION),
    FIELD_AS("name", struct connection_view, connection.name, FIELD_IS_TEXT),
    FIELD_AS("engine", struct connection_view, connection.engine, FIELD_IS_NAME, .names = adapter_names),
    FIELD_TEXT(struct connection_view, url, .flags = FIELD_OMIT_NULL),
    FIELD_BOOLEAN(struct connection_view, has_secret),
    FIELD_AS("tier", struct connection_view, connection.tier, FIELD_IS_NAME, .names = tier_names),
    FIELD_AS("subaccount", struct connection_view, connection.fallback, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_BOOLEAN(struct connection_view, has_own_mapping),
    FIELD_JSON(struct connection_view, mapping, .flags = FIELD_OMIT_NULL),
    FIELD_JSON(struct connection_view, rules, .flags = FIELD_OMIT_NULL),
    FIELD_OBJECT(struct connection_view, created_by, actor_fields),
    FIELD_AS("created_at", struct connection_view, connection.created_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field connection_record[] = {
    FIELD_TEXT(struct connection, name),
    FIELD_NAME(struct connection, engine, adapter_names),
    FIELD_NAME(struct connection, tier, tier_names),
    FIELD_AS("subaccount", struct connection, fallback, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("mapping", struct connection, mapping, FIELD_IS_JSON),
    FIELD_END,
};
/* clang-format on */

static struct str secret_key(const struct request *r)
{
    return server_settings(r->server)->secret_key;
}

/* --- showing --- */

static bool show_url(struct request *r, struct connection_view *view)
{
    struct str token;

    if (!connection_open_token(r->tx, secret_key(r), &view->connection, &token)) return false;
    view->url = str_format(r->arena, "%.*s/webhooks/engines/%.*s",
                           STR_ARG(server_origin(r->server)), STR_ARG(token));
    return true;
}

static bool show(struct request *r, const struct connection *connection, struct actor_view maker,
                 struct connection_view *out)
{
    *out = (struct connection_view){
        .connection = *connection,
        .has_secret = connection->secret_sealed.at != NULL,
        .has_own_mapping = !str_is_absent(connection->mapping),
        .created_by = maker,
    };
    return show_url(r, out);
}

static struct str rules_as_json(struct request *r, const struct list *rules)
{
    struct buffer json = buffer_new(r->arena, 256);
    const struct connection_rule *all = rules->at;

    buffer_add_byte(&json, '[');
    for (size_t i = 0; i < rules->count; i++) {
        if (i > 0) buffer_add_byte(&json, ',');
        fields_to_json(rule_fields, &all[i], &json);
    }
    buffer_add_byte(&json, ']');
    return buffer_str(&json);
}

/* With all that is known of it. */
static bool show_whole(struct request *r, const struct connection *connection,
                       struct connection_view *out)
{
    const struct actor maker = { .user = connection->created_by };
    const struct mapping *mapping;
    struct actor_view named;
    struct list rules;

    if (!actors_view(r, &maker, 1, &named) || !show(r, connection, named, out)
        || !connection_mapping(r->tx, connection, &mapping)
        || !connection_rules(r->tx, r->caller.agency, connection->id, &rules))
        return false;
    out->mapping = record_of(r, mapping_fields, mapping);
    out->rules = rules_as_json(r, &rules);
    return true;
}

static bool reply_whole(struct request *r, int status, id64_t id)
{
    struct connection connection;
    struct connection_view view, kept;

    if (!connection_load(r->tx, r->caller.agency, id, &connection)
        || !show_whole(r, &connection, &view))
        return false;
    kept = view;
    kept.url = STR_NONE; /* it is as good as a secret: a replay is without it */
    r->response.kept_body = record_of(r, connection_fields, &kept);
    return request_reply(r, status, connection_fields, &view);
}

static bool list_connections(struct request *r)
{
    struct list rows;

    if (!connection_list(r->tx, r->caller.agency, &rows)) return false;
    const struct connection *connections = rows.at;
    struct connection_view *views = ARENA_ARRAY(r->arena, struct connection_view, rows.count);
    struct actor *makers = ARENA_ARRAY(r->arena, struct actor, rows.count);
    struct actor_view *named = ARENA_ARRAY(r->arena, struct actor_view, rows.count);

    for (size_t i = 0; i < rows.count; i++)
        makers[i] = (struct actor){ .user = connections[i].created_by };
    if (!actors_view(r, makers, rows.count, named)) return false;
    for (size_t i = 0; i < rows.count; i++) {
        if (!show(r, &connections[i], named[i], &views[i])) return false;
    }
    return request_reply_list(r, connection_fields, &(struct list){ views, rows.count },
                              sizeof(*views), STR_NONE, -1);
}

/* One that was removed is not there, whatever waits of it. */
static bool load_working(struct request *r, struct connection *out)
{
    return connection_load(r->tx, r->caller.agency, r->scope.engine_connection, out)
        && request_allow(r, out->removed_at == INSTANT_NONE ? REASON_NONE : REASON_NOT_FOUND, NULL);
}

static bool read_connection(struct request *r)
{
    struct connection connection;

    return load_working(r, &connection) && reply_whole(r, 200, connection.id);
}

/* --- changing --- */

/* What was removed makes no calls any more: as for whoever invites, it is not there. */
static bool allow_subaccount(struct request *r, id64_t id, struct str field)
{
    struct subaccount account;
    bool found;

    if (!subaccount_find(r->tx, r->caller.agency, id, &account, &found)) return false;
    return (found && account.status != SUBACCOUNT_REMOVED)
        || fail_field_as(&r->problem, REASON_UNKNOWN_SUBACCOUNT, field);
}

static bool allow_rules(struct request *r, const struct list *rules)
{
    const struct connection_rule *all = rules->at;
    id64_t last = ID_NONE;

    for (size_t i = 0; i < rules->count; i++) {
        struct str field = str_format(r->arena, "rules.%zu.subaccount", i);
        if (all[i].subaccount != last && !allow_subaccount(r, all[i].subaccount, field))
            return false;
        last = all[i].subaccount;
    }
    return true;
}

static bool allow_mapping(struct request *r, enum adapter_kind engine,
                          const struct mapping *mapping)
{
    if (mapping != NULL) return mapping_check(mapping, &r->problem);
    return adapter_of(engine)->mapping != NULL
        || fail_field(&r->problem, REASON_REQUIRED, STR("mapping"),
                      "Say how this engine's payloads map to call records.");
}

static bool allow_secret(struct request *r, enum adapter_kind engine, struct str secret)
{
    return !str_is_absent(secret) || !adapter_of(engine)->needs_secret
        || fail_field(&r->problem, REASON_REQUIRED, STR("secret"),
                      "Give the secret that this engine signs with.");
}

static bool allow_one_more(struct request *r)
{
    struct list rows;

    return connection_list(r->tx, r->caller.agency, &rows)
        && request_allow(
               r, rows.count < ENGINE_CONNECTIONS_MAX ? REASON_NONE : REASON_TOO_MANY_CONNECTIONS,
               NULL);
}

static bool set_rules(struct request *r, id64_t connection, const struct list *rules)
{
    const struct connection_rule *all = rules->at;

    if (!connection_rules_clear(r->tx, r->caller.agency, connection)) return false;
    for (size_t i = 0; i < rules->count; i++) {
        if (!connection_rule_set(r->tx, r->caller.agency, connection, &all[i])) return false;
    }
    return true;
}

static bool seal_and_insert(struct request *r, struct connection *connection, struct str secret)
{
    struct str token = session_secret_new(r->arena, r->caller.agency);
    struct hash hash;

    return connection_seal_token(r->tx, secret_key(r), connection, token, &hash)
        && connection_seal_secret(r->tx, secret_key(r), connection, secret)
        && connection_insert(r->tx, connection, &hash);
}

static struct str mapping_text(struct request *r, const struct mapping *mapping)
{
    return mapping == NULL ? STR_NONE : record_of(r, mapping_fields, mapping);
}

static bool connect(struct request *r)
{
    const struct connection_input *input = r->input;
    enum adapter_kind engine = (enum adapter_kind)input->engine;
    struct connection connection = {
        .agency_id = r->caller.agency,
        .id = id_new(r->now),
        .name = input->name,
        .engine = input->engine,
        .tier = input->tier < 0 ? TIER_PREMIUM : input->tier,
        .fallback = input->subaccount,
        .mapping = mapping_text(r, input->mapping),
        .created_by = r->caller.user,
        .created_at = r->now,
    };

    return agency_hold(r->tx, r->caller.agency) && allow_one_more(r)
        && allow_mapping(r, engine, input->mapping) && allow_secret(r, engine, input->secret)
        && (input->subaccount == ID_NONE
            || allow_subaccount(r, input->subaccount, STR("subaccount")))
        && allow_rules(r, &input->rules) && seal_and_insert(r, &connection, input->secret)
        && set_rules(r, connection.id, &input->rules)
        && request_record(r, "engine_connection.created", ID_ENGINE_CONNECTION, connection.id,
                          STR_NONE, record_of(r, connection_record, &connection))
        && reply_whole(r, 201, connection.id);
}

/* What the body has; false with its problem when it does not go with the engine. */
static bool apply(struct request *r, struct connection *connection)
{
    const struct connection_input *input = r->input;
    enum adapter_kind engine = (enum adapter_kind)connection->engine;

    if (request_has(r, "name")) connection->name = input->name;
    if (request_has(r, "tier")) connection->tier = input->tier;
    if (request_has(r, "subaccount")) {
        connection->fallback = input->subaccount;
        if (input->subaccount != ID_NONE
            && !allow_subaccount(r, input->subaccount, STR("subaccount")))
            return false;
    }
    if (request_has(r, "mapping")) {
        if (!allow_mapping(r, engine, input->mapping)) return false;
        connection->mapping = mapping_text(r, input->mapping);
    }
    if (!request_has(r, "secret")) return true;
    return allow_secret(r, engine, input->secret)
        && connection_seal_secret(r->tx, secret_key(r), connection, input->secret);
}

static bool change_connection(struct request *r)
{
    const struct connection_input *input = r->input;
    struct connection before, after;

    if (!agency_hold(r->tx, r->caller.agency) || !load_working(r, &before)) return false;
    after = before;
    return apply(r, &after)
        && (!request_has(r, "rules")
            || (allow_rules(r, &input->rules) && set_rules(r, before.id, &input->rules)))
        && connection_update(r->tx, &after)
        && request_record(r, "engine_connection.changed", ID_ENGINE_CONNECTION, before.id,
                          record_of(r, connection_record, &before),
                          record_of(r, connection_record, &after))
        && reply_whole(r, 200, before.id);
}

static bool disconnect(struct request *r)
{
    struct connection connection;

    return agency_hold(r->tx, r->caller.agency) && load_working(r, &connection)
        && connection_remove(r->tx, r->caller.agency, connection.id)
        && request_record(r, "engine_connection.removed", ID_ENGINE_CONNECTION, connection.id,
                          record_of(r, connection_record, &connection), STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route engine_connection_routes[] = {
    {GET, "/v1/engine_connections", CAN_APIKEYS_MANAGE, {{READ, list_connections}}, .name = "listEngineConnections"},
    {POST, "/v1/engine_connections", CAN_APIKEYS_MANAGE, {{WRITE, connect}}, .input = connect_fields,
     .input_size = sizeof(struct connection_input), .name = "createEngineConnection"},
    {POST, "/v1/engine_connections/test", CAN_APIKEYS_MANAGE, {{WRITE, engine_test}}, .input = engine_test_fields,
     .input_size = sizeof(struct engine_test_input), .flags = ROUTE_NOT_KEPT, .name = "testEngineMapping"},
    {GET, "/v1/engine_connections/{engine_connection}", CAN_APIKEYS_MANAGE, {{READ, read_connection}},
     .name = "getEngineConnection"},
    {PATCH, "/v1/engine_connections/{engine_connection}", CAN_APIKEYS_MANAGE, {{WRITE, change_connection}},
     .input = change_fields, .input_size = sizeof(struct connection_input), .name = "updateEngineConnection"},
    {DELETE, "/v1/engine_connections/{engine_connection}", CAN_APIKEYS_MANAGE, {{WRITE, disconnect}},
     .name = "removeEngineConnection"},
    ROUTE_END,
};
/* clang-format on */
