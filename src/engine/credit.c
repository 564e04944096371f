#include "engine/credit.h"

#include "base/decimal.h"
#include "domain/purchases.h"
#include "store/agencies.h"
#include "store/ledger.h"

bool credit_load(struct tx *tx, id64_t agency, struct credit *out)
{
    return agency_credit_limit(tx, agency, &out->limit)
        && ledger_credit(tx, agency, &out->balance, &out->profit);
}

bool credit_lock(struct tx *tx, id64_t agency, struct credit *out)
{
    return agency_credit_lock(tx, agency, &out->limit)
        && ledger_credit(tx, agency, &out->balance, &out->profit);
}

/* At most what a number holds. */
micros_t credit_available(const struct credit *credit)
{
    if (credit->limit == MICROS_NONE) return MICROS_NONE;

    __int128 available =
        (__int128)credit->balance + (credit->profit > 0 ? credit->profit : 0) + credit->limit;

    if (available > INT64_MAX) return INT64_MAX;
    return available > 0 ? (micros_t)available : 0;
}

static bool require(struct tx *tx, const struct credit *credit, struct credit_change change)
{
    if (credit_allows(credit->balance, credit->profit, credit->limit, change) == REASON_NONE)
        return true;

    struct str needed = micros_format(tx->arena, -(change.credit + change.profit));
    struct str available = micros_format(tx->arena, credit_available(credit));

    return fail(tx->problem, REASON_INSUFFICIENT_CREDIT, NULL,
                "This needs %.*s USD of the agency's credit with the platform, and %.*s are left.",
                STR_ARG(needed), STR_ARG(available));
}

bool credit_require(struct tx *tx, const struct credit *credit, micros_t change)
{
    return require(tx, credit, (struct credit_change){ .credit = change });
}

bool credit_require_for(struct tx *tx, const struct credit *credit, const struct posting *posting)
{
    return require(tx, credit, credit_change_of(posting));
}

micros_t credit_payable(const struct credit *credit)
{
    __int128 payable = (__int128)credit->profit + (credit->balance < 0 ? credit->balance : 0);

    return payable > 0 ? (micros_t)payable : 0;
}
