/* Monthly auto-allocation: the settings of sub-accounts, and a run for each month. */
#ifndef STORE_ALLOCATIONS_H
#define STORE_ALLOCATIONS_H

#include "domain/allocation.h"
#include "store/db.h"

/* Off and never set when there is no row. */
bool allocation_load(struct tx *tx, id64_t agency, id64_t subaccount, struct allocation *out);
bool allocation_save(struct tx *tx, const struct allocation *allocation);
bool allocation_delete(struct tx *tx, id64_t agency, id64_t subaccount);

/* The latest month that ever came due; MONTH_NONE: none. */
bool allocation_last_month(struct tx *tx, id64_t agency, id64_t subaccount, month_t *out);

bool allocation_run_insert(struct tx *tx, const struct allocation_run *run);
bool allocation_run_update(struct tx *tx, const struct allocation_run *run);

bool allocation_run_load(struct tx *tx, id64_t agency, id64_t subaccount, month_t month,
                         struct allocation_run *out); /* REASON_NOT_FOUND */

/* The earliest month that is not settled. */
bool allocation_run_open(struct tx *tx, id64_t agency, id64_t subaccount,
                         struct allocation_run *out, bool *found);

/* All that are not settled, the earliest first: a list of struct allocation_run. */
bool allocation_runs_open(struct tx *tx, id64_t agency, id64_t subaccount, struct list *out);

/* The earliest run that became past due and still is: a month after it that was paid clears it. */
bool allocation_run_past_due(struct tx *tx, id64_t agency, id64_t subaccount,
                             struct allocation_run *out, bool *found);

/* Runs before a month (0: from the latest), the latest first. */
bool allocation_runs_list(struct tx *tx, id64_t agency, id64_t subaccount, month_t before,
                          int64_t limit, struct list *out);

#endif
