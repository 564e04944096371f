#include "store/known_devices.h"

static bool count(struct tx *tx, id64_t agency, id64_t user, int64_t *out)
{
    return db_find_int(tx,
                       "SELECT COUNT(*) FROM known_devices WHERE agency_id = $1 AND user_id = $2"
                       /* the key */,
                       ARGS(db_int(agency), db_int(user)), 0, out);
}

static bool forget_oldest(struct tx *tx, id64_t agency, id64_t user, int64_t n)
{
    return db_run(
        tx,
        "DELETE FROM known_devices WHERE agency_id = $1 AND user_id = $2 AND device IN"
        " (SELECT device FROM known_devices WHERE agency_id = $1 AND user_id = $2"
        " ORDER BY seen_at, device LIMIT $3)" /* the key; at most KNOWN_DEVICES_MAX + 1 */,
        ARGS(db_int(agency), db_int(user), db_int(n)), NULL);
}

bool known_device_note(struct tx *tx, id64_t agency, id64_t user, int64_t device, bool *is_new)
{
    int64_t before, after;

    if (!count(tx, agency, user, &before)
        || !db_run(tx,
                   "INSERT INTO known_devices (agency_id, user_id, device, seen_at)"
                   " VALUES ($1, $2, $3, $4) ON CONFLICT (agency_id, user_id, device) DO UPDATE"
                   " SET seen_at = excluded.seen_at",
                   ARGS(db_int(agency), db_int(user), db_int(device), db_int(tx->now)), NULL)
        || !count(tx, agency, user, &after))
        return false;
    *is_new = before > 0 && after > before;
    return after <= KNOWN_DEVICES_MAX || forget_oldest(tx, agency, user, after - KNOWN_DEVICES_MAX);
}
