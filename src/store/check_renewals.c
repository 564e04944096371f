/* Renewals, what they posted and distributed, payouts, and the jobs that see to them (domain.md §§5, 10, 11). */
#include "store/check_private.h"

#define RENEWAL COLUMN_ID("renewal", ID_RENEWAL)

static const struct check_column posted_columns[] = {
    AGENCY,
    RENEWAL,
    MONEY("fee"),
    NUMBER("granted basic"),
    NUMBER("granted premium"),
    NUMBER("distributed basic"),
    NUMBER("distributed premium"),
    MONEY("posted fee"),
    NUMBER("granted basic"),
    NUMBER("granted premium"),
    NUMBER("distributed basic"),
    NUMBER("distributed premium"),
    COLUMNS_END,
};

/* clang-format off */
#define POSTED(condition) "SUM(CASE WHEN " condition " THEN e.amount ELSE 0 END)"

/* A grant that no renewal made, as the one that an agency begins with, names none. */
static const char wrong_postings[] =
    "WITH posted AS (SELECT p.agency_id, p.reference_id AS id, "
    POSTED("p.kind = " SQL_KIND_PLAN_FEE " AND e.account = " SQL_BASE_REVENUE) " AS fee, "
    POSTED("p.kind = " SQL_KIND_PLAN_GRANT " AND e.account = " SQL_WALLET_BASIC) " AS granted_basic, "
    POSTED("p.kind = " SQL_KIND_PLAN_GRANT " AND e.account = " SQL_WALLET_PREMIUM) " AS granted_premium, "
    POSTED("p.kind = " SQL_KIND_SHARE " AND e.account = " SQL_WALLET_BASIC " AND e.owner_id = p.subject_id") " AS shared_basic, "
    POSTED("p.kind = " SQL_KIND_SHARE " AND e.account = " SQL_WALLET_PREMIUM " AND e.owner_id = p.subject_id") " AS shared_premium"
    SQL_ENTRIES_OF_POSTINGS("p", "") " AND (p.kind IN (" SQL_KIND_PLAN_FEE ", " SQL_KIND_SHARE ")"
    " OR (p.kind = " SQL_KIND_PLAN_GRANT " AND p.reference_id IS NOT NULL)) GROUP BY p.agency_id, p.reference_id)"
    " SELECT * FROM (SELECT r.agency_id AS agency, r.id AS renewal, r.fee_micros, r.granted_basic_seconds,"
    " r.granted_premium_seconds, r.distributed_basic_seconds, r.distributed_premium_seconds, p.fee, p.granted_basic,"
    " p.granted_premium, p.shared_basic, p.shared_premium"
    " FROM renewals r LEFT JOIN posted p ON p.agency_id = r.agency_id AND p.id = r.id"
    " WHERE COALESCE(p.fee, 0) <> r.fee_micros"
    " OR COALESCE(p.granted_basic, 0) <> r.granted_basic_seconds"
    " OR COALESCE(p.granted_premium, 0) <> r.granted_premium_seconds"
    " OR COALESCE(p.shared_basic, 0) <> r.distributed_basic_seconds"
    " OR COALESCE(p.shared_premium, 0) <> r.distributed_premium_seconds"
    " UNION ALL SELECT p.agency_id, p.id, NULL, NULL, NULL, NULL, NULL, p.fee, p.granted_basic, p.granted_premium,"
    " p.shared_basic, p.shared_premium FROM posted p"
    " LEFT JOIN renewals r ON r.agency_id = p.agency_id AND r.id = p.id WHERE r.id IS NULL) AS wrong"
    " ORDER BY agency, renewal LIMIT $1";

static const struct check_column whole_columns[] = {
    AGENCY,
    RENEWAL,
    TEXT("it"),
    COLUMNS_END,
};

/* Only the newest may be under way. */
static const char wrong_renewals[] =
    "SELECT agency_id, id, fault FROM ("
    "SELECT r.agency_id, r.id, 'is not complete, and a later one began' AS fault FROM renewals r"
    " WHERE r.completed_at IS NULL AND EXISTS (SELECT 1 FROM renewals l WHERE l.agency_id = r.agency_id"
    " AND l.cycle > r.cycle)"
    " UNION ALL SELECT agency_id, id, 'is complete and says nothing of a payout, or the other way' FROM renewals"
    " WHERE (completed_at IS NULL) <> (payout = 'open')"
    " UNION ALL SELECT r.agency_id, r.id, 'says of a payout what its payouts do not' FROM renewals r"
    " LEFT JOIN payouts p ON p.agency_id = r.agency_id AND p.renewal_id = r.id" /* payouts_by_renewal */
    " WHERE (r.payout = 'scheduled') <> (p.id IS NOT NULL) OR p.amount_micros <> r.payable_micros"
    " UNION ALL SELECT r.agency_id, r.id, 'has other sums than its shares' FROM renewals r LEFT JOIN ("
    "SELECT agency_id, renewal_id, COUNT(*) AS accounts, SUM(is_short) AS short, SUM(basic_seconds) AS basic,"
    " SUM(premium_seconds) AS premium FROM renewal_shares GROUP BY agency_id, renewal_id) s"
    " ON s.agency_id = r.agency_id AND s.renewal_id = r.id WHERE COALESCE(s.accounts, 0) <> r.accounts"
    " OR COALESCE(s.short, 0) <> r.short_accounts OR COALESCE(s.basic, 0) <> r.distributed_basic_seconds"
    " OR COALESCE(s.premium, 0) <> r.distributed_premium_seconds"
    ") AS faults ORDER BY agency_id, id, fault LIMIT $1";

static const struct check_column share_columns[] = {
    AGENCY,
    RENEWAL,
    SUBACCOUNT,
    POSTING,
    NUMBER("basic"),
    NUMBER("premium"),
    NUMBER("posted basic"),
    NUMBER("posted premium"),
    COLUMNS_END,
};

/* FULL JOIN would compare each with each: SQLite makes no index for it.
   Whole or nothing of each tier, once, from the agency's primary. */
static const char wrong_shares[] =
    "WITH posted AS (SELECT p.agency_id, p.id, p.subject_id, p.reference_id, COUNT(*) AS entries, "
    POSTED("e.account = " SQL_WALLET_BASIC " AND e.owner_id = p.subject_id") " AS basic, "
    POSTED("e.account = " SQL_WALLET_PREMIUM " AND e.owner_id = p.subject_id") " AS premium, "
    "SUM(CASE WHEN e.owner_id NOT IN (p.subject_id, a.primary_id) OR e.account NOT IN " SQL_WALLETS " THEN 1 ELSE 0 END)"
    " AS strange" SQL_ENTRIES_OF_POSTINGS("p", " CROSS JOIN agencies a") " AND a.id = p.agency_id"
    " AND p.kind = " SQL_KIND_SHARE " GROUP BY p.agency_id, p.id, p.subject_id, p.reference_id)"
    " SELECT * FROM (SELECT s.agency_id AS agency, s.renewal_id AS renewal, s.subaccount_id AS account,"
    " COALESCE(p.id, s.posting_id) AS posting, s.basic_seconds, s.premium_seconds, p.basic, p.premium"
    " FROM renewal_shares s LEFT JOIN posted p ON p.agency_id = s.agency_id AND p.id = s.posting_id"
    " LEFT JOIN renewals r ON r.agency_id = s.agency_id AND r.id = s.renewal_id"
    " WHERE r.id IS NULL OR (s.posting_id IS NULL) <> (s.basic_seconds = 0 AND s.premium_seconds = 0)"
    " OR (s.posting_id IS NOT NULL AND p.id IS NULL)"
    " OR s.basic_seconds <> COALESCE(p.basic, 0) OR s.premium_seconds <> COALESCE(p.premium, 0)"
    " OR p.subject_id <> s.subaccount_id OR p.reference_id <> s.renewal_id OR p.strange > 0"
    " OR s.basic_seconds NOT IN (0, r.each_basic_seconds) OR s.premium_seconds NOT IN (0, r.each_premium_seconds)"
    " OR (s.is_short = 1) <> (s.basic_seconds < r.each_basic_seconds OR s.premium_seconds < r.each_premium_seconds)"
    " UNION ALL SELECT p.agency_id, p.reference_id, p.subject_id, p.id, NULL, NULL, p.basic, p.premium FROM posted p"
    " LEFT JOIN renewal_shares s ON s.agency_id = p.agency_id AND s.renewal_id = p.reference_id"
    " AND s.subaccount_id = p.subject_id WHERE s.posting_id IS NULL OR s.posting_id <> p.id) AS wrong"
    " ORDER BY agency, renewal, account LIMIT $1";

static const struct check_column payout_columns[] = {
    AGENCY,
    COLUMN_ID("payout", ID_PAYOUT),
    POSTING,
    MONEY("amount"),
    MONEY("posted"),
    MONEY("returned"),
    COLUMNS_END,
};

/* What failed went back; what did not went out once. */
static const char wrong_payouts[] =
    "WITH posted AS (SELECT p.agency_id, p.reference_id AS id, MIN(p.id) AS posting, "
    POSTED("p.kind = " SQL_KIND_PAYOUT " AND e.account = " SQL_PAYOUTS) " AS paid, "
    POSTED("p.kind = " SQL_KIND_PAYOUT " AND e.account = " SQL_PROFIT) " AS taken, "
    POSTED("p.kind = " SQL_KIND_RETURN " AND e.account = " SQL_PROFIT) " AS returned"
    SQL_ENTRIES_OF_POSTINGS("p", "") " AND p.kind IN (" SQL_KIND_PAYOUT ", " SQL_KIND_RETURN ") GROUP BY p.agency_id, p.reference_id)"
    " SELECT * FROM (SELECT o.agency_id AS agency, o.id AS payout, COALESCE(p.posting, o.posting_id) AS posting,"
    " o.amount_micros, p.paid, p.returned"
    " FROM payouts o LEFT JOIN posted p ON p.agency_id = o.agency_id AND p.id = o.id"
    " WHERE p.id IS NULL OR p.paid <> o.amount_micros OR p.taken <> -o.amount_micros"
    " OR p.returned <> CASE WHEN o.state = 'failed' THEN o.amount_micros ELSE 0 END"
    " OR p.posting <> o.posting_id OR (o.state = 'failed') <> (o.return_posting_id IS NOT NULL)"
    " OR (o.state = 'failed') <> (o.failure IS NOT NULL)"
    " OR (o.state IN ('paid', 'failed')) <> (o.settled_at IS NOT NULL)"
    " UNION ALL SELECT p.agency_id, p.id, p.posting, NULL, p.paid, p.returned FROM posted p"
    " LEFT JOIN payouts o ON o.agency_id = p.agency_id AND o.id = p.id WHERE o.id IS NULL) AS wrong"
    " ORDER BY agency, payout LIMIT $1";
static const struct check_column job_columns[] = {
    AGENCY,
    COLUMN_ID("job", ID_JOB),
    TEXT("it"),
    COLUMNS_END,
};

static const char wrong_jobs[] =
    "SELECT agency_id, id, fault FROM ("
    "SELECT agency_id, id, 'was given up without a reason' AS fault FROM jobs"
    " WHERE state = 'dead' AND last_error IS NULL"
    " UNION ALL SELECT agency_id, id, 'is leased for ever' FROM jobs WHERE lease IS NOT NULL AND lease_until IS NULL"
    " UNION ALL SELECT j.agency_id, j.id, 'is of an agency that there is not' FROM jobs j"
    " LEFT JOIN agencies a ON a.id = j.agency_id WHERE j.agency_id <> 0 AND a.id IS NULL"
    " UNION ALL SELECT a.id, 0, 'would see to the renewals, and is not there' FROM agencies a"
    " LEFT JOIN jobs j ON j.agency_id = a.id AND j.kind = 'renewal' AND j.subject_id = a.id" /* jobs_once */
    " WHERE a.status = 'active' AND j.id IS NULL"
    ") AS faults ORDER BY agency_id, id, fault LIMIT $1";
/* clang-format on */

const struct invariant check_renewals[] = {
    {
        .name = "renewals_posted",
        .sentence =
            "every renewal posted its fee, its minutes and their distribution, and nothing else did",
        .subjects = { &check_renewals_counted, &check_postings_counted },
        .sql = wrong_postings,
        .columns = posted_columns,
    },
    {
        .name = "renewals_whole",
        .sentence =
            "every renewal is complete before the next, and sums up its shares and its payout",
        .subjects = { &check_renewals_counted, &check_shares_counted },
        .sql = wrong_renewals,
        .columns = whole_columns,
    },
    {
        .name = "shares_posted",
        .sentence =
            "every share of a renewal was posted once, whole, from the primary to its account",
        .subjects = { &check_shares_counted },
        .sql = wrong_shares,
        .columns = share_columns,
    },
    {
        .name = "payouts_posted",
        .sentence = "every payout took its amount of profit once, and one that failed gave it back",
        .subjects = { &check_payouts_counted },
        .sql = wrong_payouts,
        .columns = payout_columns,
    },
    INVARIANTS_END,
};

const struct invariant check_jobs[] = {
    {
        .name = "jobs_whole",
        .sentence =
            "every job is of an agency, and given up for a reason; every agency has its renewals seen to",
        .subjects = { &check_jobs_counted, &check_agencies_counted },
        .sql = wrong_jobs,
        .columns = job_columns,
    },
    INVARIANTS_END,
};
