/* Reservations (domain.md §9): whether a call may begin, more while it lasts, giving back, and those that are open. */
#include "engine/reservations.h"

#include "api/pages.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/senders.h"
#include "api/views.h"
#include "api/wallets.h"
#include "domain/limits.h"
#include "store/names.h"

static const char list_name[] = "reservations";

struct hold_input {
    struct str subaccount, agent, campaign;
    int tier, direction;
    seconds_t seconds;
};

struct reservation_query {
    struct page page;
};

/* A reservation as the API shows it. */
struct reservation_view {
    struct reservation reservation;
    struct str subaccount_name; /* absent: not told, as engines have no use for it */
    struct wallet_view *balances;
};

/* clang-format off */
static const struct field hold_input_fields[] = {
    FIELD_TEXT(struct hold_input, subaccount, .min = 1, .max = 64, .flags = FIELD_REQUIRED),
    FIELD_NAME(struct hold_input, tier, tier_names, .flags = FIELD_REQUIRED),
    FIELD_NAME(struct hold_input, direction, call_direction_names, .flags = FIELD_REQUIRED),
    FIELD_TEXT(struct hold_input, agent, .max = 120, .flags = FIELD_NULLABLE),
    FIELD_TEXT(struct hold_input, campaign, .max = 120, .flags = FIELD_NULLABLE),
    FIELD_INTEGER(struct hold_input, seconds, .min = 1, .max = RESERVATION_SECONDS_MAX),
    FIELD_END,
};

static const struct field extension_fields[] = {
    FIELD_INTEGER(struct hold_input, seconds, .min = 1, .max = RESERVATION_SECONDS_MAX),
    FIELD_END,
};

static const struct field reservation_query_fields[] = {
    PAGE_FIELDS(struct reservation_query),
    FIELD_END,
};

#define RESERVATION_FIELDS                                                                                     \
    FIELD_AS("id", struct reservation_view, reservation.id, FIELD_IS_ID, .id_kind = ID_RESERVATION),           \
    FIELD_AS("subaccount", struct reservation_view, reservation.subaccount_id, FIELD_IS_ID,                    \
             .id_kind = ID_SUBACCOUNT),                                                                        \
    FIELD_TEXT(struct reservation_view, subaccount_name, .flags = FIELD_OMIT_NULL),                            \
    FIELD_AS("tier", struct reservation_view, reservation.tier, FIELD_IS_NAME, .names = tier_names),           \
    FIELD_AS("direction", struct reservation_view, reservation.direction, FIELD_IS_NAME,                       \
             .names = call_direction_names),                                                                   \
    FIELD_AS("state", struct reservation_view, reservation.state, FIELD_IS_NAME, .names = reservation_state_names), \
    FIELD_AS("agent", struct reservation_view, reservation.agent, FIELD_IS_TEXT),                              \
    FIELD_AS("campaign", struct reservation_view, reservation.campaign, FIELD_IS_TEXT),                        \
    FIELD_AS("granted_seconds", struct reservation_view, reservation.granted, FIELD_IS_INTEGER),               \
    FIELD_AS("expires_at", struct reservation_view, reservation.expires_at, FIELD_IS_INSTANT),                 \
    FIELD_AS("created_at", struct reservation_view, reservation.created_at, FIELD_IS_INSTANT),                 \
    FIELD_AS("ended_at", struct reservation_view, reservation.ended_at, FIELD_IS_INSTANT),                     \
    FIELD_AS("call", struct reservation_view, reservation.call_id, FIELD_IS_ID, .id_kind = ID_CALL)

static const struct field reservation_fields[] = {
    RESERVATION_FIELDS,
    FIELD_END,
};

static const struct field ordered_fields[] = {
    RESERVATION_FIELDS,
    FIELD_OBJECT(struct reservation_view, balances, wallet_fields, .flags = FIELD_POINTER,
                 .size = sizeof(struct wallet_view)),
    FIELD_END,
};

static const struct field state_record[] = {
    FIELD_AS("state", struct reservation, state, FIELD_IS_NAME, .names = reservation_state_names),
    FIELD_AS("granted_seconds", struct reservation, granted, FIELD_IS_INTEGER),
    FIELD_END,
};
/* clang-format on */

/* --- orders --- */

/* How a route makes an order of its request, who carries it out, and what it answers. */
struct ordering {
    void (*fill)(const struct request *r, struct hold_order *out);
    bool (*carry_out)(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                      struct actor actor);
    bool (*record)(struct request *r, const struct hold_order *order); /* NULL: no audit event */
    int status;
};

static void fill_hold(const struct request *r, struct hold_order *out)
{
    const struct hold_input *input = r->input;

    out->subaccount = input->subaccount;
    out->tier = input->tier;
    out->direction = input->direction;
    out->agent = input->agent;
    out->campaign = input->campaign;
    out->wanted = input->seconds;
}

static void fill_extension(const struct request *r, struct hold_order *out)
{
    const struct hold_input *input = r->input;

    out->id = r->scope.reservation;
    out->wanted = input->seconds;
}

static void fill_cancellation(const struct request *r, struct hold_order *out)
{
    out->id = r->scope.reservation;
}

/* What a person gives back is written down; what engines do is in the ledger, by their thousands. */
static bool record_cancellation(struct request *r, const struct hold_order *order)
{
    struct reservation before = order->reservation;

    before.state = RESERVATION_OPEN;
    return r->caller.user == ID_NONE || !order->changed
        || request_record(r, "reservation.canceled", ID_SUBACCOUNT,
                          order->reservation.subaccount_id, record_of(r, state_record, &before),
                          record_of(r, state_record, &order->reservation));
}

/* By one question, as the operator has it. */
static bool seconds_fit(struct request *r, seconds_t most)
{
    const struct hold_input *input = r->input;

    return input->seconds <= most
        || fail_field(&r->problem, REASON_TOO_LARGE, STR("seconds"),
                      "This may be %lld seconds at most.", (long long)most);
}

static bool check_hold(struct request *r)
{
    return seconds_fit(r, limits()->hold_seconds);
}

static bool check_extension(struct request *r)
{
    return seconds_fit(r, limits()->extension_seconds);
}

static const struct ordering holding = { fill_hold, reservations_hold, NULL, 201 };
static const struct ordering extending = { fill_extension, reservations_extend, NULL, 200 };
static const struct ordering canceling = { fill_cancellation, reservations_cancel,
                                           record_cancellation, 200 };

/* A refusal is the request's own: it takes nothing from the others of its commit. */
static bool refuse(struct request *r, const struct hold_order *order)
{
    if (order->refused == REASON_UNKNOWN_SUBACCOUNT)
        fail_as(&r->problem, order->refused, "subaccount");
    else
        fail_as(&r->problem, order->refused, NULL);
    return true;
}

static bool reply(struct request *r, int status, const struct hold_order *order)
{
    struct wallet_view balances;
    const struct reservation_view view = { .reservation = order->reservation,
                                           .subaccount_name = STR_NONE,
                                           .balances = &balances };

    return wallet_view(&order->wallet, order->prices, &balances)
        ? request_reply(r, status, ordered_fields, &view)
        : fail(r->tx->problem, REASON_OVERFLOW, NULL, "a wallet's worth does not fit");
}

static bool finish(const struct ordering *ordering, struct request *r,
                   const struct hold_order *order)
{
    if (order->refused != REASON_NONE) return refuse(r, order);
    return (ordering->record == NULL || ordering->record(r, order))
        && reply(r, ordering->status, order);
}

static bool carry_out(const struct ordering *ordering, struct tx *tx, struct request **requests,
                      size_t n)
{
    struct hold_order *orders = ARENA_ARRAY(tx->arena, struct hold_order, n);
    struct hold_order **all = ARENA_ARRAY(tx->arena, struct hold_order *, n);

    for (size_t i = 0; i < n; i++) {
        orders[i].only_subaccount = sender_only_subaccount(&requests[i]->caller);
        ordering->fill(requests[i], &orders[i]);
        all[i] = &orders[i];
    }
    if (!ordering->carry_out(tx, requests[0]->caller.agency, all, n, request_actor(requests[0])))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!finish(ordering, requests[i], &orders[i])) return false;
    }
    return true;
}

static bool hold_of_sender(struct tx *tx, struct request **requests, size_t n)
{
    return carry_out(&holding, tx, requests, n);
}

static bool extend_of_sender(struct tx *tx, struct request **requests, size_t n)
{
    return carry_out(&extending, tx, requests, n);
}

static bool cancel_of_sender(struct tx *tx, struct request **requests, size_t n)
{
    return carry_out(&canceling, tx, requests, n);
}

static bool hold_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, hold_of_sender);
}

static bool extend_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, extend_of_sender);
}

static bool cancel_together(struct tx *tx, struct job **jobs, size_t n)
{
    return senders_each(tx, jobs, n, cancel_of_sender);
}

static const struct gather hold_gather = { hold_together };
static const struct gather extend_gather = { extend_together };
static const struct gather cancel_gather = { cancel_together };

/* --- looking --- */

static bool name_accounts(struct request *r, struct reservation_view *views, size_t n)
{
    id64_t *ids = ARENA_ARRAY(r->arena, id64_t, n);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = views[i].reservation.subaccount_id;
    if (!names_find(r->tx, r->caller.agency, ids, n, names)) return false;
    for (size_t i = 0; i < n; i++)
        views[i].subaccount_name = names[i];
    return true;
}

static bool count_open(struct request *r, id64_t subaccount, int64_t *out)
{
    return subaccount == ID_NONE
        ? reservations_count_all(r->tx, r->caller.agency, out)
        : reservations_count_open(r->tx, r->caller.agency, &subaccount, 1, out);
}

/* Of the account in the path, or of the agency. */
static bool list_open(struct request *r)
{
    const struct reservation_query *query = r->query;
    struct reservation_filter filter = { .subaccount = r->scope.subaccount,
                                         .limit = page_rows(&query->page) };
    struct list rows;
    int64_t total;

    if (!page_before(r, &query->page, list_name, &filter.before)
        || !reservations_list_open(r->tx, r->caller.agency, &filter, &rows)
        || !count_open(r, filter.subaccount, &total))
        return false;

    const struct reservation *open = rows.at;
    size_t n = page_shown(&query->page, &rows);
    struct reservation_view *views = ARENA_ARRAY(r->arena, struct reservation_view, n);

    for (size_t i = 0; i < n; i++)
        views[i] = (struct reservation_view){ .reservation = open[i] };

    struct str next =
        page_next(r, &query->page, list_name, &rows, n > 0 ? open[n - 1].id : ID_NONE);

    return name_accounts(r, views, n)
        && request_reply_list(r, reservation_fields, &(struct list){ views, n }, sizeof(*views),
                              next, total);
}

static bool read_one(struct request *r)
{
    struct reservation_view view = { .subaccount_name = STR_NONE };

    return reservation_load(r->tx, r->caller.agency, r->scope.reservation, &view.reservation)
        && request_allow(r, caller_may_reach(r, CAN_WORKSPACE_VIEW, view.reservation.subaccount_id),
                         NULL)
        && name_accounts(r, &view, 1) && request_reply(r, 200, reservation_fields, &view);
}

/* clang-format off */
const struct route reservation_routes[] = {
    {POST, "/v1/reservations", CAN_PURCHASES_SETTLE, {{WRITE, NULL}}, .input = hold_input_fields,
     .input_size = sizeof(struct hold_input), .check = check_hold, .gather = &hold_gather, .key_scopes = 1u << SCOPE_RESERVATIONS_WRITE,
     .name = "createReservation"},
    {POST, "/v1/reservations/{reservation}/extend", CAN_PURCHASES_SETTLE, {{WRITE, NULL}}, .input = extension_fields,
     .input_size = sizeof(struct hold_input), .check = check_extension, .gather = &extend_gather, .key_scopes = 1u << SCOPE_RESERVATIONS_WRITE,
     .name = "extendReservation"},
    {DELETE, "/v1/reservations/{reservation}", CAN_PURCHASES_SETTLE, {{WRITE, NULL}}, .gather = &cancel_gather,
     .key_scopes = 1u << SCOPE_RESERVATIONS_WRITE, .name = "cancelReservation"},
    {GET, "/v1/reservations/{reservation}", CAN_WORKSPACE_VIEW, {{READ, read_one}},
     .key_scopes = 1u << SCOPE_READ | 1u << SCOPE_RESERVATIONS_WRITE, .name = "getReservation"},
    {GET, "/v1/reservations", CAN_MONITORING_VIEW, {{READ, list_open}}, .query = reservation_query_fields,
     .query_size = sizeof(struct reservation_query), .key_scopes = 1u << SCOPE_READ, .name = "listReservations"},
    {GET, "/v1/subaccounts/{subaccount}/reservations", CAN_WORKSPACE_VIEW, {{READ, list_open}},
     .query = reservation_query_fields, .query_size = sizeof(struct reservation_query), .key_scopes = 1u << SCOPE_READ,
     .name = "listSubaccountReservations"},
    ROUTE_END,
};
/* clang-format on */
