/* Payouts' rows. */
#ifndef STORE_PAYOUTS_H
#define STORE_PAYOUTS_H

#include "domain/payouts.h"
#include "store/db.h"

bool payout_insert(struct tx *tx, const struct payout *payout);
bool payout_find(struct tx *tx, id64_t id, struct payout *out, bool *found);

/* What became of it: state, return posting, failure, settled_at, settled_by. */
bool payout_settle(struct tx *tx, const struct payout *payout);

struct payout_filter {
    id64_t agency; /* ID_NONE: every agency's */
    int state;     /* -1: any */
    id64_t before; /* ids below it; ID_NONE: all */
    int64_t limit;
};

/* The newest first: a list of struct payout. */
bool payout_list(struct tx *tx, const struct payout_filter *filter, struct list *out);

/* Whether payouts can be made to the agency at all. */
bool payout_connected_find(struct tx *tx, id64_t agency, bool *connected);
bool payout_connected_set(struct tx *tx, id64_t agency, bool connected); /* REASON_NOT_FOUND */

#endif
