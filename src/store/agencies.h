/* Agencies, their prices, and single facts about the store. */
#ifndef STORE_AGENCIES_H
#define STORE_AGENCIES_H

#include "domain/accounts.h"
#include "domain/price_moments.h"
#include "store/db.h"

bool agency_insert(struct tx *tx, const struct agency *agency);
bool agency_load(struct tx *tx, id64_t agency, struct agency *out); /* REASON_NOT_FOUND */
bool agency_update(struct tx *tx, const struct agency *agency); /* what agency_change may change */
bool agency_set_terms(struct tx *tx, const struct agency *agency);
bool agency_set_status(struct tx *tx, const struct agency *agency); /* and deletes_at */
bool agencies_count(struct tx *tx, int64_t *out);

/* The agency with this name-independent rank: for commands, when the store holds exactly one. ID_NONE when none or
   several. */
bool agency_only(struct tx *tx, id64_t *out);

/* Takes the agency's next version, locking its row: every change to sub-accounts, prices, increments and zone
   starts with it and stamps the rows it changes, so that caches see exactly what changed. */
bool agency_next_version(struct tx *tx, id64_t agency, int64_t *version);

/* What tells one state of an agency's accounts and prices from another. */
struct agency_stamp {
    int64_t version;
    instant_t
        changed_at; /* another one, should a store have lost its last versions and given them out again */
};
bool agency_stamp_find(struct tx *tx, id64_t agency,
                       struct agency_stamp *out); /* REASON_NOT_FOUND */

/* What is done now comes after what changed the agency before it, also when it began sooner and waited, or when another
   node changed it whose clock is ahead: so a price that was set is in force here. */
void agency_come_after(struct tx *tx, instant_t changed_at);

/* Locks the agency's row until the transaction ends, for what changes none of that but rests on it: an account that was
   not removed when it was looked at stays so, whatever another node does. */
bool agency_hold(struct tx *tx, id64_t agency);

bool increment_point_insert(struct tx *tx, id64_t agency, instant_t from,
                            struct increment increment);

/* Prices: `owner` is the agency's id for base prices; MICROS_NONE: apply base price. Replaces a point of the
   very same instant. */
bool price_point_insert(struct tx *tx, id64_t agency, id64_t owner, enum tier tier, instant_t from,
                        micros_t price);
/* Those after an instant, which have counted for nothing yet. */
bool price_points_delete_after(struct tx *tx, id64_t agency, id64_t owner, instant_t after);
/* The price in force at an instant; MICROS_NONE when it is "apply base price". */
bool price_in_force_find(struct tx *tx, id64_t agency, id64_t owner, enum tier tier, instant_t at,
                         micros_t *out);

/* The base prices at an instant. */
bool base_prices_find(struct tx *tx, id64_t agency, instant_t at, micros_t out[TIER_COUNT]);

/* When the next price that is known already counts for a sub-account, its own or its agency's base; INSTANT_NONE: none. */
bool price_next_change(struct tx *tx, id64_t agency, id64_t subaccount, instant_t *out);

/* All of an owner's points. */
bool price_histories_load(struct tx *tx, id64_t agency, id64_t owner, struct tier_histories *out);

/* Both prices of both tiers of a sub-account at an instant: base, client as set (MICROS_NONE), effective. */
struct tier_prices {
    micros_t base[TIER_COUNT], set[TIER_COUNT], effective[TIER_COUNT];
};
bool subaccount_prices(struct tx *tx, id64_t agency, id64_t subaccount, instant_t at,
                       struct tier_prices *out);

/* The agency's credit limit with the platform; MICROS_NONE: none. */
bool agency_credit_limit(struct tx *tx, id64_t agency, micros_t *limit);

/* Locks the agency's row until the transaction ends, so that its credit and profit are changed by
   one at a time, and reads its credit limit. */
bool agency_credit_lock(struct tx *tx, id64_t agency, micros_t *limit);

/* Facts by name ("demo", "setup_token_hash"); absent when there is none. */
bool store_fact_find(struct tx *tx, struct str name, struct str *out);
bool store_fact_set(struct tx *tx, struct str name, struct str value);
bool store_fact_set_once(struct tx *tx, struct str name,
                         struct str value); /* unless there is one */
bool store_fact_delete(struct tx *tx, struct str name);

#endif
