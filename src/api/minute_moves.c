/* Moving minutes (domain.md §6): quoted, made as quoted, and listed. */
#include "api/minute_moves.h"
#include "engine/moves.h"

#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/senders.h"
#include "domain/purchases.h"
#include "store/minute_moves.h"
#include "store/names.h"

static const char list_name[] = "minute moves";

struct move_input {
    id64_t from, to;
    int tier;
    seconds_t seconds, received_seconds;
};

struct move_query {
    struct page page;
    id64_t subaccount;
    instant_t from, to;
};

/* clang-format off */
#define ORDER_FIELDS                                                                             \
    FIELD_ID(struct move_input, from, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),                   \
    FIELD_ID(struct move_input, to, ID_SUBACCOUNT, .flags = FIELD_REQUIRED),                     \
    FIELD_NAME(struct move_input, tier, tier_names, .flags = FIELD_REQUIRED),                    \
    FIELD_INTEGER(struct move_input, seconds, .min = 1, .max = PURCHASE_SECONDS_MAX, .flags = FIELD_REQUIRED)

static const struct field quote_input_fields[] = {
    ORDER_FIELDS,
    FIELD_END,
};

static const struct field move_input_fields[] = {
    ORDER_FIELDS,
    FIELD_INTEGER(struct move_input, received_seconds, .min = 0, .max = INT64_C(1) << 53, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field move_query_fields[] = {
    FIELD_ID(struct move_query, subaccount, ID_SUBACCOUNT),
    FIELD_INSTANT(struct move_query, from),
    FIELD_INSTANT(struct move_query, to),
    PAGE_FIELDS(struct move_query),
    FIELD_END,
};

#define QUOTE_FIELDS                                                                                       \
    FIELD_AS("from", struct move_view, move.from_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),               \
    FIELD_AS("to", struct move_view, move.to_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),                   \
    FIELD_AS("tier", struct move_view, move.tier, FIELD_IS_NAME, .names = tier_names),                     \
    FIELD_AS("sent_seconds", struct move_view, move.sent, FIELD_IS_INTEGER),                               \
    FIELD_AS("received_seconds", struct move_view, move.received, FIELD_IS_INTEGER),                       \
    FIELD_AS("price_from", struct move_view, move.price_from, FIELD_IS_MONEY),                             \
    FIELD_AS("price_to", struct move_view, move.price_to, FIELD_IS_MONEY),                                 \
    FIELD_AS("base_price", struct move_view, move.base_price, FIELD_IS_MONEY),                             \
    FIELD_AS("value_from_usd", struct move_view, move.value_from, FIELD_IS_MONEY),                         \
    FIELD_AS("value_to_usd", struct move_view, move.value_to, FIELD_IS_MONEY),                             \
    FIELD_AS("remainder_usd", struct move_view, remainder, FIELD_IS_MONEY),                                \
    FIELD_AS("adjustment_usd", struct move_view, move.adjustment, FIELD_IS_MONEY),                         \
    FIELD_AS("capped", struct move_view, move.capped, FIELD_IS_BOOLEAN)

const struct field minute_move_quote_fields[] = {
    QUOTE_FIELDS,
    FIELD_END,
};

static const struct field balances_fields[] = {
    FIELD_OBJECT(struct balances_view, from, wallet_fields),
    FIELD_OBJECT(struct balances_view, to, wallet_fields),
    FIELD_END,
};

static const struct field move_fields[] = {
    FIELD_AS("id", struct move_view, move.id, FIELD_IS_ID, .id_kind = ID_MINUTE_MOVE),
    QUOTE_FIELDS,
    FIELD_TEXT(struct move_view, from_name),
    FIELD_TEXT(struct move_view, to_name),
    FIELD_OBJECT(struct move_view, actor, actor_fields),
    FIELD_AS("created_at", struct move_view, move.created_at, FIELD_IS_INSTANT),
    FIELD_OBJECT(struct move_view, balances, balances_fields, .flags = FIELD_POINTER | FIELD_OMIT_NULL,
                 .size = sizeof(struct balances_view)),
    FIELD_END,
};

const struct field minute_move_record[] = {
    FIELD_AS("from", struct minute_move, from_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("to", struct minute_move, to_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_NAME(struct minute_move, tier, tier_names),
    FIELD_AS("sent_seconds", struct minute_move, sent, FIELD_IS_INTEGER),
    FIELD_AS("received_seconds", struct minute_move, received, FIELD_IS_INTEGER),
    FIELD_MONEY(struct minute_move, price_from),
    FIELD_MONEY(struct minute_move, price_to),
    FIELD_AS("adjustment_usd", struct minute_move, adjustment, FIELD_IS_MONEY),
    FIELD_END,
};
/* clang-format on */

static const struct actor_place move_by = {
    .view = offsetof(struct move_view, actor),
    .user = offsetof(struct move_view, move.created_by),
};

static struct move_order order_of(const struct request *r)
{
    const struct move_input *input = r->input;

    return (struct move_order){ .agency = r->caller.agency,
                                .from = input->from,
                                .to = input->to,
                                .tier = (enum tier)input->tier,
                                .sent = input->seconds };
}

/* Stored moves know prices and seconds; their values follow. */
bool move_view_fill(struct request *r, const struct minute_move *move, struct move_view *out)
{
    *out = (struct move_view){ .move = *move };
    if (!move_values(&out->move)) return fail_as(&r->problem, REASON_OVERFLOW, NULL);
    out->remainder = out->move.value_from - out->move.value_to;
    return true;
}

static bool quote_move(struct request *r)
{
    const struct move_order order = order_of(r);
    struct minute_move quoted;
    struct move_view view;

    return move_quoted(r->tx, &order, &quoted) && move_view_fill(r, &quoted, &view)
        && request_reply(r, 200, minute_move_quote_fields, &view);
}

/* Names of both ends and of who did it. */
static bool name_all(struct request *r, struct move_view *views, size_t n)
{
    id64_t *ends = ARENA_ARRAY(r->arena, id64_t, n * 2);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n * 2);

    for (size_t i = 0; i < n; i++) {
        ends[2 * i] = views[i].move.from_id;
        ends[2 * i + 1] = views[i].move.to_id;
    }
    if (!names_find(r->tx, r->caller.agency, ends, n * 2, names)) return false;
    for (size_t i = 0; i < n; i++) {
        views[i].from_name = names[2 * i];
        views[i].to_name = names[2 * i + 1];
    }
    return actors_fill(r, views, n, sizeof(*views), &move_by);
}

/* --- many at once --- */

static bool balances_of(struct request *r, const struct ordered_move *ordered,
                        struct balances_view *out)
{
    return (wallet_view(&ordered->from.wallet, ordered->from.prices, &out->from)
            && wallet_view(&ordered->to.wallet, ordered->to.prices, &out->to))
        || fail_as(r->tx->problem, REASON_OVERFLOW, NULL);
}

static bool record_and_reply(struct request *r, const struct ordered_move *ordered,
                             struct move_view *view)
{
    struct balances_view *balances = ARENA_NEW(r->arena, struct balances_view);

    view->balances = balances;
    return balances_of(r, ordered, balances)
        && request_record(r, "minutes.moved", ID_SUBACCOUNT, ordered->made.from_id, STR_NONE,
                          record_of(r, minute_move_record, &ordered->made))
        && request_reply(r, 201, move_fields, view);
}

/* Those that were made, beside the requests that asked for them. */
static bool answer_made(struct request **requests, const struct ordered_move **made, size_t n)
{
    struct move_view *views = ARENA_ARRAY(requests[0]->tx->arena, struct move_view, n);

    for (size_t i = 0; i < n; i++) {
        if (!move_view_fill(requests[i], &made[i]->made, &views[i])) return false;
    }
    if (!name_all(requests[0], views, n)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!record_and_reply(requests[i], made[i], &views[i])) return false;
    }
    return true;
}

static bool make_moves(struct tx *tx, struct request **requests, size_t n)
{
    struct ordered_move *orders = ARENA_ARRAY(tx->arena, struct ordered_move, n);
    const struct ordered_move **made = ARENA_ARRAY(tx->arena, const struct ordered_move *, n);
    size_t n_made = 0;

    for (size_t i = 0; i < n; i++)
        orders[i] = (struct ordered_move){
            .order = order_of(requests[i]),
            .received = ((const struct move_input *)requests[i]->input)->received_seconds,
            .problem = &requests[i]->problem,
        };
    if (!moves_make(tx, requests[0]->caller.agency, orders, n, request_actor(requests[0])))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!orders[i].is_made) continue;
        requests[n_made] = requests[i];
        made[n_made++] = &orders[i];
    }
    return n_made == 0 || answer_made(requests, made, n_made);
}

static bool move_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, make_moves);
}

static const struct gather move_gather = { move_together };

static bool list_moves(struct request *r)
{
    const struct move_query *query = r->query;
    struct minute_move_filter filter = {
        .subaccount = query->subaccount,
        .from = query->from,
        .to = query->to,
        .limit = page_rows(&query->page),
    };
    struct list rows;

    if (!range_allow(r, query->from, query->to)
        || !page_before(r, &query->page, list_name, &filter.before)
        || !minute_move_list(r->tx, r->caller.agency, &filter, &rows))
        return false;

    const struct minute_move *moves = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct move_view *views = ARENA_ARRAY(r->arena, struct move_view, n);

    for (size_t i = 0; i < n; i++) {
        if (!move_view_fill(r, &moves[i], &views[i])) return false;
    }

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? moves[n - 1].id : ID_NONE);

    return name_all(r, views, n)
        && request_reply_list(r, move_fields, &(struct list){ views, n }, sizeof(*views), next, -1);
}

/* clang-format off */
const struct route minute_move_routes[] = {
    {POST, "/v1/minute_moves/quote", CAN_MINUTES_MOVE, {{READ, quote_move}}, .input = quote_input_fields,
     .input_size = sizeof(struct move_input), .flags = ROUTE_NOT_KEPT, .name = "quoteMinuteMove"},
    {POST, "/v1/minute_moves", CAN_MINUTES_MOVE, {{WRITE, NULL}}, .input = move_input_fields,
     .input_size = sizeof(struct move_input), .gather = &move_gather, .name = "moveMinutes"},
    {GET, "/v1/minute_moves", CAN_MINUTES_MOVE, {{READ, list_moves}}, .query = move_query_fields,
     .query_size = sizeof(struct move_query), .key_scopes = 1u << SCOPE_READ, .name = "listMinuteMoves"},
    ROUTE_END,
};
/* clang-format on */
