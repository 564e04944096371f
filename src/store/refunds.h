/* Refunds' and lost disputes' rows. */
#ifndef STORE_REFUNDS_H
#define STORE_REFUNDS_H

#include "domain/refunds.h"
#include "store/db.h"

bool refund_insert(struct tx *tx, const struct refund *refund);

/* State, failure, return posting, settled_at. */
bool refund_update(struct tx *tx, const struct refund *refund);

bool refund_find(struct tx *tx, id64_t agency, id64_t id,
                 struct refund *out); /* REASON_NOT_FOUND */
/* One of any purchase of the sub-account. */
bool refund_is_pending_for(struct tx *tx, id64_t agency, id64_t subaccount, bool *out);
bool refund_is_pending(struct tx *tx, id64_t agency, id64_t purchase, bool *out);

/* Of a purchase, the newest first. A list of struct refund. */
struct refund_filter {
    id64_t purchase;
    id64_t before; /* cursor; ID_NONE: from the newest */
    int64_t limit;
};
bool refund_list(struct tx *tx, id64_t agency, const struct refund_filter *filter,
                 struct list *out);

/* What statements say of refunds: purchase and amount, in the order of `ids`; ID_NONE where there is no such refund. */
struct refund_brief {
    id64_t purchase;
    micros_t amount;
};
bool refunds_brief(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                   struct refund_brief *out);

#endif
