#include "engine/refunds.h"

#include "base/id.h"
#include "engine/credit.h"
#include "engine/minutes.h"
#include "store/agencies.h"
#include "store/jobs.h"
#include "store/ledger.h"
#include "store/purchases.h"
#include "store/refunds.h"
#include "store/subaccounts.h"

static bool pass(struct tx *tx, enum reason reason)
{
    return reason == REASON_NONE || fail_as(tx->problem, reason, NULL);
}

static bool refuse_pending(struct tx *tx, const struct purchase *purchase)
{
    bool is_pending;

    return refund_is_pending(tx, purchase->agency_id, purchase->id, &is_pending)
        && (!is_pending || fail_as(tx->problem, REASON_REFUND_ON_ITS_WAY, NULL));
}

static bool find_most(struct tx *tx, const struct purchase *purchase, seconds_t *most)
{
    struct subaccount account;
    struct wallet wallet;

    if (!subaccount_load(tx, purchase->agency_id, purchase->subaccount_id, &account)
        || !minutes_require_account(tx, &account)
        || !ledger_wallets(tx, purchase->agency_id, &purchase->subaccount_id, 1, &wallet))
        return false;
    *most = refund_most(purchase, wallet.seconds[purchase->tier]);
    return true;
}

static bool allow_seconds(struct tx *tx, const struct purchase *purchase, seconds_t seconds,
                          seconds_t most)
{
    enum reason refused = may_refund(purchase, seconds, most);

    if (refused != REASON_MINUTES_USED) return pass(tx, refused);
    return fail(tx->problem, refused, NULL,
                "At most %lld seconds of this purchase can be refunded: what is left of it in the"
                " wallet.",
                (long long)most);
}

static struct refund refund_of(struct tx *tx, const struct purchase *purchase,
                               enum refund_kind kind)
{
    return (struct refund){
        .agency_id = purchase->agency_id,
        .id = id_new(tx->now),
        .purchase_id = purchase->id,
        .subaccount_id = purchase->subaccount_id,
        .kind = kind,
        .state = REFUND_SUCCEEDED,
        .tier = purchase->tier,
        .posting_id = id_new(tx->now),
        .created_at = tx->now,
        .settled_at = tx->now,
    };
}

static bool share(struct tx *tx, const struct purchase *purchase, seconds_t seconds, seconds_t most,
                  struct refund *out)
{
    *out = refund_of(tx, purchase, REFUND_ASKED);
    return refuse_pending(tx, purchase) && allow_seconds(tx, purchase, seconds, most)
        && pass(tx, refund_share(purchase, seconds, out));
}

bool refund_quoted(struct tx *tx, const struct refund_order *order, struct refund *out,
                   seconds_t *most)
{
    struct purchase purchase;

    if (!purchase_find(tx, order->agency, order->purchase, &purchase)
        || !find_most(tx, &purchase, most))
        return false;
    seconds_t seconds = order->seconds != 0 ? order->seconds : *most > 0 ? *most : 1;

    return share(tx, &purchase, seconds, *most, out);
}

static bool keep(struct tx *tx, struct refund *refund, struct actor actor,
                 struct purchase *purchase, struct posting *posting)
{
    posting->actor = actor;
    refund->created_by = actor.user;
    refund_apply(refund, purchase);
    return ledger_post_one(tx, posting) && refund_insert(tx, refund)
        && purchase_update(tx, purchase);
}

/* A card's money goes back by its provider. */
static bool send_later(struct tx *tx, const struct purchase *purchase, struct refund *refund)
{
    if (purchase->provider == PROVIDER_MANUAL) return true;
    refund->state = REFUND_PENDING;
    refund->settled_at = INSTANT_NONE;
    return job_post(tx, refund->agency_id, JOB_REFUND_SEND, refund->id, tx->now);
}

/* Locks go from the agency down to the purchase, as wherever both are taken. */
bool refund_made(struct tx *tx, const struct refund_order *order, struct refund *out,
                 struct purchase *after)
{
    struct credit credit;
    struct posting posting;
    seconds_t most;

    if (!credit_lock(tx, order->agency, &credit)
        || !purchase_load(tx, order->agency, order->purchase, after)
        || !find_most(tx, after, &most))
        return false;
    seconds_t seconds = order->seconds != 0 ? order->seconds : after->seconds - after->refunded;

    return share(tx, after, seconds, most, out) && send_later(tx, after, out)
        && pass(tx, posting_for_refund(out, after, tx->now, &posting))
        && credit_require_for(tx, &credit, &posting)
        && keep(tx, out, order->actor, after, &posting);
}

static enum reason may_lose_dispute(const struct purchase *purchase)
{
    bool is_lost = purchase->provider != PROVIDER_MANUAL && purchase->state == PURCHASE_SUCCEEDED
        && purchase->disputed_at == INSTANT_NONE;

    return is_lost ? REASON_NONE : REASON_PURCHASE_NOT_DISPUTABLE;
}

/* Where the minutes of a removed account are owed: as its late calls, by the primary. */
static bool find_debtor(struct tx *tx, const struct purchase *purchase, struct refund *out)
{
    struct subaccount account;
    struct agency agency;

    if (!subaccount_load(tx, purchase->agency_id, purchase->subaccount_id, &account)) return false;
    if (account.status != SUBACCOUNT_REMOVED) return true;
    if (!agency_load(tx, purchase->agency_id, &agency)) return false;
    out->subaccount_id = agency.primary_id;
    return true;
}

static bool post_rest(struct tx *tx, struct purchase *purchase, struct actor actor,
                      struct refund *out)
{
    struct posting posting;

    *out = refund_of(tx, purchase, REFUND_DISPUTE);
    return find_debtor(tx, purchase, out) && pass(tx, refund_rest(purchase, out))
        && pass(tx, posting_for_refund(out, purchase, tx->now, &posting))
        && keep(tx, out, actor, purchase, &posting);
}

bool purchase_dispute_lost(struct tx *tx, id64_t agency, id64_t purchase_id, struct actor actor,
                           struct refund *out)
{
    struct purchase purchase;
    struct credit credit;

    return credit_lock(tx, agency, &credit) && purchase_load(tx, agency, purchase_id, &purchase)
        && pass(tx, may_lose_dispute(&purchase)) && post_rest(tx, &purchase, actor, out);
}

static bool load_pending(struct tx *tx, id64_t agency, id64_t id, struct refund *refund,
                         struct purchase *purchase)
{
    return refund_find(tx, agency, id, refund)
        && purchase_load(tx, agency, refund->purchase_id, purchase)
        && refund_find(tx, agency, id, refund);
}

static bool settle(struct tx *tx, struct refund *refund, enum refund_state state)
{
    refund->state = state;
    refund->settled_at = tx->now;
    return refund_update(tx, refund);
}

bool refund_arrived(struct tx *tx, id64_t agency, id64_t id)
{
    struct purchase purchase;
    struct refund refund;

    if (!load_pending(tx, agency, id, &refund, &purchase)) return false;
    return refund.state != REFUND_PENDING || settle(tx, &refund, REFUND_SUCCEEDED);
}

/* The dispute was lost in full: what the refund would have given back is the network's, too. The shares are the refund's
   own, so that all of the purchase's still sum up to it. */
static bool dispute_again(struct tx *tx, const struct refund *refund, struct purchase *purchase)
{
    struct refund dispute = refund_of(tx, purchase, REFUND_DISPUTE);
    struct posting posting;

    dispute.seconds = refund->seconds;
    dispute.amount = refund->amount;
    dispute.base = refund->base;
    dispute.profit = refund->profit;
    return pass(tx, posting_for_refund(&dispute, purchase, tx->now, &posting))
        && keep(tx, &dispute, (struct actor){ 0 }, purchase, &posting);
}

static bool give_again(struct tx *tx, struct refund *refund, struct purchase *purchase)
{
    struct posting posting;

    refund->return_posting_id = id_new(tx->now);
    refund_undo(refund, purchase);
    return pass(tx, posting_for_refund_return(refund, purchase, tx->now, &posting))
        && ledger_post_one(tx, &posting) && settle(tx, refund, REFUND_FAILED)
        && purchase_update(tx, purchase);
}

bool refund_failed(struct tx *tx, id64_t agency, id64_t id, struct str failure)
{
    struct purchase purchase;
    struct refund refund;

    if (!load_pending(tx, agency, id, &refund, &purchase)) return false;
    if (refund.state != REFUND_PENDING) return true;
    refund.failure = failure;
    return give_again(tx, &refund, &purchase)
        && (purchase.disputed_at == INSTANT_NONE || dispute_again(tx, &refund, &purchase));
}
