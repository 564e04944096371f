/* All accounts of an agency as its table and its standing need them, each with its client prices: what changes seldom and is
   asked for with every page. Kept between requests, for all who read, and exact on every node: each transaction reads the
   agency's version, and what changed since the version that is kept is read anew (agency_next_version). */
#ifndef ENGINE_ROSTERS_H
#define ENGINE_ROSTERS_H

#include "domain/prices.h"
#include "store/subaccount_rows.h"

/* Client prices from some instant on: those before it are not kept. */
struct roster_prices {
    struct price_point *at;
    size_t count;
};

struct roster_account {
    struct subaccount_brief brief;
    struct roster_prices set[TIER_COUNT];
};

struct roster {
    const struct roster_account *at; /* by id; removed ones too */
    size_t count;
};

/* What readers of one store share, in bounded memory (tx->rosters). */
struct rosters;
struct rosters *rosters_new(void);
void rosters_free(struct rosters *rosters); /* nobody holds a roster any more */

/* The agency's roster as of this transaction, prices as of tx->now or later. Where tx->rosters is NULL, as a writer's is,
   nothing is kept. Whoever holds one releases it; its texts go with it. */
bool roster_hold(struct tx *tx, id64_t agency, const struct roster **out);
void roster_release(struct tx *tx, const struct roster *roster);

/* The account with this id, or NULL. */
const struct roster_account *roster_find(const struct roster *roster, id64_t id);

/* What an account's client pays, per minute, at an instant that is not before the transaction's. */
void roster_prices_at(const struct roster_account *account, const micros_t base[TIER_COUNT],
                      instant_t at, micros_t out[TIER_COUNT]);

#endif
