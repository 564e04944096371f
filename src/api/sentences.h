/* Ledger entries as sentences, for statements of wallets and of the agency's credit. */
#ifndef API_SENTENCES_H
#define API_SENTENCES_H

#include "http/request.h"
#include "store/ledger.h"

/* Whose account the entries are of. */
enum statement_side { SIDE_WALLET, SIDE_CREDIT };

struct sentence {
    struct str description;
    struct str reference; /* the id of what caused it; absent: nothing that has one */
};

/* What each of n entries of one side is about, in one go whatever n is. A wallet's says nothing of other accounts that
   the caller does not reach. */
bool sentences_of(struct request *r, enum statement_side side,
                  const struct statement_entry *entries, size_t n, struct sentence *out);

#endif
