#include "store/ids.h"

#include "base/id.h"

/* Whatever gets an id is followed by a posting, an audit event, a call, a mail or a session that gets a later one. Each inner
   query reads the end of a primary key. */
bool ids_resume(struct tx *tx)
{
    int64_t highest;

    if (!db_find_int(
            tx,
            "SELECT MAX(id) FROM ("
            " /*sqlite SELECT MAX(id) AS id FROM calls*/" /* by id, of all agencies */
            " /*postgres SELECT (SELECT MAX(id) FROM calls WHERE agency_id = a.id) AS id FROM agencies a*/"
            " UNION ALL SELECT (SELECT MAX(id) FROM ledger_postings WHERE agency_id = a.id) FROM agencies a"
            " UNION ALL SELECT (SELECT MAX(id) FROM audit_events WHERE agency_id = a.id) FROM agencies a"
            " UNION ALL SELECT (SELECT MAX(id) FROM outbox WHERE agency_id = a.id) FROM agencies a"
            " UNION ALL SELECT MAX(id) FROM sessions" /* its unique key */
            ") AS latest",
            NO_ARGS, ID_NONE, &highest))
        return false;
    id_start_after(highest);
    return true;
}
