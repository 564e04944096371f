/* Auto-recharge of a sub-account (domain.md §5): its settings, what they would do, and how it stands. */
#include "api/automatic.h"
#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "domain/purchases.h"
#include "engine/recharges.h"
#include "store/recharges.h"
#include "store/subaccounts.h"

enum recharge_state {
    STATE_OFF,
    STATE_TURNED_OFF,
    STATE_ON,
    STATE_BUYING,
    STATE_WAITING_FOR_PAYMENT,
    STATE_WAITS,
    STATE_SUSPENDED,
};
static const char *const state_names[] = {
    "off", "turned_off", "on", "buying", "waiting_for_payment", "waits", "suspended", NULL,
};

struct recharge_view {
    struct recharge recharge;
    int state;
    micros_t balance;
    struct payment_method *card;
};

/* clang-format off */
#define SETTINGS_FIELDS(required)                                                                                \
    FIELD_AS("threshold_usd", struct recharge_settings, threshold, FIELD_IS_MONEY, .min = 0,                     \
             .max = PURCHASE_AMOUNT_MAX, .flags = (required)),                                                   \
    FIELD_AS("amount_usd", struct recharge_settings, amount, FIELD_IS_MONEY, .min = 1,                           \
             .max = PURCHASE_AMOUNT_MAX, .flags = (required)),                                                   \
    FIELD_NAME(struct recharge_settings, tier, tier_names, .flags = (required))

static const struct field settings_fields[] = {
    FIELD_BOOLEAN(struct recharge_settings, enabled, .flags = FIELD_REQUIRED),
    SETTINGS_FIELDS(FIELD_NULLABLE),
    FIELD_END,
};

static const struct field quote_input_fields[] = {
    SETTINGS_FIELDS(FIELD_REQUIRED),
    FIELD_END,
};

static const struct field quote_fields[] = {
    FIELD_MONEY(struct recharge_quote, price),
    FIELD_INTEGER(struct recharge_quote, seconds),
    FIELD_AS("balance_usd", struct recharge_quote, balance, FIELD_IS_MONEY),
    FIELD_BOOLEAN(struct recharge_quote, buys_now),
    FIELD_END,
};

static const struct field recharge_fields[] = {
    FIELD_AS("enabled", struct recharge_view, recharge.enabled, FIELD_IS_BOOLEAN),
    FIELD_AS("threshold_usd", struct recharge_view, recharge.threshold, FIELD_IS_MONEY),
    FIELD_AS("amount_usd", struct recharge_view, recharge.amount, FIELD_IS_MONEY),
    FIELD_AS("tier", struct recharge_view, recharge.tier, FIELD_IS_NAME, .names = tier_names),
    FIELD_NAME(struct recharge_view, state, state_names),
    FIELD_AS("balance_usd", struct recharge_view, balance, FIELD_IS_MONEY),
    FIELD_AS("purchase", struct recharge_view, recharge.purchase_id, FIELD_IS_ID, .id_kind = ID_PURCHASE),
    FIELD_OBJECT(struct recharge_view, card, automatic_card_fields, .flags = FIELD_POINTER),
    FIELD_AS("waits_until", struct recharge_view, recharge.waits_until, FIELD_IS_INSTANT),
    FIELD_AS("failures", struct recharge_view, recharge.failures, FIELD_IS_INTEGER),
    FIELD_AS("failure", struct recharge_view, recharge.failure, FIELD_IS_TEXT),
    FIELD_AS("turned_off_at", struct recharge_view, recharge.turned_off_at, FIELD_IS_INSTANT),
    FIELD_AS("updated_at", struct recharge_view, recharge.updated_at, FIELD_IS_INSTANT),
    FIELD_END,
};

static const struct field recharge_record[] = {
    FIELD_BOOLEAN(struct recharge, enabled),
    FIELD_AS("threshold_usd", struct recharge, threshold, FIELD_IS_MONEY),
    FIELD_AS("amount_usd", struct recharge, amount, FIELD_IS_MONEY),
    FIELD_NAME(struct recharge, tier, tier_names),
    FIELD_END,
};
/* clang-format on */

static enum recharge_state state_of(const struct recharge *recharge,
                                    const struct subaccount *account, bool waits_for_payment)
{
    if (waits_for_payment) return STATE_WAITING_FOR_PAYMENT;
    if (recharge->purchase_id != ID_NONE) return STATE_BUYING;
    if (recharge->turned_off_at != INSTANT_NONE) return STATE_TURNED_OFF;
    if (!recharge->enabled) return STATE_OFF;
    if (account->status == SUBACCOUNT_SUSPENDED) return STATE_SUSPENDED;
    return recharge->waits_until != INSTANT_NONE ? STATE_WAITS : STATE_ON;
}

/* As it is after what was done. */
static bool reply(struct request *r)
{
    struct recharge_view view;
    struct subaccount account;
    micros_t prices[TIER_COUNT];
    bool waits_for_payment;

    if (!subaccount_load(r->tx, r->caller.agency, r->scope.subaccount, &account)
        || !recharge_load(r->tx, r->caller.agency, account.id, &view.recharge)
        || !recharge_balance(r->tx, r->caller.agency, account.id, &view.balance, prices)
        || !automatic_card_load(r, account.id, &view.card)
        || !automatic_purchase_waits(r, view.recharge.purchase_id, &waits_for_payment))
        return false;
    view.state = (int)state_of(&view.recharge, &account, waits_for_payment);
    return request_reply(r, 200, recharge_fields, &view);
}

static bool quote_recharge(struct request *r)
{
    struct recharge_quote quote;

    return refuse_suspended_client(r, r->scope.subaccount)
        && recharge_quoted(r->tx, r->caller.agency, r->scope.subaccount, r->input, &quote)
        && request_reply(r, 200, quote_fields, &quote);
}

static bool set_recharge(struct request *r)
{
    struct recharge before, after;

    return refuse_suspended_client(r, r->scope.subaccount)
        && recharge_change(r->tx, r->caller.agency, r->scope.subaccount, r->input, &before, &after)
        && request_record(r, "auto_recharge.set", ID_SUBACCOUNT, r->scope.subaccount,
                          record_of(r, recharge_record, &before),
                          record_of(r, recharge_record, &after))
        && reply(r);
}

/* clang-format off */
const struct route auto_recharge_routes[] = {
    {GET, "/v1/subaccounts/{subaccount}/auto_recharge", CAN_PAYMENTS_MANAGE, {{READ, reply}},
     .key_scopes = 1u << SCOPE_READ, .name = "getAutoRecharge"},
    {PUT, "/v1/subaccounts/{subaccount}/auto_recharge", CAN_PAYMENTS_MANAGE, {{WRITE, set_recharge}},
     .input = settings_fields, .input_size = sizeof(struct recharge_settings), .name = "setAutoRecharge"},
    {POST, "/v1/subaccounts/{subaccount}/auto_recharge/quote", CAN_PAYMENTS_MANAGE, {{READ, quote_recharge}},
     .input = quote_input_fields, .input_size = sizeof(struct recharge_settings), .flags = ROUTE_NOT_KEPT,
     .name = "quoteAutoRecharge"},
    ROUTE_END,
};
/* clang-format on */
