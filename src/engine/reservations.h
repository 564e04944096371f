/* Reservations (domain.md §9): holding minutes for a call before it begins, for more while it lasts, and letting them go.
   Many orders are carried out at once, in order, in a handful of statements: wallets are locked once, one posting is
   made for each wallet, and each order sees what those before it left. */
#ifndef ENGINE_RESERVATIONS_H
#define ENGINE_RESERVATIONS_H

#include "domain/ledger.h"
#include "engine/accounts.h"
#include "store/ledger.h"
#include "store/reservations.h"

/* One on its way in. */
struct hold_order {
    id64_t only_subaccount; /* an API key's; ID_NONE: all */
    struct str subaccount;  /* to hold: an id or a reference */
    int tier, direction;
    struct str agent, campaign; /* absent: none */
    id64_t id;                  /* to extend or cancel */
    seconds_t wanted;           /* 0: what the agency's settings say */

    /* What became of it. */
    enum reason refused;
    struct reservation reservation; /* as it stands now */
    seconds_t granted;              /* by this order */
    bool changed;                   /* cancel: it was open until now */
    struct wallet wallet;           /* the account's, after this order */
    micros_t prices[TIER_COUNT];    /* what its client pays now */
};

/* Each order gets its outcome. False only when the store failed: then nothing of it happened. tx->cache is the
   connection's accounts_cache. */
bool reservations_hold(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                       struct actor actor);
bool reservations_extend(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                         struct actor actor);
bool reservations_cancel(struct tx *tx, id64_t agency, struct hold_order **orders, size_t n,
                         struct actor actor);

/* What a call's record that names a reservation finds. */
enum hold_end {
    HOLD_ENDED,        /* open until now: what it held goes with this record */
    HOLD_WAS_EXPIRED,  /* nothing was held any more: the call is charged all the same */
    HOLD_WAS_CANCELED, /* likewise */
    HOLD_WAS_TAKEN,    /* another call's record had named it: likewise */
    HOLD_UNKNOWN,      /* the account has none by this name: likewise */
};
extern const char *const hold_end_names[];

struct reservation_end {
    struct str name;   /* the reservation's id as it was sent */
    id64_t subaccount; /* the call's */
    id64_t call;

    enum hold_end found;
    enum tier tier;
    seconds_t held; /* to be let go by the caller, in the posting that charges the call */
};

/* Closes those that are open. In order: the first record that names one has it. */
bool reservations_end(struct tx *tx, id64_t agency, struct reservation_end *ends, size_t n);

/* Gives back what is held for all calls of an account in progress, for its removal. Its agency is locked. */
bool reservations_release(struct tx *tx, id64_t agency, id64_t subaccount, struct actor actor);

/* Gives back what some reservations held that have run out, of whatever agencies. */
bool reservations_expire(struct tx *tx, size_t limit, int64_t *expired);

/* Closes reservations of one agency that were open, and gives back what they held: of each, state is set by the caller. */
bool reservations_let_go(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n,
                         struct actor actor);

/* One posting for each (sub-account, tier) of `wallets` with its seconds. */
struct pairs;
typedef struct posting (*hold_posting)(id64_t id, id64_t agency, id64_t subaccount, enum tier tier,
                                       seconds_t seconds, instant_t at);
bool holds_post(struct tx *tx, id64_t agency, hold_posting make, const struct pairs *wallets,
                const seconds_t *seconds, struct actor actor);

#endif
