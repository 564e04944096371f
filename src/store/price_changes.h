/* Base prices ordered for plans (domain/price_changes.h). */
#ifndef STORE_PRICE_CHANGES_H
#define STORE_PRICE_CHANGES_H

#include "domain/price_changes.h"
#include "store/db.h"

/* REASON_PRICES_ORDERED_ALREADY, without harm to the transaction, when others of the plan count from the very same
   instant on. */
bool price_change_insert(struct tx *tx, const struct price_change *change);
bool price_change_load(struct tx *tx, id64_t id, struct price_change *out); /* REASON_NOT_FOUND */
bool price_change_cancel(struct tx *tx, const struct price_change *change);

/* With the name of who ordered it, and the instant of the plan's newest that counts now. */
struct price_change_row {
    struct price_change change;
    struct str created_by_name;
    instant_t newest_at; /* INSTANT_NONE: none counts */
};
struct price_change_filter {
    struct str plan; /* absent: all */
    id64_t before;   /* cursor; ID_NONE: from the newest */
    int64_t limit;
};
/* Those ordered last first. A list of struct price_change_row. */
bool price_change_list(struct tx *tx, const struct price_change_filter *filter, struct list *out);
bool price_change_row_load(struct tx *tx, id64_t id, struct price_change_row *out);

/* Agencies on a plan, or that change to it, after one by id. A list of struct agency_id, at most `limit`. */
struct agency_id {
    id64_t id;
};
bool plan_agencies_after(struct tx *tx, struct str plan, id64_t after, int64_t limit,
                         struct list *out);

/* What base prices of a plan at an instant would mean: how many agencies would be on it then, and those with client
   prices below base, those with the most first. */
struct price_effect_row {
    id64_t agency;
    struct str name;
    int64_t accounts, prices; /* below */
};
struct price_effect {
    int64_t agencies;
    struct list rows; /* of struct price_effect_row */
};
bool price_effect_load(struct tx *tx, struct str plan, const micros_t prices[TIER_COUNT],
                       instant_t at, struct price_effect *out);

#endif
