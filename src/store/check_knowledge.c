/* Knowledge credits: what moved them between sub-accounts, and what plans granted. */
#include "store/check_private.h"

#include "domain/knowledge.h"

static const struct check_column transfer_columns[] = {
    AGENCY,
    COLUMN_ID("transfer", ID_KNOWLEDGE_TRANSFER),
    COLUMN_ID("from", ID_SUBACCOUNT),
    COLUMN_ID("to", ID_SUBACCOUNT),
    POSTING,
    NUMBER("credits"),
    NUMBER("posted sent"),
    NUMBER("received"),
    COLUMNS_END,
};

/* clang-format off */
#define AT_END(end) "SUM(CASE WHEN e.account = " SQL_KNOWLEDGE " AND e.owner_id = k." end " THEN e.amount END)"
#define POSTED                                                                                                         \
    "SELECT k.agency_id, k.id, COUNT(*) AS entries, " AT_END("from_id") " AS sent, " AT_END("to_id") " AS received"  \
    SQL_ENTRIES_OF_POSTINGS("t", " CROSS JOIN knowledge_transfers k")                                                  \
    " AND t.kind = " SQL_KIND_KNOWLEDGE_TRANSFER " AND k.agency_id = t.agency_id AND k.id = t.reference_id"            \
    " AND k.posting_id = t.id GROUP BY k.agency_id, k.id"
/* clang-format on */

static const char wrong_transfers[] = "WITH posted AS (" POSTED "), " SQL_INDEXED(
    "transfers",
    "SELECT * FROM knowledge_transfers") ", postings AS (SELECT agency_id, id, subject_id, reference_id, once_key"
                                         " FROM ledger_postings WHERE kind = " SQL_KIND_KNOWLEDGE_TRANSFER
                                         "),"
                                         " keys AS (SELECT agency_id, posting_id AS posting FROM knowledge_transfers"
                                         " UNION SELECT agency_id, id FROM postings)"
                                         " SELECT COALESCE(k.agency_id, t.agency_id) AS agency, COALESCE(k.id, t.reference_id) AS transfer, k.from_id,"
                                         " k.to_id, COALESCE(t.id, k.posting_id), k.credits, p.sent, p.received FROM keys y"
                                         " LEFT JOIN transfers k ON k.agency_id = y.agency_id AND k.posting_id = y.posting"
                                         " LEFT JOIN postings t ON t.agency_id = y.agency_id AND t.id = y.posting"
                                         " LEFT JOIN posted p ON p.agency_id = k.agency_id AND p.id = k.id"
                                         " WHERE k.id IS NULL OR t.id IS NULL OR COALESCE(t.reference_id, 0) <> k.id OR COALESCE(t.once_key, 0) <> k.id"
                                         " OR t.subject_id <> k.from_id OR COALESCE(p.sent, 0) <> -k.credits OR COALESCE(p.received, 0) <> k.credits"
                                         " OR COALESCE(p.entries, 0) <> 2 OR k.from_id = k.to_id OR k.credits < 1 ORDER BY agency, transfer LIMIT $1";

static const struct check_column grant_columns[] = {
    AGENCY, POSTING, NUMBER("granted"), NUMBER("in all so far"), NUMBER("its key"), COLUMNS_END,
};

/* Each is keyed by what plans had granted with it, so that none is granted twice. */
static const char wrong_grants[] = "WITH " SQL_INDEXED(
    "entries",
    "SELECT agency_id, posting_id, amount FROM ledger_entries WHERE account = " SQL_KNOWLEDGE) " SELECT agency_id, posting_id, amount, so_far, once_key FROM (SELECT p.agency_id, p.id AS posting_id, e.amount,"
                                                                                               " p.once_key, SUM(e.amount) OVER (PARTITION BY p.agency_id ORDER BY p.once_key, p.id) AS so_far"
                                                                                               " FROM ledger_postings p LEFT JOIN entries e ON e.agency_id = p.agency_id AND e.posting_id = p.id WHERE p.kind = " SQL_KIND_KNOWLEDGE_GRANT
                                                                                               ") AS g"
                                                                                               " WHERE amount IS NULL OR amount <= 0 OR once_key IS NULL OR so_far <> once_key"
                                                                                               " ORDER BY agency_id, posting_id LIMIT $1";

const struct invariant check_knowledge[] = {
    {
        .name = "knowledge_transfers_posted",
        .sentence =
            "every transfer of knowledge credits posted both ends once, and nothing else did",
        .subjects = { &check_transfers_counted, &check_postings_counted },
        .sql = wrong_transfers,
        .columns = transfer_columns,
    },
    {
        .name = "knowledge_granted_once",
        .sentence = "plans granted each knowledge credit once",
        .subjects = { &check_postings_counted },
        .sql = wrong_grants,
        .columns = grant_columns,
    },
    INVARIANTS_END,
};
