/* Where somebody has signed in from before, by the numbers of domain/devices.h. */
#ifndef STORE_KNOWN_DEVICES_H
#define STORE_KNOWN_DEVICES_H

#include "store/db.h"

enum { KNOWN_DEVICES_MAX = 50 }; /* of one user; the one that was seen the longest ago gives way */

/* Notes a sign-in. `*is_new`: from a device never seen, by somebody who has signed in before. */
bool known_device_note(struct tx *tx, id64_t agency, id64_t user, int64_t device, bool *is_new);

#endif
