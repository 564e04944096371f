/* Renewals' rows: what each one was, what each account got of it, and how much is to go to each. */
#ifndef STORE_RENEWALS_H
#define STORE_RENEWALS_H

#include "domain/accounts.h"
#include "domain/renewals.h"
#include "store/db.h"

/* What a renewal is made of: the agency and its plan, as they are now. */
struct renewing_agency {
    id64_t id, primary_id;
    struct str timezone;
    struct date anchor;
    int64_t renewed_cycle; /* the last one; below 0: not known yet */
    micros_t payout_threshold;
    bool payout_connected;
    instant_t next_plan_at; /* when an ordered change of plan counts; INSTANT_NONE: none is */
    struct str plan_code;
    int plan_model; /* enum plan_model */
    micros_t monthly_fee;
    seconds_t included[TIER_COUNT];
    bool included_monthly;
    seconds_t plan_share
        [TIER_COUNT]; /* to each secondary account, where the agency does not say otherwise */
};
bool renewing_agency_load(struct tx *tx, id64_t agency, struct renewing_agency *out);

/* Up to which cycle it is renewed. */
bool agency_set_renewed_cycle(struct tx *tx, id64_t agency, int64_t cycle);

/* Inserts it, or writes what has become of it. */
bool renewal_save(struct tx *tx, const struct renewal *renewal);
bool renewal_find(struct tx *tx, id64_t agency, id64_t id, struct renewal *out, bool *found);

/* The newest first, those with an id below `before` (ID_NONE: all). A list of struct renewal. */
bool renewal_list(struct tx *tx, id64_t agency, id64_t before, int64_t limit, struct list *out);

/* --- shares --- */

/* Secondary accounts that were there before the renewal's cycle began, are not removed and have had no share of it: by
   name. A list of id64_t. */
bool renewal_recipients(struct tx *tx, const struct renewal *renewal, size_t limit,
                        struct list *out);

struct renewal_share {
    id64_t subaccount_id;
    seconds_t share[TIER_COUNT];
    bool is_short;
    id64_t posting_id; /* ID_NONE: it got nothing */
};
bool renewal_shares_insert(struct tx *tx, const struct renewal *renewal,
                           const struct renewal_share *shares, size_t n);

/* Accounts that got less than their share, by name, those after (name key, id) of the cursor. */
struct short_share {
    id64_t subaccount_id;
    struct str name, name_key;
    seconds_t share[TIER_COUNT];
};
bool renewal_short_list(struct tx *tx, id64_t agency, id64_t renewal, struct str after_key,
                        id64_t after, int64_t limit, struct list *out);

/* --- how much is to go to each --- */

struct distribution_change {
    id64_t agency_id;
    instant_t changed_at;
    seconds_t share[TIER_COUNT];
    id64_t changed_by;
};

/* Replaces one of the very same instant. */
bool distribution_change_insert(struct tx *tx, const struct distribution_change *change);

/* The last one at `at` or before. */
bool distribution_change_find(struct tx *tx, id64_t agency, instant_t at,
                              struct distribution_change *out, bool *found);

#endif
