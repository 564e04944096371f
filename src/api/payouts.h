/* A payout as the API shows it, to its agency and to the platform. */
#ifndef API_PAYOUTS_H
#define API_PAYOUTS_H

#include "http/request.h"
#include "store/payouts.h"

/* Its fields within a view, whose member `member` it is. */
/* clang-format off */
#define PAYOUT_FIELDS(view, member)                                                                        \
    FIELD_AS("id", view, member id, FIELD_IS_ID, .id_kind = ID_PAYOUT),                                    \
    FIELD_AS("amount_usd", view, member amount, FIELD_IS_MONEY),                                           \
    FIELD_AS("state", view, member state, FIELD_IS_NAME, .names = payout_state_names),                     \
    FIELD_AS("failure", view, member failure, FIELD_IS_TEXT),                                              \
    FIELD_AS("renewal", view, member renewal_id, FIELD_IS_ID, .id_kind = ID_RENEWAL),                      \
    FIELD_AS("created_at", view, member created_at, FIELD_IS_INSTANT),                                     \
    FIELD_AS("settled_at", view, member settled_at, FIELD_IS_INSTANT)
/* clang-format on */

extern const struct field payout_fields[]; /* of a struct payout */

#endif
