/* The cards of a sub-account (domain.md §5). A number comes in, is looked at, and is kept nowhere. */
#include "engine/payment_methods.h"

#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "http/server.h"

struct card_input {
    struct str number;
    int64_t exp_month, exp_year;
};

struct method_view {
    struct payment_method method;
    bool is_expired;
};

/* clang-format off */
static const struct field card_input_fields[] = {
    FIELD_TEXT(struct card_input, number, .min = 1, .max = CARD_NUMBER_MAX_CHARS, .flags = FIELD_REQUIRED | FIELD_LINE),
    FIELD_INTEGER(struct card_input, exp_month, .min = 1, .max = 12, .flags = FIELD_REQUIRED),
    FIELD_INTEGER(struct card_input, exp_year, .min = 2000, .max = CARD_YEAR_MAX, .flags = FIELD_REQUIRED),
    FIELD_END,
};

static const struct field method_fields[] = {
    FIELD_AS("id", struct method_view, method.id, FIELD_IS_ID, .id_kind = ID_PAYMENT_METHOD),
    FIELD_AS("subaccount", struct method_view, method.subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_AS("provider", struct method_view, method.provider, FIELD_IS_NAME, .names = purchase_provider_names),
    FIELD_AS("brand", struct method_view, method.card.brand, FIELD_IS_TEXT),
    FIELD_AS("last4", struct method_view, method.card.last4, FIELD_IS_TEXT),
    FIELD_AS("exp_month", struct method_view, method.card.exp_month, FIELD_IS_INTEGER),
    FIELD_AS("exp_year", struct method_view, method.card.exp_year, FIELD_IS_INTEGER),
    FIELD_AS("expired", struct method_view, is_expired, FIELD_IS_BOOLEAN),
    FIELD_AS("default", struct method_view, method.is_default, FIELD_IS_BOOLEAN),
    FIELD_AS("created_at", struct method_view, method.created_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field method_record[] = {
    FIELD_AS("brand", struct payment_method, card.brand, FIELD_IS_TEXT),
    FIELD_AS("last4", struct payment_method, card.last4, FIELD_IS_TEXT),
    FIELD_AS("exp_month", struct payment_method, card.exp_month, FIELD_IS_INTEGER),
    FIELD_AS("exp_year", struct payment_method, card.exp_year, FIELD_IS_INTEGER),
    FIELD_END,
};
/* clang-format on */

static struct method_view view_of(const struct request *r, const struct payment_method *method)
{
    return (struct method_view){
        .method = *method,
        .is_expired = card_is_expired(method->card.exp_year, method->card.exp_month, r->now),
    };
}

static bool reply(struct request *r, int status, const struct payment_method *method)
{
    struct method_view view = view_of(r, method);

    return request_reply(r, status, method_fields, &view);
}

static bool list_methods(struct request *r)
{
    struct list rows;

    if (!payment_method_list(r->tx, r->caller.agency, r->scope.subaccount, &rows)) return false;

    const struct payment_method *methods = rows.at;
    struct method_view *views = ARENA_ARRAY(r->arena, struct method_view, rows.count);

    for (size_t i = 0; i < rows.count; i++)
        views[i] = view_of(r, &methods[i]);
    return request_reply_list(r, method_fields, &(struct list){ views, rows.count }, sizeof(*views),
                              STR_NONE, -1);
}

static bool read_card(struct request *r, struct card *out)
{
    const struct card_input *input = r->input;

    if (!server_settings(r->server)->test_clock)
        return request_allow(r, REASON_CARDS_NOT_TAKEN, NULL);
    enum reason refused = test_card_read(r->arena, input->number, out);

    out->exp_year = input->exp_year;
    out->exp_month = input->exp_month;
    return refused == REASON_NONE || fail_field_as(&r->problem, refused, STR("number"));
}

static bool record(struct request *r, const char *action, struct str before, struct str after)
{
    return request_record(r, action, ID_SUBACCOUNT, r->scope.subaccount, before, after);
}

static bool add_method(struct request *r)
{
    struct payment_method method;
    struct card card;

    return refuse_suspended_client(r, r->scope.subaccount) && read_card(r, &card)
        && payment_method_add(r->tx, r->caller.agency, r->scope.subaccount, PROVIDER_TEST, &card,
                              r->caller.user, &method)
        && record(r, "payment_method.added", STR_NONE, record_of(r, method_record, &method))
        && reply(r, 201, &method);
}

static bool choose_method(struct request *r)
{
    struct payment_method method;

    return refuse_suspended_client(r, r->scope.subaccount)
        && payment_method_choose(r->tx, r->caller.agency, r->scope.subaccount,
                                 r->scope.payment_method, &method)
        && record(r, "payment_method.chosen", STR_NONE, record_of(r, method_record, &method))
        && reply(r, 200, &method);
}

static bool remove_method(struct request *r)
{
    struct payment_method method;

    return refuse_suspended_client(r, r->scope.subaccount)
        && payment_method_drop(r->tx, r->caller.agency, r->scope.subaccount,
                               r->scope.payment_method, &method)
        && record(r, "payment_method.removed", record_of(r, method_record, &method), STR_NONE)
        && request_reply_empty(r, 204);
}

/* clang-format off */
const struct route payment_method_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/payment_methods", CAN_PAYMENTS_MANAGE, {{READ, list_methods}},
     .name = "listPaymentMethods"},
    {POST, "/v1/subaccounts/{subaccount}/payment_methods", CAN_PAYMENTS_MANAGE, {{WRITE, add_method}},
     .input = card_input_fields, .input_size = sizeof(struct card_input), .flags = ROUTE_NOT_KEPT,
     .name = "addPaymentMethod"},
    {POST, "/v1/subaccounts/{subaccount}/payment_methods/{payment_method}/default", CAN_PAYMENTS_MANAGE,
     {{WRITE, choose_method}}, .flags = ROUTE_NO_BODY, .name = "choosePaymentMethod"},
    {DELETE, "/v1/subaccounts/{subaccount}/payment_methods/{payment_method}", CAN_PAYMENTS_MANAGE,
     {{WRITE, remove_method}}, .name = "removePaymentMethod"},
    ROUTE_END,
};
/* clang-format on */
