/* The agency's credit with the platform (domain.md §5): what it still covers, and refusing what it does not. */
#ifndef ENGINE_CREDIT_H
#define ENGINE_CREDIT_H

#include "domain/ledger.h"
#include "store/db.h"

struct credit {
    micros_t balance, profit;
    micros_t limit; /* MICROS_NONE: no limit */
};

/* As it is. What changes it locks it, so that no two postings rest on the same credit; a lock comes before every other
   that the transaction takes. */
bool credit_load(struct tx *tx, id64_t agency, struct credit *out);
bool credit_lock(struct tx *tx, id64_t agency, struct credit *out);

/* balance + max(0, profit) + limit, 0 when that is below; MICROS_NONE: anything. */
micros_t credit_available(const struct credit *credit);

/* Whether it may change by `change`: else REASON_INSUFFICIENT_CREDIT, with what is needed and what is left. */
bool credit_require(struct tx *tx, const struct credit *credit, micros_t change);

/* The same of all that a posting does to credit and to the profit that covers it. */
bool credit_require_for(struct tx *tx, const struct credit *credit, const struct posting *posting);

/* What would be paid out now: max(0, profit + min(0, balance)) (domain.md §11). */
micros_t credit_payable(const struct credit *credit);

#endif
