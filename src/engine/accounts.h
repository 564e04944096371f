/* What charging needs to know about an agency's sub-accounts: status, prices, increments, periods. One cache per
   writer, exact on every node: each transaction reads the agency's version (on PostgreSQL under a share lock) and
   loads only what changed since the version it holds. */
#ifndef ENGINE_ACCOUNTS_H
#define ENGINE_ACCOUNTS_H

#include "domain/accounts.h"
#include "domain/cycles.h"
#include "domain/prices.h"
#include "domain/reservations.h"
#include "store/db.h"

/* One sub-account as charging sees it. Owned by the cache; valid until the next accounts_load. */
struct charged_account {
    id64_t id;
    int kind, status;
    struct str reference; /* absent: none */
    struct date billing_anchor;
    struct price_history client[TIER_COUNT];
    int64_t concurrency_limit; /* its own; CONCURRENCY_UNLIMITED: the agency's counts */
    micros_t
        recharge_below; /* looked at below this balance; MICROS_NONE: never (recharge_is_armed) */
    struct period last_period; /* of the last call, as most fall into the same one */
};

struct charged_agency {
    id64_t id, primary_id;
    int64_t version;
    const struct zone *zone;
    struct price_history base[TIER_COUNT];
    const struct increment_point *increments;
    size_t n_increments;
    struct hold_settings holds;
    struct accounts_index *index; /* engine/accounts.c: by id and by reference */
};

struct accounts_cache;
struct accounts_cache *accounts_cache_new(void);
void accounts_cache_free(struct accounts_cache *cache);

/* Called by whoever ends transactions or savepoints: what was loaded within a unit that was rolled back may never
   have existed and is forgotten; what was loaded before a commit stays. */
void accounts_cache_rolled_back(struct accounts_cache *cache);
void accounts_cache_committed(struct accounts_cache *cache);

/* The agency as of this transaction. NULL and tx->problem on failure. */
struct charged_agency *accounts_load(struct accounts_cache *cache, struct tx *tx, id64_t agency);

/* By id text ("sub_…") or reference; NULL when the agency has no such account. */
struct charged_account *accounts_find(struct charged_agency *agency, struct str name);
struct charged_account *accounts_by_id(struct charged_agency *agency, id64_t id);

/* What its client pays now, per minute. */
void accounts_prices(const struct charged_agency *agency, const struct charged_account *account,
                     instant_t at, micros_t out[TIER_COUNT]);

/* The number under which a source of call records is stored, claimed when it is new. REASON_TOO_MANY_SOURCES beyond
   the limit of an agency, or the store's failure. */
enum reason accounts_source(struct charged_agency *agency, struct tx *tx, struct str name,
                            int64_t *id);

/* The billing period of an account that holds `at`. */
struct period accounts_period(const struct charged_agency *agency, struct charged_account *account,
                              instant_t at);

#endif
