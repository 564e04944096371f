/* Changing an agency's settings, with everything that hangs on them. */
#ifndef ENGINE_AGENCIES_H
#define ENGINE_AGENCIES_H

#include "domain/accounts.h"
#include "store/db.h"

/* Writes what differs between `before`, the agency as it is since agency_next_version locked it, and `after`: name, branding, default
   prices, whether two-factor sign-in is required, zone (billing periods begin at other instants then, so their usage is summed anew, and an ordered plan moves with the renewal) and, from tx->now on, the
   increment. Refused: a default price that may_set_price refuses, a zone or colour that is none. */
bool agency_change(struct tx *tx, const struct agency *before, const struct agency *after);

#endif
