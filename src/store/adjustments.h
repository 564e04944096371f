/* Minutes given or taken by hand, as they were. */
#ifndef STORE_ADJUSTMENTS_H
#define STORE_ADJUSTMENTS_H

#include "domain/adjustments.h"
#include "store/db.h"

bool adjustment_insert(struct tx *tx, const struct adjustment *adjustment);

/* Newest first. A list of struct adjustment. */
struct adjustment_filter {
    id64_t subaccount; /* ID_NONE: all of the agency's */
    int by_platform;   /* 0, 1; -1: both */
    id64_t before;     /* cursor; ID_NONE: from the newest */
    int64_t limit;
};
bool adjustment_list(struct tx *tx, id64_t agency, const struct adjustment_filter *filter,
                     struct list *out);

/* Why, in the order of `ids`; absent where there is no such adjustment. */
bool adjustments_reasons(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                         struct str *out);

#endif
