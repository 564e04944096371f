#include "domain/profits.h"

#include "base/decimal.h"

struct profit profit_of_posting(const struct posting *posting)
{
    struct profit profit = { 0, 0 };

    for (size_t i = 0; i < posting->n_entries; i++) {
        const struct entry *entry = &posting->entries[i];

        if (entry->account == LEDGER_PROFIT || entry->account == LEDGER_PAYOUTS)
            profit.payable += entry->amount;
        if (entry->account == LEDGER_COLLECTED) profit.collected += entry->amount;
    }
    return profit;
}

bool profit_between(const struct profit *before, const struct profit *after, struct profit *out)
{
    return int64_subtract(after->payable, before->payable, &out->payable)
        && int64_subtract(after->collected, before->collected, &out->collected);
}

micros_t profit_to_pay_out(micros_t profit, micros_t credit)
{
    __int128 payable = (__int128)profit + (credit < 0 ? credit : 0);

    return payable > 0 ? (micros_t)payable : 0;
}
