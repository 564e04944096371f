/* Giving money back for minutes given back (domain.md §5). */
#include "domain/refunds.h"

#include "base/decimal.h"
#include "domain/money.h"

#include <assert.h>

#define MICROS_PER_CENT (MICROS_PER_USD / 100)

const char *const refund_kind_names[] = { "refund", "dispute", NULL };
const char *const refund_state_names[] = { "pending", "succeeded", "failed", NULL };

static seconds_t rest_of(const struct purchase *purchase)
{
    return purchase->seconds - purchase->refunded;
}

seconds_t refund_most(const struct purchase *purchase, seconds_t wallet)
{
    seconds_t rest = rest_of(purchase);

    if (wallet <= 0) return 0;
    return wallet < rest ? wallet : rest;
}

enum reason may_refund(const struct purchase *purchase, seconds_t seconds, seconds_t wallet)
{
    if (purchase->state != PURCHASE_SUCCEEDED || purchase->disputed_at != INSTANT_NONE)
        return REASON_PURCHASE_NOT_REFUNDABLE;
    return seconds <= refund_most(purchase, wallet) ? REASON_NONE : REASON_MINUTES_USED;
}

/* What belongs to the first `seconds` of a purchase. */
struct share {
    micros_t amount, base, markup;
};

static bool share_of(const struct purchase *purchase, seconds_t seconds, struct share *out)
{
    micros_t cents, paid;

    if (!int64_multiply_divide(purchase->paid / MICROS_PER_CENT, seconds, 0, purchase->seconds,
                               &cents)
        || !int64_multiply_divide(purchase->paid, seconds, purchase->seconds / 2, purchase->seconds,
                                  &paid)
        || !money_value(seconds, purchase->base_price, &out->base))
        return false;
    out->amount = cents * MICROS_PER_CENT;
    return int64_subtract(paid, out->base, &out->markup);
}

/* From what was given back to that and `seconds` more. */
static enum reason share_between(const struct purchase *purchase, seconds_t seconds,
                                 struct refund *out)
{
    assert(purchase->seconds > 0 && seconds >= 0 && seconds <= rest_of(purchase));
    struct share before, after;
    micros_t base_value, markup;
    bool markup_is_rounding;

    if (purchase_split(purchase, &base_value, &markup, &markup_is_rounding) != REASON_NONE
        || !share_of(purchase, purchase->refunded, &before)
        || !share_of(purchase, purchase->refunded + seconds, &after))
        return REASON_OVERFLOW;
    out->seconds = seconds;
    out->amount = after.amount - before.amount;
    out->base = after.base - before.base;
    out->profit = markup_is_rounding ? 0 : after.markup - before.markup;
    return REASON_NONE;
}

enum reason refund_share(const struct purchase *purchase, seconds_t seconds, struct refund *out)
{
    enum reason refused = share_between(purchase, seconds, out);

    if (refused != REASON_NONE) return refused;
    return out->amount > 0 ? REASON_NONE : REASON_NOTHING_TO_REFUND;
}

enum reason refund_rest(const struct purchase *purchase, struct refund *out)
{
    return share_between(purchase, rest_of(purchase), out);
}

static void transfer_share(struct posting *posting, const struct refund *refund,
                           const struct purchase *purchase, int64_t sign)
{
    const struct money_path *path = purchase_money_path(purchase);
    enum tier tier = (enum tier)refund->tier;
    micros_t rounding = refund->amount - refund->base - refund->profit;

    posting_transfer(posting, ledger_wallet(tier), refund->subaccount_id, ledger_issued(tier),
                     ID_NONE, sign * refund->seconds);
    posting_transfer_money(posting, LEDGER_BASE_REVENUE, path->base_from, sign * refund->base);
    posting_transfer_money(posting, path->markup_to, path->markup_from, sign * refund->profit);
    posting_transfer_money(posting, LEDGER_ROUNDING, path->markup_from, sign * rounding);
}

enum reason posting_for_refund(const struct refund *refund, const struct purchase *purchase,
                               instant_t at, struct posting *out)
{
    enum posting_kind kind = refund->kind == REFUND_DISPUTE ? POSTING_DISPUTE : POSTING_REFUND;

    *out = posting_begin(kind, refund->posting_id, refund->agency_id, refund->subaccount_id, at);
    out->reference = refund->id;
    out->key = refund->id;
    out->purchase = refund->purchase_id;
    transfer_share(out, refund, purchase, 1);
    return posting_check(out);
}

enum reason posting_for_refund_return(const struct refund *refund, const struct purchase *purchase,
                                      instant_t at, struct posting *out)
{
    *out = posting_begin(POSTING_REFUND_RETURN, refund->return_posting_id, refund->agency_id,
                         refund->subaccount_id, at);
    out->reference = refund->id;
    out->key = refund->id;
    out->purchase = refund->purchase_id;
    transfer_share(out, refund, purchase, -1);
    return posting_check(out);
}

/* A purchase that lost a dispute stays one that succeeded: it was no refund. */
static void set_state(struct purchase *purchase)
{
    bool is_refunded =
        purchase->refunded == purchase->seconds && purchase->disputed_at == INSTANT_NONE;

    purchase->state = is_refunded ? PURCHASE_REFUNDED : PURCHASE_SUCCEEDED;
}

void refund_apply(const struct refund *refund, struct purchase *purchase)
{
    purchase->refunded += refund->seconds;
    purchase->refunded_amount += refund->amount;
    if (refund->kind == REFUND_DISPUTE && purchase->disputed_at == INSTANT_NONE)
        purchase->disputed_at = refund->created_at;
    set_state(purchase);
}

void refund_undo(const struct refund *refund, struct purchase *purchase)
{
    purchase->refunded -= refund->seconds;
    purchase->refunded_amount -= refund->amount;
    set_state(purchase);
}
