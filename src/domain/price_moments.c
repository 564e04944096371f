#include "domain/price_moments.h"

#include <string.h>

const char *const price_cause_names[] = { "start", "client_prices", "base_prices", "both", NULL };

static size_t points_of(const struct tier_histories *histories)
{
    size_t n = 0;

    for (int tier = 0; tier < TIER_COUNT; tier++)
        n += histories->of[tier].count;
    return n;
}

size_t price_moments_max(const struct tier_histories *base, const struct tier_histories *set)
{
    return 1 + points_of(base) + points_of(set);
}

/* The first instant after `after` at which one of them has a point; INT64_MAX: there is none. */
static instant_t next_point(const struct tier_histories *histories, instant_t after)
{
    instant_t next = INT64_MAX;

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        const struct price_history *history = &histories->of[tier];

        for (size_t i = 0; i < history->count; i++) {
            if (history->at[i].from > after && history->at[i].from < next)
                next = history->at[i].from;
        }
    }
    return next;
}

static struct price_moment moment_at(const struct tier_histories *base,
                                     const struct tier_histories *set, instant_t at)
{
    struct price_moment moment = { .from = at, .cause = PRICES_BEGAN };

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        moment.base[tier] = price_in_force(base->of[tier], at);
        moment.set[tier] = price_in_force(set->of[tier], at);
        moment.effective[tier] = price_effective(moment.base[tier], moment.set[tier]);
    }
    return moment;
}

/* False when nothing is different. */
static bool find_cause(const struct price_moment *before, struct price_moment *moment)
{
    bool base_changed = memcmp(before->base, moment->base, sizeof(moment->base)) != 0;
    bool set_changed = memcmp(before->set, moment->set, sizeof(moment->set)) != 0;

    moment->cause = base_changed && set_changed ? BOTH_PRICES_CHANGED
        : base_changed                          ? BASE_PRICES_CHANGED
                                                : CLIENT_PRICES_CHANGED;
    return base_changed || set_changed;
}

static instant_t earlier(instant_t a, instant_t b)
{
    return a < b ? a : b;
}

size_t price_moments(const struct tier_histories *base, const struct tier_histories *set,
                     instant_t start, struct price_moment *out)
{
    size_t n = 1;
    instant_t at = start;

    out[0] = moment_at(base, set, start);
    for (;;) {
        at = earlier(next_point(base, at), next_point(set, at));
        if (at == INT64_MAX) return n;
        out[n] = moment_at(base, set, at);
        if (find_cause(&out[n - 1], &out[n])) n++;
    }
}
