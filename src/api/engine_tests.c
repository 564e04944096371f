/* What a mapping makes of a payload, before anything depends on it: nothing is kept and nothing charged. In the writer's
   transaction, as that is where accounts are known (engine/accounts.h). */
#include "api/engine_connections.h"

#include "api/records.h"
#include "engine/deliveries.h"
#include "http/server.h"
#include "store/names.h"

enum { PAYLOAD_MAX_CHARS = 60000, CALLS_SHOWN_MAX = 20 };

struct error_view {
    struct str field, code, detail;
};

struct call_view {
    int outcome;
    struct str call; /* JSON; absent for what is ignored */
    id64_t subaccount;
    struct str subaccount_name, keys;
    struct list errors;
};

struct test_view {
    struct list calls;
};

/* clang-format off */
const struct field engine_test_fields[] = {
    FIELD_NAME(struct engine_test_input, engine, adapter_names, .flags = FIELD_REQUIRED),
    FIELD_NAME(struct engine_test_input, tier, tier_names),
    FIELD_ID(struct engine_test_input, connection, ID_ENGINE_CONNECTION, .flags = FIELD_NULLABLE),
    FIELD_OBJECT(struct engine_test_input, mapping, mapping_fields, .flags = FIELD_NULLABLE | FIELD_POINTER,
                 .size = sizeof(struct mapping)),
    FIELD_TEXT(struct engine_test_input, payload, .min = 1, .max = PAYLOAD_MAX_CHARS, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct engine_test_input, content_type, .max = 120, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field error_fields[] = {
    FIELD_TEXT(struct error_view, field),
    FIELD_TEXT(struct error_view, code),
    FIELD_TEXT(struct error_view, detail),
    FIELD_END,
};

static const struct field call_fields[] = {
    FIELD_NAME(struct call_view, outcome, mapping_outcome_names),
    FIELD_JSON(struct call_view, call),
    FIELD_ID(struct call_view, subaccount, ID_SUBACCOUNT),
    FIELD_TEXT(struct call_view, subaccount_name),
    FIELD_JSON(struct call_view, keys),
    FIELD_LIST(struct call_view, errors, error_fields, struct error_view),
    FIELD_END,
};

static const struct field test_fields[] = {
    FIELD_LIST(struct test_view, calls, call_fields, struct call_view),
    FIELD_END,
};
/* clang-format on */

static struct list errors_of(struct request *r, const struct problem *problem)
{
    struct error_view *errors = ARENA_ARRAY(r->arena, struct error_view, problem->n_fields);

    for (size_t i = 0; i < problem->n_fields; i++)
        errors[i] = (struct error_view){
            .field = problem->fields[i].field,
            .code = str_from_c(reason_code(problem->fields[i].reason)),
            .detail = problem->fields[i].detail,
        };
    return (struct list){ errors, problem->n_fields };
}

static bool try_one(struct request *r, const struct reception *reception, struct str payload,
                    struct call_view *out)
{
    struct understood understood;

    if (!delivery_understand(r->tx, reception, payload, &understood)) return false;
    *out = (struct call_view){ .outcome = (int)understood.outcome, .keys = STR("[]") };
    if (understood.outcome == MAPPING_IGNORED) return true;
    out->call = record_of(r, call_record_fields, &understood.call.record);
    out->keys = delivery_keys(r->arena, STR_NONE, &understood.call);
    out->errors = errors_of(r, &understood.problem);
    return delivery_account(r->tx, reception, &understood.call, &out->subaccount)
        && (out->subaccount == ID_NONE
            || names_find(r->tx, r->caller.agency, &out->subaccount, 1, &out->subaccount_name));
}

/* The connection as it would be: the one that is named, with what is tried instead of its own. */
static bool load_tried(struct request *r, struct connection *out)
{
    const struct engine_test_input *input = r->input;

    *out = (struct connection){ .agency_id = r->caller.agency };
    if (input->connection != ID_NONE
        && !connection_load(r->tx, r->caller.agency, input->connection, out))
        return false;
    out->engine = input->engine;
    if (input->tier >= 0)
        out->tier = input->tier;
    else if (input->connection == ID_NONE)
        out->tier = TIER_PREMIUM;
    return true;
}

static bool choose_mapping(struct request *r, const struct connection *connection,
                           const struct mapping **out)
{
    const struct engine_test_input *input = r->input;

    *out = input->mapping;
    if (input->mapping != NULL) return mapping_check(input->mapping, &r->problem);
    return connection_mapping(r->tx, connection, out)
        && (*out != NULL || fail_field_as(&r->problem, REASON_REQUIRED, STR("mapping")));
}

bool engine_test(struct request *r)
{
    const struct engine_test_input *input = r->input;
    const struct adapter *adapter = adapter_of((enum adapter_kind)input->engine);
    const struct adapter_message message = { .body = input->payload,
                                             .content_type = input->content_type };
    struct reception reception = { .zone = r->caller.zone, .subaccount = STR_NONE };
    struct connection connection;
    struct list payloads;

    if (!load_tried(r, &connection) || !choose_mapping(r, &connection, &reception.mapping)
        || !adapter->split(r->arena, &message, &r->problem, &payloads))
        return false;
    reception.connection = &connection;

    size_t n = payloads.count < CALLS_SHOWN_MAX ? payloads.count : CALLS_SHOWN_MAX;
    struct call_view *views = ARENA_ARRAY(r->arena, struct call_view, n);
    const struct str *texts = payloads.at;

    for (size_t i = 0; i < n; i++) {
        if (!try_one(r, &reception, texts[i], &views[i])) return false;
    }
    return request_reply(r, 200, test_fields, &(struct test_view){ { views, n } });
}
