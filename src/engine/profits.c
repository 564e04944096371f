#include "engine/profits.h"

#include "base/decimal.h"
#include "store/agencies.h"
#include "store/ledger.h"

static bool between(struct tx *tx, const struct profit_mark *from, const struct profit_mark *to,
                    struct profit *out)
{
    return profit_between(&from->profit, &to->profit, out)
        || fail_as(tx->problem, REASON_OVERFLOW, NULL);
}

bool profit_total(struct tx *tx, const struct profit_range *range, struct profit_total *out)
{
    const instant_t ends[] = { range->span.start, range->span.end };
    struct profit_mark marks[COUNT_OF(ends)];

    if (!profit_marks(tx, range->agency, range->subaccount, ends, COUNT_OF(ends), marks))
        return false;
    out->changes = (struct profit_span){ range->agency, marks[0].seq, marks[1].seq };
    return between(tx, &marks[0], &marks[1], &out->profit);
}

static struct date month_of(const struct zone *zone, instant_t at)
{
    struct date date = zone_date(zone, at);

    date.day = 1;
    return date;
}

/* Where the first month begins: as asked, or with the first thing that was earned; nothing yet is no month. */
static bool find_start(struct tx *tx, const struct zone *zone, const struct profit_range *range,
                       instant_t *start)
{
    instant_t first;

    *start = range->span.start;
    if (*start != 0) return true;
    if (!profit_first_at(tx, range->agency, &first)) return false;
    *start = first == INSTANT_NONE ? range->span.end : zone_midnight(zone, month_of(zone, first));
    return true;
}

/* The boundaries of months from `start` to the range's end, one more than there are months. */
static bool cut_months(struct tx *tx, const struct zone *zone, struct period span, instant_t *cuts,
                       size_t *n)
{
    struct date month = month_of(zone, span.start);

    cuts[0] = span.start;
    for (*n = 0; cuts[*n] < span.end; (*n)++) {
        if (*n == PROFIT_MONTHS_MAX)
            return fail_field(tx->problem, REASON_RANGE_TOO_LONG, STR("to"),
                              "A range may have at most %d months.", PROFIT_MONTHS_MAX);
        month = date_add_months(month, 1);
        instant_t next = zone_midnight(zone, month);
        cuts[*n + 1] = next < span.end ? next : span.end;
    }
    return true;
}

bool profit_months(struct tx *tx, const struct zone *zone, const struct profit_range *range,
                   struct profit_month **out, size_t *n)
{
    instant_t *cuts = ARENA_ARRAY(tx->arena, instant_t, PROFIT_MONTHS_MAX + 1);
    struct profit_mark *marks = ARENA_ARRAY(tx->arena, struct profit_mark, PROFIT_MONTHS_MAX + 1);
    struct period span = range->span;

    if (!find_start(tx, zone, range, &span.start) || !cut_months(tx, zone, span, cuts, n)
        || !profit_marks(tx, range->agency, range->subaccount, cuts, *n + 1, marks))
        return false;
    *out = ARENA_ARRAY(tx->arena, struct profit_month, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i].span = (struct period){ cuts[i], cuts[i + 1] };
        if (!between(tx, &marks[i], &marks[i + 1], &(*out)[i].profit)) return false;
    }
    return true;
}

static struct place place_of(const struct profit_account *account, enum profit_sort sort)
{
    struct place place = { .text = STR(""), .id = account->id };

    switch (sort) {
    case PROFIT_BY_NAME: place.text = account->name_key; break;
    case PROFIT_BY_PAYABLE: place.number = account->profit.payable; break;
    case PROFIT_BY_COLLECTED: place.number = account->profit.collected; break;
    case PROFIT_BY_PROFIT:
        place.number = account->profit.payable + account->profit.collected;
        break;
    }
    return place;
}

bool profit_accounts(struct tx *tx, const struct profit_total *total, enum profit_sort sort,
                     const struct sorted_ask *ask, struct sorted_page *out)
{
    struct list list;

    if (!profits_by_subaccount(tx, &total->changes, &list)) return false;
    const struct profit_account *accounts = list.at;
    struct sorted_row *sorted = ARENA_ARRAY(tx->arena, struct sorted_row, list.count + 1);
    for (size_t i = 0; i < list.count; i++)
        sorted[i] = (struct sorted_row){ &accounts[i], place_of(&accounts[i], sort) };
    *out = sorted_page(sorted, list.count, ask);
    return true;
}

bool profit_standing(struct tx *tx, id64_t agency_id, const struct zone *zone,
                     struct profit_standing *out)
{
    const instant_t now = INT64_MAX;
    struct agency agency;
    struct profit_mark mark;

    if (!agency_load(tx, agency_id, &agency)
        || !ledger_balance(tx, agency_id, LEDGER_PROFIT, agency_id, &out->profit)
        || !ledger_balance(tx, agency_id, LEDGER_CREDIT, agency_id, &out->credit)
        || !ledger_balance(tx, agency_id, LEDGER_PAYOUTS, agency_id, &out->paid_out)
        || !profit_marks(tx, agency_id, ID_NONE, &now, 1, &mark))
        return false;
    out->payable = profit_to_pay_out(out->profit, out->credit);
    out->threshold = agency.payout_threshold;
    out->earned = mark.profit;
    out->renewal_at = cycle_at(agency.subscription_start, zone, tx->now).end;
    return true;
}
