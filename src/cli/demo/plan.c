#include "cli/demo/plan.h"

#include <assert.h>

enum { DAY_STARTS_AT_HOUR = 4, SUNDAY = 0, SATURDAY = 6, EPOCH_WEEKDAY = 4, SETTLING_DAYS = 12 };

/* The day of the story that an instant is in. */
static struct date day_of(const struct zone *zone, instant_t at)
{
    struct date date = zone_date(zone, at);

    return zone_time(zone, at).hour < DAY_STARTS_AT_HOUR ? date_add_days(date, -1) : date;
}

struct demo_plan demo_plan_make(uint64_t seed, const struct zone *zone, instant_t now, int32_t days,
                                int clients)
{
    int32_t settling = days < SETTLING_DAYS ? days : SETTLING_DAYS, last_day = settling + days;

    return (struct demo_plan){
        .seed = seed,
        .zone = zone,
        .start = date_add_days(day_of(zone, now), -last_day),
        .first_call_day = settling + 1,
        .last_day = last_day,
        .now = now,
        .accounts = 1 + clients,
    };
}

const struct demo_client *demo_account(int account)
{
    assert(account >= 0 && account < DEMO_ACCOUNTS_MAX);
    return account == DEMO_OWN_ACCOUNT ? &demo_primary : &demo_clients[account - 1];
}

const char *demo_account_name(int account)
{
    return account == DEMO_OWN_ACCOUNT ? demo_agency.name : demo_account(account)->name;
}

struct date demo_date(const struct demo_plan *plan, int32_t day)
{
    return date_add_days(plan->start, day);
}

static instant_t day_starts(const struct demo_plan *plan, int32_t day)
{
    return zone_instant(plan->zone, demo_date(plan, day),
                        (struct clock_time){ DAY_STARTS_AT_HOUR, 0, 0 });
}

struct period demo_day(const struct demo_plan *plan, int32_t day)
{
    struct period span = { day_starts(plan, day), day_starts(plan, day + 1) };

    if (day == plan->last_day) span.end = plan->now;
    return span;
}

int demo_weekday(struct date date)
{
    return (int)((date_to_days(date) + EPOCH_WEEKDAY) % DAYS_A_WEEK);
}

bool demo_is_weekend(struct date date)
{
    int weekday = demo_weekday(date);

    return weekday == SUNDAY || weekday == SATURDAY;
}

int32_t demo_joining_day(const struct demo_plan *plan, int account)
{
    int32_t day = plan->last_day * demo_account(account)->joins_permille / 1000;

    while (day > 0 && demo_is_weekend(demo_date(plan, day)))
        day++;
    return day < plan->last_day ? day : plan->last_day - 1;
}

int32_t demo_trouble_days(const struct demo_plan *plan, int32_t days)
{
    int32_t half = (plan->last_day - plan->first_call_day + 1) / 2;

    return days < half ? days : half;
}

struct rng demo_chance(const struct demo_plan *plan, int account, uint64_t thing)
{
    struct rng of_seed = rng_seeded(plan->seed);
    struct rng of_account = rng_seeded(rng_next(&of_seed) ^ (uint64_t)account);

    return rng_seeded(rng_next(&of_account) ^ thing);
}

bool demo_happens(struct rng *rng, int permille)
{
    return rng_between(rng, 0, 999) < permille;
}

size_t demo_pick(struct rng *rng, const uint16_t *weights, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    int64_t drawn = rng_between(rng, 1, sum);
    size_t i = 0;
    while ((drawn -= weights[i]) > 0)
        i++;
    return i;
}

const char *demo_pick_text(struct rng *rng, const char *const *texts)
{
    size_t n = 0;

    while (texts[n] != NULL)
        n++;
    return texts[rng_between(rng, 0, (int64_t)n - 1)];
}
