/* What agencies have earned, as it was noted beside the ledger. */
#include "store/check_private.h"

static const struct check_column noted_columns[] = {
    AGENCY,          POSTING,     MONEY("payable"), MONEY("posted"), MONEY("collected"),
    MONEY("posted"), COLUMNS_END,
};

#define EARNED                                                                               \
    "SELECT agency_id, posting_id,"                                                          \
    " SUM(CASE WHEN account = " SQL_COLLECTED " THEN 0 ELSE amount END) AS payable,"         \
    " SUM(CASE WHEN account = " SQL_COLLECTED " THEN amount ELSE 0 END) AS collected"        \
    " FROM ledger_entries WHERE account IN (" SQL_PROFIT ", " SQL_COLLECTED ", " SQL_PAYOUTS \
    ") GROUP BY agency_id, posting_id"

/* A payout takes from profit what it adds to payouts: what was earned stays. */
static const char wrong_changes[] =
    "WITH " SQL_INDEXED("noted", "SELECT * FROM profit_changes") ", " SQL_INDEXED(
        "posted",
        EARNED) ", keys AS (SELECT agency_id, posting_id FROM noted UNION SELECT agency_id, posting_id FROM posted)"
                " SELECT k.agency_id AS agency, k.posting_id AS posting,"
                " n.payable_micros, e.payable, n.collected_micros, e.collected FROM keys k"
                " LEFT JOIN noted n ON n.agency_id = k.agency_id AND n.posting_id = k.posting_id"
                " LEFT JOIN posted e ON e.agency_id = k.agency_id AND e.posting_id = k.posting_id"
                " WHERE (n.posting_id IS NULL AND (e.payable <> 0 OR e.collected <> 0)) OR (n.posting_id IS NOT NULL"
                " AND (COALESCE(e.payable, 0) <> n.payable_micros OR COALESCE(e.collected, 0) <> n.collected_micros))"
                " ORDER BY agency, posting LIMIT $1";

static const struct check_column sum_columns[] = {
    AGENCY,
    NUMBER("seq"),
    POSTING,
    SUBACCOUNT,
    MONEY("agency payable"),
    MONEY("sum"),
    MONEY("agency collected"),
    MONEY("sum"),
    MONEY("its payable"),
    MONEY("sum"),
    MONEY("its collected"),
    MONEY("sum"),
    COLUMNS_END,
};

#define OF_AGENCY     "(PARTITION BY agency_id ORDER BY seq)"
#define OF_SUBACCOUNT "(PARTITION BY agency_id, subaccount_id ORDER BY seq)"

static const char wrong_sums[] =
    "SELECT s.agency_id, seq, posting_id, subaccount_id, agency_payable_micros, agency_payable, agency_collected_micros,"
    " agency_collected, subaccount_payable_micros, subaccount_payable, subaccount_collected_micros,"
    " subaccount_collected FROM (SELECT agency_id, seq, posting_id, subaccount_id, agency_payable_micros,"
    " agency_collected_micros, subaccount_payable_micros, subaccount_collected_micros, posted_at,"
    " SUM(payable_micros) OVER " OF_AGENCY " AS agency_payable,"
    " SUM(collected_micros) OVER " OF_AGENCY " AS agency_collected,"
    " SUM(payable_micros) OVER " OF_SUBACCOUNT " AS subaccount_payable,"
    " SUM(collected_micros) OVER " OF_SUBACCOUNT " AS subaccount_collected,"
    " ROW_NUMBER() OVER " OF_AGENCY " AS place, LAG(posted_at, 1, posted_at) OVER " OF_AGENCY
    " AS posted_before"
    " FROM profit_changes) AS s"
    " LEFT JOIN ledger_postings p ON p.agency_id = s.agency_id AND p.id = s.posting_id"
    " WHERE seq <> place OR s.posted_at < posted_before OR p.id IS NULL OR p.subject_id <> subaccount_id"
    " OR agency_payable_micros <> agency_payable OR agency_collected_micros <> agency_collected"
    " OR subaccount_payable_micros <> subaccount_payable OR subaccount_collected_micros <> subaccount_collected"
    " ORDER BY s.agency_id, seq LIMIT $1";

const struct invariant check_profits[] = {
    {
        .name = "profits_noted",
        .sentence = "every posting's change of profit is noted once, as it was posted",
        .subjects = { &check_profits_counted, &check_entries_counted },
        .sql = wrong_changes,
        .columns = noted_columns,
    },
    {
        .name = "profits_summed",
        .sentence = "noted changes of profit are numbered 1, 2, 3 … and carry their sums on",
        .subjects = { &check_profits_counted },
        .sql = wrong_sums,
        .columns = sum_columns,
    },
    INVARIANTS_END,
};
