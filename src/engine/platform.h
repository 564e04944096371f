/* What the platform's own staff do: who they are, and what an agency settled with the platform (domain.md §§2, 5). */
#ifndef ENGINE_PLATFORM_H
#define ENGINE_PLATFORM_H

#include "store/db.h"

struct platform_admin {
    struct str email, name; /* absent name: the address's first part, or as it was */
    struct str password_hash;
};

/* Makes a platform admin, or gives the one with this address the password, which ends their sessions.
   REASON_BAD_EMAIL, REASON_TOO_LONG, REASON_EMAIL_TAKEN when a user of an agency has it. */
bool platform_admin_set(struct tx *tx, const struct platform_admin *admin, id64_t *id,
                        bool *is_new);

/* They sign in by password alone until they set a second factor up anew; their sessions end. REASON_NOT_FOUND */
bool platform_admin_reset_two_factor(struct tx *tx, struct str email, id64_t *id);

struct settlement {
    id64_t posting, agency;
    micros_t amount, credit; /* credit: after it */
    instant_t at;
};

/* What the platform lets an agency have: how far it may owe, from how much on profit is paid out, and how much of the
   server it gets (struct agency). */
struct agency_terms {
    micros_t credit_limit; /* MICROS_NONE: no limit */
    micros_t payout_threshold;
    int64_t requests_per_second, queue_share;
};

/* Locks the agency and reads its terms; REASON_NOT_FOUND. Then they may be set. */
bool agency_terms_lock(struct tx *tx, id64_t agency, struct agency_terms *out);
bool agency_terms_set(struct tx *tx, id64_t agency, const struct agency_terms *terms);

/* The agency paid the platform: cash -> credit. REASON_NOT_FOUND, REASON_OVERFLOW. */
bool agency_settle(struct tx *tx, id64_t agency, micros_t amount, id64_t by,
                   struct settlement *out);

#endif
