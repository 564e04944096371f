#include "engine/adjustments.h"

#include "base/id.h"
#include "engine/credit.h"
#include "engine/minutes.h"
#include "store/adjustments.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/subaccounts.h"

static bool load_account(struct tx *tx, const struct adjustment_order *order)
{
    struct subaccount account;
    bool found;

    if (!subaccount_find(tx, order->agency, order->subaccount, &account, &found)) return false;
    if (!found) return fail_field_as(tx->problem, REASON_UNKNOWN_SUBACCOUNT, STR("subaccount"));
    return minutes_require_account(tx, &account);
}

static bool price(struct tx *tx, struct adjustment *adjustment)
{
    struct tier_prices prices;

    if (!subaccount_prices(tx, adjustment->agency_id, adjustment->subaccount_id, tx->now, &prices))
        return false;
    adjustment->base_price = prices.base[adjustment->tier];
    enum reason refused = adjustment_price(adjustment);

    return refused == REASON_NONE || fail_as(tx->problem, refused, "seconds");
}

static bool require_minutes(struct tx *tx, const struct adjustment_order *order)
{
    return order->seconds >= 0
        || minutes_require(tx, order->agency, order->subaccount, order->tier, -order->seconds);
}

static bool post(struct tx *tx, const struct adjustment *adjustment, struct actor actor,
                 const struct credit *credit)
{
    struct posting posting;
    enum reason refused = posting_for_adjustment(adjustment, tx->now, &posting);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    posting.actor = actor;
    return credit_require_for(tx, credit, &posting) && ledger_post_one(tx, &posting)
        && adjustment_insert(tx, adjustment);
}

/* The lock on credit also keeps prices as they are: whoever changes them takes the agency's row. */
bool adjustment_made(struct tx *tx, const struct adjustment_order *order, struct adjustment *out)
{
    struct credit credit;

    if (!credit_lock(tx, order->agency, &credit)) return false;
    *out = (struct adjustment){
        .agency_id = order->agency,
        .id = id_new(tx->now),
        .subaccount_id = order->subaccount,
        .by_platform = order->by_platform,
        .tier = order->tier,
        .seconds = order->seconds,
        .reason = order->reason,
        .posting_id = id_new(tx->now),
        .created_by = order->actor.user,
        .created_at = tx->now,
    };
    return load_account(tx, order) && require_minutes(tx, order) && price(tx, out)
        && post(tx, out, order->actor, &credit);
}
