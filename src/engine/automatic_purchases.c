#include "engine/automatic_purchases.h"

#include "base/decimal.h"
#include "domain/cards.h"
#include "engine/by_itself.h"
#include "store/agencies.h"
#include "store/payment_methods.h"
#include "store/purchases.h"

/* clang-format off */
static const struct field purchase_record[] = {
    FIELD_AS("subaccount", struct purchase, subaccount_id, FIELD_IS_ID, .id_kind = ID_SUBACCOUNT),
    FIELD_NAME(struct purchase, origin, purchase_origin_names),
    FIELD_NAME(struct purchase, tier, tier_names),
    FIELD_INTEGER(struct purchase, seconds),
    FIELD_AS("paid_usd", struct purchase, paid, FIELD_IS_MONEY),
    FIELD_MONEY(struct purchase, unit_price),
    FIELD_NAME(struct purchase, state, purchase_state_names),
    FIELD_END,
};
/* clang-format on */

/* As purchase_create will price it: a refusal there would undo the transaction. */
static bool find_refusal(struct tx *tx, const struct purchase_order *order, enum reason *out)
{
    struct purchase priced = { .profit = MICROS_NONE };
    struct tier_prices prices;

    if (!subaccount_prices(tx, order->agency, order->subaccount, tx->now, &prices)) return false;
    micros_t base = prices.base[order->tier];
    micros_t price = order->at_base ? base : prices.effective[order->tier];

    *out = purchase_price(&priced, order->seconds, order->amount, base, price);
    return true;
}

static bool tell_waiting(struct tx *tx, const struct purchase *purchase)
{
    struct str paid = micros_format(tx->arena, purchase->paid);
    const char *what =
        purchase->origin == ORIGIN_AUTO_RECHARGE ? "auto-recharge" : "auto-allocation";
    struct str detail = str_format(tx->arena, "%.*s USD of its %s", STR_ARG(paid), what);
    struct str once = str_format(tx->arena, "%lld", (long long)purchase->id);

    return purchase->provider != PROVIDER_MANUAL
        || tell_admins(tx, purchase->agency_id, MAIL_PURCHASE_WAITING, purchase->subaccount_id,
                       detail, once);
}

bool purchase_by_itself(struct tx *tx, const struct purchase_order *order, struct purchase *out,
                        enum reason *refused)
{
    struct purchase_order with_card = *order;
    struct payment_method card;
    bool has_card;

    if (!find_refusal(tx, order, refused)) return false;
    if (*refused != REASON_NONE) return true;
    if (!payment_method_default(tx, order->agency, order->payer, &card, &has_card)) return false;
    with_card.payment_method = has_card ? card.id : ID_NONE;
    return purchase_create(tx, &with_card, out)
        && record_by_itself(tx, order->agency, "purchase.created", ID_PURCHASE, out->id,
                            purchase_record, out)
        && tell_waiting(tx, out);
}

struct str purchase_failure(const struct purchase *purchase)
{
    if (!str_is_absent(purchase->failure)) return purchase->failure;
    return str_from_c(purchase_state_names[purchase->state]);
}

bool purchase_call_off(struct tx *tx, id64_t agency, id64_t id)
{
    struct purchase purchase;

    if (id == ID_NONE) return true;
    if (!purchase_load(tx, agency, id, &purchase)) return false;
    return may_cancel_purchase(&purchase) != REASON_NONE
        || purchase_cancel(tx, agency, id, &purchase);
}
