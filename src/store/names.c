#include "store/names.h"

#include "store/many.h"

static void take_name(void *context, size_t position, const struct db_rows *row)
{
    ((struct str *)context)[position] = row_text(row, 1);
}

/* An id belongs to one thing of whatever kind (base/id.h), so the kinds need not be told apart. */
bool names_find(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, struct str *names)
{
    static const struct db_bulk find = {
        .row_sql = "SELECT $2, name FROM users WHERE agency_id = $3 AND id = $1"
                   " UNION ALL SELECT $2, name FROM platform_users WHERE id = $1"
                   " UNION ALL SELECT $2, name FROM subaccounts WHERE agency_id = $3 AND id = $1"
                   " UNION ALL SELECT $2, name FROM api_keys" /* api_keys_by_agency */
                   " WHERE agency_id = $3 AND id = $1"
                   " UNION ALL SELECT $2, s.name FROM purchases p JOIN subaccounts s"
                   " ON s.agency_id = p.agency_id AND s.id = p.subaccount_id"
                   " WHERE p.agency_id = $3 AND p.id = $1"
                   " UNION ALL SELECT $2, email FROM invitations"
                   " WHERE agency_id = $3 AND id = $1",
        .set_sql = "SELECT u.position, n.name FROM unnest($1::bigint[], $2::bigint[])"
                   " AS u (id, position) CROSS JOIN LATERAL ("
                   "SELECT name FROM users WHERE agency_id = $3::bigint AND id = u.id"
                   " UNION ALL SELECT name FROM platform_users WHERE id = u.id"
                   " UNION ALL SELECT name FROM subaccounts WHERE agency_id = $3::bigint"
                   " AND id = u.id"
                   " UNION ALL SELECT name FROM api_keys WHERE agency_id = $3::bigint"
                   " AND id = u.id"
                   " UNION ALL SELECT s.name FROM purchases p JOIN subaccounts s"
                   " ON s.agency_id = p.agency_id AND s.id = p.subaccount_id"
                   " WHERE p.agency_id = $3::bigint AND p.id = u.id"
                   " UNION ALL SELECT email FROM invitations WHERE agency_id = $3::bigint"
                   " AND id = u.id) AS n",
    };

    for (size_t i = 0; i < n; i++)
        names[i] = STR_NONE;
    return many_find_each(tx, &find, ids, n, ARGS(db_int(agency)), take_name, names);
}
