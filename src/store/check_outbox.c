/* What waits to be sent, and what became of it. */
#include "store/check_private.h"

static const struct check_column mail_columns[] = {
    AGENCY,
    COLUMN_ID("mail", ID_MAIL),
    TEXT("it"),
    COLUMNS_END,
};

static const char wrong_mails[] =
    "SELECT agency_id, id, fault FROM ("
    "SELECT agency_id, id, 'has a settled time and waits, or none and does not' AS fault FROM outbox"
    " WHERE (state = 'waiting') <> (settled_at IS NULL)"
    " UNION ALL SELECT agency_id, id, 'goes to nobody' FROM outbox"
    " WHERE user_id IS NULL AND address IS NULL AND about_id IS NULL"
    " UNION ALL SELECT agency_id, id, 'was given up without a reason' FROM outbox"
    " WHERE state = 'failed' AND last_error IS NULL"
    " UNION ALL SELECT agency_id, id, 'was sent without a try' FROM outbox"
    " WHERE state = 'done' AND tries = 0"
    ") AS faults ORDER BY agency_id, id, fault LIMIT $1";

const struct invariant check_outbox[] = {
    {
        .name = "mails_whole",
        .sentence = "every mail waits or is settled, goes to somebody, and failed for a reason",
        .subjects = { &check_mails_counted },
        .sql = wrong_mails,
        .columns = mail_columns,
    },
    INVARIANTS_END,
};
