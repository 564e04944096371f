/* Purchases' rows. */
#ifndef STORE_PURCHASES_H
#define STORE_PURCHASES_H

#include "domain/purchases.h"
#include "store/db.h"

bool purchases_insert(struct tx *tx, const struct purchase *const *purchases, size_t n);

/* REASON_NOT_FOUND. The first locks it until the transaction ends, the second only reads. */
bool purchase_load(struct tx *tx, id64_t agency, id64_t id, struct purchase *out);
bool purchase_find(struct tx *tx, id64_t agency, id64_t id, struct purchase *out);

/* Locks several, each of `ids` named once; `id` is ID_NONE where the agency has none. */
bool purchases_lock(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                    struct purchase *out);

/* What happens to a purchase after it was made: all but who buys what for how much on whose card. */
bool purchase_update(struct tx *tx, const struct purchase *purchase);

/* The same of several that were paid: what that changes. */
bool purchases_succeeded(struct tx *tx, id64_t agency, const struct purchase *const *purchases,
                         size_t n);

struct purchase_filter {
    id64_t subaccount;
    int state;          /* -1: all */
    instant_t from, to; /* of created_at; INSTANT_NONE: open */
    id64_t before;      /* cursor: only older ones; ID_NONE: from the newest */
    int64_t limit;
};

/* Newest first. */
bool purchase_list(struct tx *tx, id64_t agency, const struct purchase_filter *filter,
                   struct list *out);

/* What was paid, in the order of `ids`; MICROS_NONE where there is no such purchase. */
bool purchases_paid(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, micros_t *paid);

#endif
