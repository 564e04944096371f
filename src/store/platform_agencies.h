/* What the platform sees of its agencies: figures of each and of all, and nothing of their clients. Those whose data is
   gone are in the books alone. */
#ifndef STORE_PLATFORM_AGENCIES_H
#define STORE_PLATFORM_AGENCIES_H

#include "domain/accounts.h"
#include "store/db.h"

struct platform_agency {
    id64_t id;
    struct str name, plan_code, plan_name;
    int status; /* enum agency_status */
    struct str owner_name, owner_email;
    micros_t credit;
    int64_t
        subaccounts; /* secondary ones that were not removed; filled by platform_agency_counts */
    instant_t created_at;
};

/* All, by id, in one statement. A list of struct platform_agency. */
bool platform_agency_list(struct tx *tx, struct list *out);
bool platform_agency_load(struct tx *tx, id64_t agency, struct platform_agency *out);
bool platform_agency_must_be_there(struct tx *tx, id64_t agency); /* REASON_NOT_FOUND */

/* How many sub-accounts each has, in one go. */
bool platform_agency_counts(struct tx *tx, struct platform_agency *agencies, size_t n);

/* What they are called, in the order of `ids`; absent where there is none (any more). */
bool platform_agency_names(struct tx *tx, const id64_t *ids, size_t n, struct str *names);

/* All of the platform at once. Usage is of the hours from an instant on. */
struct platform_totals {
    int64_t active, deleting;                          /* agencies */
    int64_t active_subaccounts, suspended_subaccounts; /* primaries included */
    micros_t owed;                                     /* by agencies whose credit is below zero */
    int64_t calls_today;
    seconds_t used_month;
};
bool platform_totals_load(struct tx *tx, instant_t day_start, instant_t month_start,
                          struct platform_totals *out);

#endif
