#include "engine/payment_methods.h"

#include "base/id.h"
#include "engine/credit.h"
#include "engine/minutes.h"
#include "store/subaccounts.h"

/* The agency's row first, so that the account's cards are counted and chosen among by one at a time. */
static bool lock(struct tx *tx, id64_t agency, id64_t subaccount)
{
    struct subaccount account;
    struct credit credit;

    return credit_lock(tx, agency, &credit) && subaccount_load(tx, agency, subaccount, &account)
        && minutes_require_account(tx, &account);
}

static bool find(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                 struct payment_method *out)
{
    bool found;

    if (!payment_method_find(tx, agency, subaccount, id, out, &found)) return false;
    return found || fail_as(tx->problem, REASON_NOT_FOUND, NULL);
}

bool payment_method_add(struct tx *tx, id64_t agency, id64_t subaccount,
                        enum purchase_provider provider, const struct card *card, id64_t created_by,
                        struct payment_method *out)
{
    struct list others;

    if (!lock(tx, agency, subaccount) || !payment_method_list(tx, agency, subaccount, &others))
        return false;
    if (card_is_expired(card->exp_year, card->exp_month, tx->now))
        return fail_field_as(tx->problem, REASON_CARD_EXPIRED, STR("exp_year"));
    enum reason refused = may_add_payment_method((int64_t)others.count);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    *out = (struct payment_method){
        .agency_id = agency,
        .id = id_new(tx->now),
        .subaccount_id = subaccount,
        .provider = provider,
        .card = *card,
        .is_default = others.count == 0,
        .created_by = created_by,
        .created_at = tx->now,
        .removed_at = INSTANT_NONE,
    };
    return payment_method_insert(tx, out);
}

bool payment_method_choose(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                           struct payment_method *out)
{
    if (!lock(tx, agency, subaccount) || !find(tx, agency, subaccount, id, out)
        || !payment_method_set_default(tx, out))
        return false;
    out->is_default = true;
    return true;
}

bool payment_method_drop(struct tx *tx, id64_t agency, id64_t subaccount, id64_t id,
                         struct payment_method *out)
{
    struct list others;

    if (!lock(tx, agency, subaccount) || !find(tx, agency, subaccount, id, out)
        || !payment_method_remove(tx, out) || !payment_method_list(tx, agency, subaccount, &others))
        return false;
    return !out->is_default || others.count == 0 || payment_method_set_default(tx, others.at);
}
