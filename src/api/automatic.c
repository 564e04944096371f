#include "api/automatic.h"

#include "store/payment_methods.h"
#include "store/purchases.h"

/* clang-format off */
const struct field automatic_card_fields[] = {
    FIELD_ID(struct payment_method, id, ID_PAYMENT_METHOD),
    FIELD_AS("brand", struct payment_method, card.brand, FIELD_IS_TEXT),
    FIELD_AS("last4", struct payment_method, card.last4, FIELD_IS_TEXT),
    FIELD_AS("exp_month", struct payment_method, card.exp_month, FIELD_IS_INTEGER),
    FIELD_AS("exp_year", struct payment_method, card.exp_year, FIELD_IS_INTEGER),
    FIELD_END,
};
/* clang-format on */

bool automatic_card_load(struct request *r, id64_t subaccount, struct payment_method **out)
{
    struct payment_method *card = ARENA_NEW(r->arena, struct payment_method);
    bool found;

    if (!payment_method_default(r->tx, r->caller.agency, subaccount, card, &found)) return false;
    *out = found ? card : NULL;
    return true;
}

bool automatic_purchase_waits(struct request *r, id64_t id, bool *out)
{
    struct purchase purchase;

    *out = false;
    if (id == ID_NONE) return true;
    if (!purchase_find(r->tx, r->caller.agency, id, &purchase)) return false;
    *out = may_mark_paid(&purchase) == REASON_NONE;
    return true;
}
