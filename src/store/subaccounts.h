/* Sub-accounts' rows. */
#ifndef STORE_SUBACCOUNTS_H
#define STORE_SUBACCOUNTS_H

#include "domain/accounts.h"
#include "store/db.h"

/* REASON_EMAIL_TAKEN or REASON_REFERENCE_TAKEN when another account of the agency has them (never by failing the
   transaction). Stamps `version` (agency_next_version). */
bool subaccount_insert(struct tx *tx, const struct subaccount *account, int64_t version);
bool subaccount_update(struct tx *tx, const struct subaccount *account,
                       int64_t version); /* name, email, reference, timezone */
bool subaccount_stamp(struct tx *tx, id64_t agency, id64_t id,
                      int64_t version); /* its prices changed */
bool subaccount_set_status(struct tx *tx, const struct subaccount *account,
                           int64_t version); /* status, and what comes with it */

bool subaccount_load(struct tx *tx, id64_t agency, id64_t id,
                     struct subaccount *out); /* REASON_NOT_FOUND */
bool subaccount_find(struct tx *tx, id64_t agency, id64_t id, struct subaccount *out, bool *found);
bool subaccount_exists(struct tx *tx, id64_t agency, id64_t id, bool *exists);
bool subaccounts_count_secondaries(struct tx *tx, id64_t agency, int64_t *not_removed,
                                   int64_t *suspended);

#endif
