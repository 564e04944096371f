#include "engine/purchases.h"

#include "base/decimal.h"
#include "base/id.h"
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

/* What the agency's credit still covers: credit + max(0, profit) + limit, at most what a number
   holds. */
static micros_t credit_available(micros_t credit, micros_t profit, micros_t limit)
{
    __int128 available = (__int128)credit + (profit > 0 ? profit : 0) + limit;

    if (available > INT64_MAX) return INT64_MAX;
    return available > 0 ? (micros_t)available : 0;
}

static micros_t change_of(const struct posting *posting, enum ledger_account account)
{
    for (size_t i = 0; i < posting->n_entries; i++) {
        if (posting->entries[i].account == account) return posting->entries[i].amount;
    }
    return 0;
}

/* The credit rule of domain.md §5, with the agency's row locked, so that no two postings rest on
   the same credit. */
static bool allow_credit(struct tx *tx, const struct posting *posting, micros_t limit)
{
    id64_t agency = posting->agency;
    micros_t change = change_of(posting, LEDGER_CREDIT), credit, profit;

    if (!ledger_balance(tx, agency, LEDGER_CREDIT, agency, &credit)
        || !ledger_balance(tx, agency, LEDGER_PROFIT, agency, &profit))
        return false;
    if (credit_allows(credit, profit, limit, change) == REASON_NONE) return true;

    struct str needed = micros_format(tx->arena, -change);
    struct str available = micros_format(tx->arena, credit_available(credit, profit, limit));

    return fail(tx->problem, REASON_INSUFFICIENT_CREDIT, NULL,
                "This needs %.*s USD of the agency's credit with the platform, and %.*s are left.",
                STR_ARG(needed), STR_ARG(available));
}

static bool succeed(struct tx *tx, struct purchase *purchase, struct actor actor, micros_t limit)
{
    struct posting posting;
    enum reason refused = posting_for_purchase(purchase, id_new(tx->now), tx->now, &posting);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    posting.actor = actor;
    purchase->state = PURCHASE_SUCCEEDED;
    purchase->posting_id = posting.id;
    purchase->succeeded_at = tx->now;
    return allow_credit(tx, &posting, limit) && ledger_post_one(tx, &posting)
        && purchase_update(tx, purchase);
}

/* Locks go from the agency down to the purchase, as wherever both are taken. */
bool purchase_mark_paid(struct tx *tx, id64_t agency, id64_t purchase, struct actor actor,
                        struct purchase *out)
{
    struct subaccount account;
    struct tier_prices prices;
    micros_t limit;

    if (!agency_credit_lock(tx, agency, &limit) || !purchase_load(tx, agency, purchase, out)
        || !allow_paid(tx, out) || !subaccount_load(tx, agency, out->subaccount_id, &account)
        || !refuse_removed(tx, &account)
        || !subaccount_prices(tx, agency, out->subaccount_id, tx->now, &prices))
        return false;
    assert(out->tier >= 0 && out->tier < TIER_COUNT);
    out->base_price = prices.base[out->tier];
    return succeed(tx, out, actor, limit);
}
