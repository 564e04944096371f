/* Reservations' rows. */
#ifndef STORE_RESERVATIONS_H
#define STORE_RESERVATIONS_H

#include "domain/reservations.h"
#include "store/db.h"

/* Writes new ones of one agency. */
bool reservations_insert(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n);

/* Those of an agency by their ids, which must be distinct, locked until the transaction ends, in the order of `ids`; id
   ID_NONE where there is none. Locked before wallets are. */
bool reservations_lock(struct tx *tx, id64_t agency, const id64_t *ids, size_t n,
                       struct reservation *out);

/* Writes what may change of some that are locked: state, granted, expires_at, ended_at, call_id. */
bool reservations_update(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n);

/* All that are open of an account, locked, by id. */
bool reservations_lock_open(struct tx *tx, id64_t agency, id64_t subaccount, struct list *out);

/* Some that were to expire by now, of whatever agencies, locked, those of one agency beside each other; what another
   node is at work on is left out. */
bool reservations_lock_due(struct tx *tx, size_t limit, struct list *out);

/* Whether there is one. */
bool reservations_are_due(struct tx *tx, bool *due);

/* How many calls of each account are in progress: open and not run out. */
bool reservations_count_open(struct tx *tx, id64_t agency, const id64_t *subaccounts, size_t n,
                             int64_t *out);

/* How many of the whole agency's are. */
bool reservations_count_all(struct tx *tx, id64_t agency, int64_t *out);

bool reservation_load(struct tx *tx, id64_t agency, id64_t id,
                      struct reservation *out); /* REASON_NOT_FOUND */

struct reservation_filter {
    id64_t subaccount; /* ID_NONE: all */
    id64_t before;     /* only older ones; ID_NONE: from the newest */
    int64_t limit;
};

/* Those that are open, newest first. */
bool reservations_list_open(struct tx *tx, id64_t agency, const struct reservation_filter *filter,
                            struct list *out);

/* Deletes some that are over and older than anybody asks for; `*deleted` 0: none are left. */
bool reservations_delete_old(struct tx *tx, int64_t *deleted);

#endif
