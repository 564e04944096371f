/* A new agency with everything it starts with: plan, base prices, increment, primary sub-account, owner, and the
   minutes that its plan includes. Used by the set-up page, `init` and `demo`. */
#ifndef ENGINE_SETUP_H
#define ENGINE_SETUP_H

#include "domain/accounts.h"
#include "store/db.h"

struct setup {
    struct str agency_name, owner_name, email;
    struct str password_hash; /* argon2id; made outside the transaction */
    struct str timezone;      /* IANA */
    struct str plan_code;
};

struct setup_result {
    id64_t agency, primary, owner;
};

/* tx->now is the subscription's start. REASON_UNKNOWN_PLAN, REASON_BAD_TIMEZONE, REASON_BAD_EMAIL, REASON_EMAIL_TAKEN. */
bool agency_set_up(struct tx *tx, const struct setup *setup, struct setup_result *out);

/* A new secondary sub-account at the agency's default prices or the given ones (MICROS_NONE: default). Refused over
   the plan's cap, with a taken email or reference. Fills the account's id, anchor and times. */
struct new_subaccount {
    struct str name, email, reference, timezone; /* reference, timezone: may be absent */
    micros_t prices[TIER_COUNT];
    bool applies_base_price; /* base, whatever the agency's defaults are */
};
bool subaccount_create(struct tx *tx, id64_t agency, const struct new_subaccount *input,
                       struct subaccount *out);

/* Client prices from tx->now on; MICROS_NONE applies base price to a tier. */
bool subaccount_set_prices(struct tx *tx, const struct subaccount *account,
                           const micros_t prices[TIER_COUNT]);

#endif
