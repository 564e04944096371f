/* Rollups against the calls that they summarise (domain.md §§3, 4, 10). */
#include "store/check_private.h"

#include "base/time.h"
#include "domain/cycles.h"

/* Both sides of a rollup are summed with opposite signs: what is left over is wrong, by how much. */
static const struct check_column hour_columns[] = {
    AGENCY,
    SUBACCOUNT,
    INSTANT("hour"),
    NUMBER("off by calls"),
    NUMBER("answered"),
    NUMBER("inbound"),
    NUMBER("completed"),
    NUMBER("voicemail"),
    NUMBER("no_answer"),
    NUMBER("busy"),
    NUMBER("failed"),
    NUMBER("canceled"),
    NUMBER("transferred"),
    NUMBER("talk_seconds"),
    NUMBER("basic_seconds"),
    NUMBER("premium_seconds"),
    MONEY("spent"),
    MONEY("cost"),
    COLUMNS_END,
};

static_assert(CALL_INBOUND == 0 && CALL_COMPLETED == 0 && CALL_VOICEMAIL == 1 && CALL_NO_ANSWER == 2
                  && CALL_BUSY == 3 && CALL_FAILED == 4 && CALL_CANCELED == 5
                  && CALL_TRANSFERRED == 6,
              "numbers below");
static_assert(MICROS_PER_HOUR == 3600000000, "hours below");

/* clang-format off */
#define COUNT_IF(condition) "SUM(CASE WHEN " condition " THEN 1 ELSE 0 END)"
#define FIGURES(prefix)                                                                                                \
    prefix "calls, " prefix "answered, " prefix "inbound, " prefix "completed, " prefix "voicemail, " prefix           \
    "no_answer, " prefix "busy, " prefix "failed, " prefix "canceled, " prefix "transferred, " prefix                  \
    "talk_seconds, " prefix "basic_seconds, " prefix "premium_seconds, " prefix "spent_micros, " prefix "cost_micros"
#define SUMMED(column) "SUM(" column ") AS " column
#define SUMS_OF_FIGURES                                                                                                \
    SUMMED("calls") ", " SUMMED("answered") ", " SUMMED("inbound") ", " SUMMED("completed") ", " SUMMED("voicemail")   \
    ", " SUMMED("no_answer") ", " SUMMED("busy") ", " SUMMED("failed") ", " SUMMED("canceled") ", "                    \
    SUMMED("transferred") ", " SUMMED("talk_seconds") ", " SUMMED("basic_seconds") ", " SUMMED("premium_seconds") ", " \
    SUMMED("spent_micros") ", " SUMMED("cost_micros")

/* Calls are from 1970 on (base/time.h), so that cutting the remainder off leaves the hour's first instant. */
static const char wrong_hours[] =
    "WITH counted AS (SELECT agency_id, subaccount_id, started_at - started_at % 3600000000 AS hour_at,"
    " COUNT(*) AS calls, "
    COUNT_IF("status IN (0, 1, 6)") " AS answered, "
    COUNT_IF("direction = 0") " AS inbound, "
    COUNT_IF("status = 0") " AS completed, "
    COUNT_IF("status = 1") " AS voicemail, "
    COUNT_IF("status = 2") " AS no_answer, "
    COUNT_IF("status = 3") " AS busy, "
    COUNT_IF("status = 4") " AS failed, "
    COUNT_IF("status = 5") " AS canceled, "
    COUNT_IF("status = 6") " AS transferred,"
    " SUM(duration_seconds) AS talk_seconds,"
    " SUM(CASE WHEN tier = 0 THEN billed_seconds ELSE 0 END) AS basic_seconds,"
    " SUM(CASE WHEN tier = 1 THEN billed_seconds ELSE 0 END) AS premium_seconds,"
    " SUM(" SQL_VALUE("billed_seconds", "price_micros") ") AS spent_micros,"
    " SUM(" SQL_VALUE("billed_seconds", "base_price_micros") ") AS cost_micros"
    " FROM calls GROUP BY agency_id, subaccount_id, hour_at),"
    " both_sides AS (SELECT agency_id, subaccount_id, hour_at, " FIGURES("") " FROM counted"
    " UNION ALL SELECT agency_id, 0, hour_at, " SUMS_OF_FIGURES " FROM counted GROUP BY agency_id, hour_at"
    " UNION ALL SELECT agency_id, subaccount_id, hour_at, " FIGURES("-") " FROM usage_hours),"
    " differences AS (SELECT agency_id, subaccount_id, hour_at, " SUMS_OF_FIGURES " FROM both_sides"
    " GROUP BY agency_id, subaccount_id, hour_at)"
    " SELECT agency_id, subaccount_id, hour_at, " FIGURES("-") " FROM differences"
    " WHERE calls <> 0 OR answered <> 0 OR inbound <> 0 OR completed <> 0 OR voicemail <> 0 OR no_answer <> 0"
    " OR busy <> 0 OR failed <> 0 OR canceled <> 0 OR transferred <> 0 OR talk_seconds <> 0 OR basic_seconds <> 0"
    " OR premium_seconds <> 0 OR spent_micros <> 0 OR cost_micros <> 0"
    " ORDER BY agency_id, subaccount_id, hour_at LIMIT $1";
/* clang-format on */

static const struct check_column period_columns[] = {
    AGENCY,
    SUBACCOUNT,
    INSTANT("period from"),
    NUMBER("off by calls"),
    NUMBER("billed_seconds"),
    MONEY("spent"),
    MONEY("cost"),
    COLUMNS_END,
};

/* Each account's periods and calls in order of time: a call falls into the last period that began before it, if that has
   not ended. Seeking the period of every call would walk over all accounts' periods of that time. */
#define LAST_BEGUN(column) \
    "MAX(" column          \
    ") OVER (PARTITION BY agency_id, subaccount_id ORDER BY at, is_call ROWS UNBOUNDED PRECEDING)"

/* clang-format off */
static const char wrong_periods[] =
    "SELECT agency_id, subaccount_id, start_at, SUM(calls), SUM(billed_seconds), SUM(spent_micros), SUM(cost_micros)"
    " FROM (SELECT agency_id, subaccount_id, CASE WHEN at < end_at THEN start_at END AS start_at, calls, billed_seconds,"
    " spent_micros, cost_micros"
    " FROM (SELECT agency_id, subaccount_id, at, " LAST_BEGUN("start_at") " AS start_at, " LAST_BEGUN("end_at") " AS end_at,"
    " calls, billed_seconds, spent_micros, cost_micros"
    " FROM (SELECT agency_id, subaccount_id, start_at AS at, 0 AS is_call, start_at, end_at, calls, billed_seconds,"
    " spent_micros, cost_micros FROM usage_periods"
    " UNION ALL SELECT agency_id, subaccount_id, started_at, 1, NULL, NULL, -1, -billed_seconds,"
    " -" SQL_VALUE("billed_seconds", "price_micros") ", -" SQL_VALUE("billed_seconds", "base_price_micros") " FROM calls"
    ") AS timeline) AS told) AS both_sides"
    " GROUP BY agency_id, subaccount_id, start_at HAVING SUM(calls) <> 0 OR SUM(billed_seconds) <> 0"
    " OR SUM(spent_micros) <> 0 OR SUM(cost_micros) <> 0 ORDER BY agency_id, subaccount_id, start_at LIMIT $1";
/* clang-format on */

static const struct check_column cycle_columns[] = {
    AGENCY,         INSTANT("period from"), SUBACCOUNT,  INSTANT("to"),
    TEXT("anchor"), TEXT("zone"),           COLUMNS_END,
};

static const char all_periods[] =
    "SELECT p.agency_id, p.start_at, p.subaccount_id, p.end_at, s.billing_anchor, g.timezone FROM usage_periods p"
    " LEFT JOIN subaccounts s ON s.agency_id = p.agency_id AND s.id = p.subaccount_id"
    " LEFT JOIN agencies g ON g.id = p.agency_id"
    " WHERE (p.agency_id, p.start_at, p.subaccount_id) > ($2, $3, $4)"
    " ORDER BY p.agency_id, p.start_at, p.subaccount_id LIMIT $1"; /* usage_periods' key */

/* Each is a billing cycle of its account in the agency's zone (domain.md §10). */
static struct str judge_period(struct tx *tx, const struct db_rows *row)
{
    struct str zone_text = row_text(row, 5), anchor_text = row_text(row, 4);
    const struct zone *zone = str_is_absent(zone_text) ? NULL : zone_find(zone_text);
    instant_t start = row_instant(row, 1), end = row_instant(row, 3);
    struct date anchor;

    if (zone == NULL) return STR("its agency has no such zone");
    if (str_is_absent(anchor_text) || !date_parse(anchor_text, &anchor))
        return STR("its account has no billing anchor");
    struct period cycle = cycle_at(anchor, zone, start);
    if (cycle.start == start && cycle.end == end) return STR_NONE;
    struct str from = instant_format(tx->arena, cycle.start),
               to = instant_format(tx->arena, cycle.end);
    return str_format(tx->arena, "the cycle is from %.*s to %.*s", STR_ARG(from), STR_ARG(to));
}

const struct invariant check_usage[] = {
    {
        .name = "hours_are_calls",
        .sentence = "usage by hour equals the calls, of each sub-account and of each agency",
        .subjects = { &check_calls_counted, &check_hours_counted },
        .sql = wrong_hours,
        .columns = hour_columns,
    },
    {
        .name = "periods_are_calls",
        .sentence = "usage by billing period equals the calls",
        .subjects = { &check_calls_counted, &check_periods_counted },
        .sql = wrong_periods,
        .columns = period_columns,
    },
    {
        .name = "periods_are_cycles",
        .sentence =
            "every billing period is a month from its account's anchor in its agency's zone",
        .subjects = { &check_periods_counted },
        .sql = all_periods,
        .columns = cycle_columns,
        .judge = judge_period,
    },
    INVARIANTS_END,
};
