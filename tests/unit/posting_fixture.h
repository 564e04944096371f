/* What a posting does to one account. */
#ifndef TESTS_POSTING_FIXTURE_H
#define TESTS_POSTING_FIXTURE_H

#include "domain/ledger.h"

static inline int64_t amount_of(const struct posting *posting, enum ledger_account account,
                                id64_t owner)
{
    for (size_t i = 0; i < posting->n_entries; i++)
        if (posting->entries[i].account == account && posting->entries[i].owner == owner)
            return posting->entries[i].amount;
    return 0;
}

#endif
