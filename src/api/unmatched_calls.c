/* What engines reported and nobody could be charged for: told whose it is, or put away. */
#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/wallets.h"
#include "engine/deliveries.h"
#include "store/agencies.h"
#include "store/subaccounts.h"

enum { NOTE_MAX_CHARS = 200 };

static const char list_name[] = "unmatched_calls";

struct unmatched_query {
    struct page page;
    int state;
    id64_t connection;
};

struct assign_input {
    id64_t subaccount;
    struct str remember;
    bool also_waiting;
};

struct dismiss_input {
    struct str reason;
};

/* How many others wait with one of a call's keys. */
struct key_view {
    struct str key;
    int64_t others;
};

/* What one assignment charged. */
struct assigned {
    struct assigned_others others;
    struct call_submission submissions[OTHERS_MAX + 1]; /* the call's own first */
};

struct unmatched_view {
    struct delivery delivery;
    struct str connection_name;
    int engine;
    id64_t charged; /* ID_NONE but in the reply that charged it */
    seconds_t billed_seconds;
    struct wallet_view *balances;
    struct list waiting_with; /* of struct key_view */
    struct assigned_others others;
};

/* clang-format off */
static const struct field unmatched_query_fields[] = {
    FIELD_NAME(struct unmatched_query, state, delivery_state_names),
    FIELD_ID(struct unmatched_query, connection, ID_ENGINE_CONNECTION),
    PAGE_FIELDS(struct unmatched_query),
    FIELD_END,
};

static const struct field assign_fields[] = {
    FIELD_ID(struct assign_input, subaccount, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct assign_input, remember, .min = 1, .max = MAPPING_KEY_CHARS, .flags = FIELD_NULLABLE),
    FIELD_BOOLEAN(struct assign_input, also_waiting),
    FIELD_END,
};

static const struct field dismiss_fields[] = {
    FIELD_TEXT(struct dismiss_input, reason, .min = 1, .max = NOTE_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_END,
};

#define UNMATCHED_FIELDS                                                                                            \
    FIELD_AS("id", struct unmatched_view, delivery.id, FIELD_IS_ID, .id_kind = ID_UNMATCHED_CALL),                  \
    FIELD_AS("connection", struct unmatched_view, delivery.connection, FIELD_IS_ID, .id_kind = ID_ENGINE_CONNECTION), \
    FIELD_TEXT(struct unmatched_view, connection_name),                                                             \
    FIELD_NAME(struct unmatched_view, engine, adapter_names),                                                       \
    FIELD_AS("state", struct unmatched_view, delivery.state, FIELD_IS_NAME, .names = delivery_state_names),         \
    FIELD_AS("code", struct unmatched_view, delivery.reason, FIELD_IS_TEXT),                                        \
    FIELD_AS("field", struct unmatched_view, delivery.field, FIELD_IS_TEXT),                                        \
    FIELD_AS("detail", struct unmatched_view, delivery.detail, FIELD_IS_TEXT),                                      \
    FIELD_AS("external_id", struct unmatched_view, delivery.external_id, FIELD_IS_TEXT),                            \
    FIELD_AS("started_at", struct unmatched_view, delivery.started_at, FIELD_IS_INSTANT),                           \
    FIELD_AS("duration_seconds", struct unmatched_view, delivery.duration_seconds, FIELD_IS_INTEGER),               \
    FIELD_AS("from", struct unmatched_view, delivery.from, FIELD_IS_TEXT),                                          \
    FIELD_AS("to", struct unmatched_view, delivery.to, FIELD_IS_TEXT),                                              \
    FIELD_AS("keys", struct unmatched_view, delivery.keys, FIELD_IS_JSON),                                          \
    FIELD_AS("received_at", struct unmatched_view, delivery.received_at, FIELD_IS_INSTANT),                         \
    FIELD_AS("repeats", struct unmatched_view, delivery.repeats, FIELD_IS_INTEGER),                                 \
    FIELD_AS("call", struct unmatched_view, delivery.call, FIELD_IS_ID, .id_kind = ID_CALL),                        \
    FIELD_AS("settled_at", struct unmatched_view, delivery.settled_at, FIELD_IS_INSTANT),                           \
    FIELD_AS("note", struct unmatched_view, delivery.note, FIELD_IS_TEXT)

static const struct field listed_fields[] = {
    UNMATCHED_FIELDS,
    FIELD_END,
};

static const struct field key_fields[] = {
    FIELD_TEXT(struct key_view, key),
    FIELD_INTEGER(struct key_view, others),
    FIELD_END,
};

static const struct field whole_fields[] = {
    UNMATCHED_FIELDS,
    FIELD_AS("payload", struct unmatched_view, delivery.payload, FIELD_IS_TEXT),
    FIELD_LIST(struct unmatched_view, waiting_with, key_fields, struct key_view),
    FIELD_END,
};

static const struct field others_fields[] = {
    FIELD_INTEGER(struct assigned_others, charged),
    FIELD_INTEGER(struct assigned_others, duplicates),
    FIELD_INTEGER(struct assigned_others, waiting),
    FIELD_END,
};

static const struct field assigned_fields[] = {
    UNMATCHED_FIELDS,
    FIELD_ID(struct unmatched_view, charged, ID_SUBACCOUNT),
    FIELD_INTEGER(struct unmatched_view, billed_seconds),
    FIELD_OBJECT(struct unmatched_view, balances, wallet_fields, .flags = FIELD_POINTER,
                 .size = sizeof(struct wallet_view)),
    FIELD_OBJECT(struct unmatched_view, others, others_fields),
    FIELD_END,
};

/* What the audit trail keeps: of those that were charged with it, how many. */
static const struct field assigned_record[] = {
    FIELD_AS("state", struct unmatched_view, delivery.state, FIELD_IS_NAME, .names = delivery_state_names),
    FIELD_AS("external_id", struct unmatched_view, delivery.external_id, FIELD_IS_TEXT),
    FIELD_AS("call", struct unmatched_view, delivery.call, FIELD_IS_ID, .id_kind = ID_CALL),
    FIELD_AS("others_charged", struct unmatched_view, others.charged, FIELD_IS_INTEGER),
    FIELD_END,
};

static const struct field delivery_record[] = {
    FIELD_NAME(struct delivery, state, delivery_state_names),
    FIELD_TEXT(struct delivery, external_id),
    FIELD_AS("call", struct delivery, call, FIELD_IS_ID, .id_kind = ID_CALL),
    FIELD_TEXT(struct delivery, note),
    FIELD_END,
};
/* clang-format on */

/* --- looking --- */

/* Connections are few: each is read once. */
static bool name_connections(struct request *r, struct unmatched_view *views, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct connection connection;
        size_t same = 0;
        while (same < i && views[same].delivery.connection != views[i].delivery.connection)
            same++;
        if (same == i
            && !connection_load(r->tx, r->caller.agency, views[i].delivery.connection, &connection))
            return false;
        views[i].connection_name = same < i ? views[same].connection_name : connection.name;
        views[i].engine = same < i ? views[same].engine : connection.engine;
    }
    return true;
}

static bool list_unmatched(struct request *r)
{
    const struct unmatched_query *query = r->query;
    struct delivery_filter filter = {
        .state = query->state < 0 ? DELIVERY_UNMATCHED : query->state,
        .connection = query->connection,
        .limit = page_rows(&query->page),
    };
    struct list rows;
    int64_t total;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !delivery_list(r->tx, r->caller.agency, &filter, &rows)
        || !delivery_count_unmatched(r->tx, r->caller.agency, &total))
        return false;

    const struct delivery *deliveries = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct unmatched_view *views = ARENA_ARRAY(r->arena, struct unmatched_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct unmatched_view){ .delivery = deliveries[i] };

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? deliveries[n - 1].id : ID_NONE);

    return name_connections(r, views, n)
        && request_reply_list(r, listed_fields, &(struct list){ views, n }, sizeof(*views), next,
                              total);
}

/* Of each key, how many others wait that have it, too. */
static bool count_others(struct request *r, struct unmatched_view *view)
{
    const struct delivery *delivery = &view->delivery;
    struct key_view *counts = ARENA_ARRAY(r->arena, struct key_view, DELIVERY_KEYS_MAX);
    const struct cJSON *keys;
    size_t n = 0;

    view->waiting_with = (struct list){ counts, 0 };
    if (delivery->state != DELIVERY_UNMATCHED) return true;
    if (!json_parse(r->arena, delivery->keys, &r->problem, &keys)) return false;
    for (const struct cJSON *key = json_first(keys); key != NULL; key = json_next(key)) {
        struct key_view *count = &counts[n++];
        count->key = json_scalar(r->arena, key);
        if (!delivery_count_by_key(r->tx, delivery->agency_id, delivery->connection, count->key,
                                   &count->others))
            return false;
        count->others--; /* not itself */
    }
    view->waiting_with.count = n;
    return true;
}

static bool read_one(struct request *r)
{
    struct unmatched_view view = { 0 };

    return delivery_load(r->tx, r->caller.agency, r->scope.unmatched_call, &view.delivery)
        && count_others(r, &view) && name_connections(r, &view, 1)
        && request_reply(r, 200, whole_fields, &view);
}

/* --- deciding --- */

/* What is to be remembered must be something that the call is known by. */
static bool remember(struct request *r, const struct connection *connection,
                     const struct delivery *delivery)
{
    const struct assign_input *input = r->input;
    const struct connection_rule rule = { input->remember, input->subaccount };
    struct buffer quoted = buffer_new(r->arena, 64);

    if (str_is_absent(input->remember)) return true;
    json_write_string(&quoted, input->remember);
    if (!str_contains(delivery->keys, buffer_str(&quoted)))
        return fail_field(&r->problem, REASON_NOT_ALLOWED_VALUE, STR("remember"),
                          "This is none of the call's keys.");
    return connection_remember(r->tx, connection, &rule);
}

static bool allow_subaccount(struct request *r)
{
    const struct assign_input *input = r->input;
    struct subaccount account;
    bool found;

    if (!subaccount_find(r->tx, r->caller.agency, input->subaccount, &account, &found))
        return false;
    return (found && account.status != SUBACCOUNT_REMOVED)
        || fail_field_as(&r->problem, REASON_UNKNOWN_SUBACCOUNT, STR("subaccount"));
}

static bool begin(struct request *r, struct delivery *delivery, struct connection *connection,
                  struct reception *reception)
{
    *reception = (struct reception){ .connection = connection,
                                     .zone = r->caller.zone,
                                     .subaccount = STR_NONE };
    return agency_hold(r->tx, r->caller.agency)
        && delivery_lock(r->tx, r->caller.agency, r->scope.unmatched_call, delivery)
        && connection_load(r->tx, r->caller.agency, delivery->connection, connection)
        && connection_mapping(r->tx, connection, &reception->mapping);
}

/* Those that wait with the key that is remembered now. */
static bool assign_others(struct request *r, const struct reception *reception,
                          struct assigned *assigned)
{
    const struct assign_input *input = r->input;

    return !input->also_waiting
        || delivery_assign_others(r->tx, reception, input->remember, input->subaccount,
                                  request_actor(r), &assigned->submissions[1], &assigned->others);
}

static bool reply_assigned(struct request *r, struct unmatched_view *view)
{
    const struct assign_input *input = r->input;

    view->balances = ARENA_NEW(r->arena, struct wallet_view);
    return wallet_view_load(r, input->subaccount, view->balances) && name_connections(r, view, 1)
        && request_reply(r, 200, assigned_fields, view);
}

static struct unmatched_view view_of(const struct delivery *delivery,
                                     const struct assigned *assigned)
{
    return (struct unmatched_view){
        .delivery = *delivery,
        .charged = assigned->submissions[0].charged_subaccount,
        .billed_seconds = assigned->submissions[0].billed_seconds,
        .others = assigned->others,
    };
}

static bool assign(struct request *r)
{
    const struct assign_input *input = r->input;
    struct assigned *assigned = ARENA_NEW(r->arena, struct assigned);
    struct delivery before, after;
    struct connection connection;
    struct reception reception;

    r->state = assigned;
    if (!begin(r, &before, &connection, &reception) || !allow_subaccount(r)) return false;
    after = before;
    if (!delivery_assign(r->tx, &after, &reception, input->subaccount, request_actor(r),
                         &assigned->submissions[0])
        || !remember(r, &connection, &after) || !assign_others(r, &reception, assigned))
        return false;
    struct unmatched_view view = view_of(&after, assigned);
    return request_record(r, "unmatched_call.assigned", ID_SUBACCOUNT, input->subaccount,
                          record_of(r, delivery_record, &before),
                          record_of(r, assigned_record, &view))
        && reply_assigned(r, &view);
}

static bool count_assigned(struct request *r)
{
    const struct assigned *assigned = r->state;

    calls_count(assigned->submissions, 1 + assigned->others.n);
    return true;
}

/* Others are told by what is remembered. */
static bool check_assign(struct request *r)
{
    const struct assign_input *input = r->input;

    return !input->also_waiting || !str_is_absent(input->remember)
        || fail_field(&r->problem, REASON_REQUIRED, STR("remember"),
                      "Say which key the others have.");
}

static bool dismiss(struct request *r)
{
    const struct dismiss_input *input = r->input;
    struct delivery before, after;

    if (!agency_hold(r->tx, r->caller.agency)
        || !delivery_lock(r->tx, r->caller.agency, r->scope.unmatched_call, &before))
        return false;
    after = before;
    if (!delivery_dismiss(r->tx, &after, input->reason, request_actor(r))
        || !request_record(r, "unmatched_call.dismissed", ID_ENGINE_CONNECTION, after.connection,
                           record_of(r, delivery_record, &before),
                           record_of(r, delivery_record, &after)))
        return false;
    struct unmatched_view view = { .delivery = after };
    return name_connections(r, &view, 1) && request_reply(r, 200, listed_fields, &view);
}

/* clang-format off */
const struct route unmatched_call_routes[] = {
    {GET, "/v1/unmatched_calls", CAN_PURCHASES_SETTLE, {{READ, list_unmatched}}, .query = unmatched_query_fields,
     .query_size = sizeof(struct unmatched_query), .name = "listUnmatchedCalls"},
    {GET, "/v1/unmatched_calls/{unmatched_call}", CAN_PURCHASES_SETTLE, {{READ, read_one}}, .name = "getUnmatchedCall"},
    {POST, "/v1/unmatched_calls/{unmatched_call}/assign", CAN_PURCHASES_SETTLE,
     {{WRITE, assign}, {INLINE, count_assigned}}, .input = assign_fields, .input_size = sizeof(struct assign_input),
     .check = check_assign, .name = "assignUnmatchedCall"},
    {POST, "/v1/unmatched_calls/{unmatched_call}/dismiss", CAN_PURCHASES_SETTLE, {{WRITE, dismiss}},
     .input = dismiss_fields, .input_size = sizeof(struct dismiss_input), .name = "dismissUnmatchedCall"},
    ROUTE_END,
};
/* clang-format on */
