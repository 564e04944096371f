#include "engine/purchases.h"

#include "base/id.h"
#include "engine/credit.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/purchases.h"
#include "store/subaccounts.h"

#include <assert.h>

static bool refuse_removed(struct tx *tx, const struct subaccount *account)
{
    return account->status != SUBACCOUNT_REMOVED
        || fail_as(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL);
}

static bool price(struct tx *tx, struct purchase *purchase, seconds_t seconds, micros_t amount)
{
    struct tier_prices prices;

    if (!subaccount_prices(tx, purchase->agency_id, purchase->subaccount_id, tx->now, &prices))
        return false;

    enum reason refused = purchase_price(purchase, seconds, amount, prices.base[purchase->tier],
                                         prices.effective[purchase->tier]);

    return refused == REASON_NONE
        || fail_as(tx->problem, refused, amount != 0 ? "amount_usd" : "seconds");
}

bool purchase_create(struct tx *tx, id64_t agency, id64_t subaccount, enum tier tier,
                     seconds_t seconds, micros_t amount, id64_t created_by, struct purchase *out)
{
    struct subaccount account;

    *out = (struct purchase){
        .agency_id = agency,
        .id = id_new(tx->now),
        .subaccount_id = subaccount,
        .tier = tier,
        .provider = PROVIDER_MANUAL,
        .state = PURCHASE_PENDING,
        .profit = MICROS_NONE,
        .created_by = created_by,
        .created_at = tx->now,
        .succeeded_at = INSTANT_NONE,
    };
    return subaccount_load(tx, agency, subaccount, &account) && refuse_removed(tx, &account)
        && price(tx, out, seconds, amount) && purchase_insert(tx, out);
}

static bool allow_paid(struct tx *tx, const struct purchase *purchase)
{
    enum reason refused = may_mark_paid(purchase);

    return refused == REASON_NONE
        || fail(tx->problem, refused, NULL, "This purchase is %s.",
                purchase_state_names[purchase->state]);
}

static micros_t change_of(const struct posting *posting, enum ledger_account account)
{
    for (size_t i = 0; i < posting->n_entries; i++) {
        if (posting->entries[i].account == account) return posting->entries[i].amount;
    }
    return 0;
}

static bool succeed(struct tx *tx, struct purchase *purchase, struct actor actor,
                    const struct credit *credit)
{
    struct posting posting;
    enum reason refused = posting_for_purchase(purchase, id_new(tx->now), tx->now, &posting);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    posting.actor = actor;
    purchase->state = PURCHASE_SUCCEEDED;
    purchase->posting_id = posting.id;
    purchase->succeeded_at = tx->now;
    return credit_require(tx, credit, change_of(&posting, LEDGER_CREDIT))
        && ledger_post_one(tx, &posting) && purchase_update(tx, purchase);
}

/* Locks go from the agency down to the purchase, as wherever both are taken. */
bool purchase_mark_paid(struct tx *tx, id64_t agency, id64_t purchase, struct actor actor,
                        struct purchase *out)
{
    struct subaccount account;
    struct tier_prices prices;
    struct credit credit;

    if (!credit_lock(tx, agency, &credit) || !purchase_load(tx, agency, purchase, out)
        || !allow_paid(tx, out) || !subaccount_load(tx, agency, out->subaccount_id, &account)
        || !refuse_removed(tx, &account)
        || !subaccount_prices(tx, agency, out->subaccount_id, tx->now, &prices))
        return false;
    assert(out->tier >= 0 && out->tier < TIER_COUNT);
    out->base_price = prices.base[out->tier];
    return succeed(tx, out, actor, &credit);
}
