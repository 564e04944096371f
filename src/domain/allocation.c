#include "domain/allocation.h"

#include "domain/money.h"
#include "domain/purchases.h"

#include <assert.h>

enum { MONTHS_A_YEAR = 12 };

const char *const allocation_state_names[] = {
    "scheduled", "processing", "succeeded", "skipped", "retrying", "past_due", NULL,
};

const char *const allocation_skip_names[] = {
    "", "suspended", "removed", "turned_off", "canceled", NULL,
};

/* So that tries fall 0, 1, 3 and 5 days after the run began. */
static const int64_t wait_days[] = { 1, 2, 2 };

month_t month_of(struct date date)
{
    return (month_t)date.year * MONTHS_A_YEAR + date.month - 1;
}

struct date month_day(month_t month, int64_t day)
{
    assert(month >= 0 && day >= 1 && day <= 31);
    struct date date = { .year = (int32_t)(month / MONTHS_A_YEAR),
                         .month = (int32_t)(month % MONTHS_A_YEAR) + 1 };
    int32_t last = date_days_in_month(date.year, date.month);

    date.day = day < last ? (int32_t)day : last;
    return date;
}

struct str month_format(struct arena *arena, month_t month)
{
    struct str date = date_format(arena, month_day(month, 1));

    return str_sub(date, 0, date.len - sizeof("-01") + 1);
}

instant_t allocation_due(const struct zone *zone, month_t month, int64_t day)
{
    return zone_midnight(zone, month_day(month, day));
}

/* The month of now is a first guess; where a zone set its clocks back over midnight it may be one too early. */
month_t allocation_first_month(const struct zone *zone, int64_t day, month_t last, instant_t now)
{
    month_t month = month_of(zone_date(zone, now));

    if (month <= last) month = last + 1;
    while (allocation_due(zone, month, day) <= now)
        month++;
    return month;
}

enum reason allocation_cost(const seconds_t seconds[TIER_COUNT], const micros_t base[TIER_COUNT],
                            micros_t *out)
{
    *out = 0;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t paid;

        if (!money_card_amount(seconds[tier], base[tier], &paid)) return REASON_OVERFLOW;
        if (seconds[tier] > PURCHASE_SECONDS_MAX || paid > PURCHASE_AMOUNT_MAX)
            return REASON_TOO_LARGE;
        *out += paid;
    }
    return REASON_NONE;
}

bool allocation_take_due(struct allocation *allocation, const struct zone *zone, instant_t now,
                         struct allocation_run *out)
{
    if (!allocation->enabled) return false;
    instant_t due_at = allocation_due(zone, allocation->next_month, allocation->day);

    if (due_at > now) return false;
    *out = (struct allocation_run){
        .agency_id = allocation->agency_id,
        .subaccount_id = allocation->subaccount_id,
        .month = allocation->next_month,
        .state = ALLOCATION_SCHEDULED,
        .seconds = { allocation->seconds[TIER_BASIC], allocation->seconds[TIER_PREMIUM] },
        .due_at = due_at,
        .retry_at = INSTANT_NONE,
        .settled_at = INSTANT_NONE,
    };
    allocation->next_month++;
    return true;
}

bool allocation_is_settled(enum allocation_state state)
{
    return state == ALLOCATION_SUCCEEDED || state == ALLOCATION_SKIPPED
        || state == ALLOCATION_PAST_DUE;
}

static void settle(struct allocation_run *run, enum allocation_state state, instant_t now)
{
    run->state = state;
    run->retry_at = INSTANT_NONE;
    run->settled_at = now;
}

void allocation_skipped(struct allocation_run *run, enum allocation_skip reason, instant_t now)
{
    settle(run, ALLOCATION_SKIPPED, now);
    run->reason = str_from_c(allocation_skip_names[reason]);
}

void allocation_begun(struct allocation_run *run)
{
    run->state = ALLOCATION_PROCESSING;
    run->retry_at = INSTANT_NONE;
}

void allocation_taken_up(struct allocation_run *run)
{
    assert(run->state == ALLOCATION_PAST_DUE);
    run->state = ALLOCATION_SCHEDULED;
    run->settled_at = INSTANT_NONE;
}

void allocation_succeeded(struct allocation_run *run, instant_t now)
{
    settle(run, ALLOCATION_SUCCEEDED, now);
    run->reason = STR_NONE;
}

bool allocation_failed(struct allocation_run *run, struct str failure, instant_t now)
{
    run->reason = failure;
    if (run->failures < (int64_t)COUNT_OF(wait_days)) {
        run->state = ALLOCATION_RETRYING;
        run->retry_at = now + wait_days[run->failures++] * MICROS_PER_DAY;
        return false;
    }
    run->failures++;
    settle(run, ALLOCATION_PAST_DUE, now);
    return true;
}
