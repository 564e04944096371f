/* Changes of what agencies have earned, each with the sums so far. */
#ifndef STORE_PROFITS_H
#define STORE_PROFITS_H

#include "domain/profits.h"
#include "store/db.h"

/* Notes what postings of one agency, just written, have changed; for store/ledger.c. The agency's row is locked by whoever
   posts money, so that its changes come one after another. */
bool profit_changes_note(struct tx *tx, const struct posting *postings, size_t n);

/* What had been earned before an instant. */
struct profit_mark {
    int64_t seq; /* of the last change before it; 0: none */
    struct profit profit;
};

/* At each instant of `at`, of the whole agency, or of one of its sub-accounts; `seq` is the agency's in both. */
bool profit_marks(struct tx *tx, id64_t agency, id64_t subaccount, const instant_t *at, size_t n,
                  struct profit_mark *out);

/* When something was earned first; INSTANT_NONE: nothing ever was. */
bool profit_first_at(struct tx *tx, id64_t agency, instant_t *out);

/* Changes after one mark up to another. */
struct profit_span {
    id64_t agency;
    int64_t after_seq, to_seq;
};

/* What a sub-account's profit changed by, or was in all, with the change numbered `seq`. */
typedef void (*profit_function)(void *context, id64_t subaccount, int64_t seq,
                                struct profit profit);

/* Every change within the span. */
bool profit_changes_each(struct tx *tx, const struct profit_span *span, profit_function take,
                         void *context);

/* Sums of all sub-accounts that had earned anything by a mark. */
bool profit_sums_each(struct tx *tx, id64_t agency, int64_t to_seq, profit_function take,
                      void *context);

/* A list of struct profit_purchase: those whose profit changed within the span, that which changed last first; of one
   sub-account, or ID_NONE: of all. */
struct profit_purchase {
    int64_t seq; /* of its last change: the cursor */
    id64_t id, subaccount_id;
    int tier;
    seconds_t seconds;
    micros_t paid;
    struct profit profit;
    int64_t changes;
    instant_t changed_at;
};
bool profits_by_purchase(struct tx *tx, const struct profit_span *span, id64_t subaccount,
                         int64_t before_seq, int64_t limit, struct list *out);

#endif
