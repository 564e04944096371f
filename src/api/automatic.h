/* What both kinds of buying by itself show: with which card. */
#ifndef API_AUTOMATIC_H
#define API_AUTOMATIC_H

#include "domain/cards.h"
#include "http/request.h"

extern const struct field automatic_card_fields[]; /* of a struct payment_method */

/* The account's default card; NULL when it has none, so that its purchases wait to be marked paid. */
bool automatic_card_load(struct request *r, id64_t subaccount, struct payment_method **out);

/* Whether a purchase waits to be marked paid by hand; false for ID_NONE. */
bool automatic_purchase_waits(struct request *r, id64_t purchase, bool *out);

#endif
