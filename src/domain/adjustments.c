#include "domain/adjustments.h"

#include "domain/money.h"

enum reason adjustment_price(struct adjustment *adjustment)
{
    micros_t base;

    adjustment->credit = 0;
    if (adjustment->by_platform) return REASON_NONE;
    if (!money_value(adjustment->seconds, adjustment->base_price, &base) || base == INT64_MIN)
        return REASON_OVERFLOW;
    adjustment->credit = -base;
    return REASON_NONE;
}

enum reason posting_for_adjustment(const struct adjustment *adjustment, instant_t at,
                                   struct posting *out)
{
    enum tier tier = (enum tier)adjustment->tier;
    enum posting_kind kind = adjustment->by_platform ? POSTING_PLATFORM_GRANT : POSTING_ADJUSTMENT;

    *out = posting_begin(kind, adjustment->posting_id, adjustment->agency_id,
                         adjustment->subaccount_id, at);
    out->reference = adjustment->id;
    out->key = adjustment->id;
    posting_transfer(out, ledger_issued(tier), ID_NONE, ledger_wallet(tier),
                     adjustment->subaccount_id, adjustment->seconds);
    posting_transfer(out, LEDGER_BASE_REVENUE, ID_NONE, LEDGER_CREDIT, adjustment->agency_id,
                     adjustment->credit);
    return posting_check(out);
}
