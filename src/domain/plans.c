#include "domain/plans.h"

#include <assert.h>
#include <string.h>

const char *const plan_change_names[] = { "none", "now", "renewal", NULL };

bool plan_code_is_valid(struct str code)
{
    if (code.len == 0 || code.len > PLAN_CODE_MAX_CHARS) return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        bool is_letter = c >= 'a' && c <= 'z', is_other = (c >= '0' && c <= '9') || c == '_';

        if (!is_letter && (i == 0 || !is_other)) return false;
    }
    return true;
}

static bool has_larger_cap(const struct plan *plan, const struct plan *than)
{
    if (than->subaccount_cap < 0) return false;
    return plan->subaccount_cap < 0 || plan->subaccount_cap > than->subaccount_cap;
}

enum plan_change plan_change_between(const struct plan *from, const struct plan *to)
{
    if (str_equal(from->code, to->code)) return PLAN_UNCHANGED;
    if (to->monthly_fee != from->monthly_fee)
        return to->monthly_fee > from->monthly_fee ? PLAN_CHANGES_NOW : PLAN_CHANGES_AT_RENEWAL;
    return has_larger_cap(to, from) ? PLAN_CHANGES_NOW : PLAN_CHANGES_AT_RENEWAL;
}

int64_t plan_excess(int64_t cap, int64_t secondaries)
{
    return cap >= 0 && secondaries > cap ? secondaries - cap : 0;
}

const struct plan *plan_narrower(const struct plan *plan, const struct plan *next)
{
    return next != NULL && has_larger_cap(plan, next) ? next : plan;
}

enum reason may_change_plan(const struct plan *from, const struct plan *to, int64_t secondaries)
{
    if (str_equal(from->code, to->code)) return REASON_NONE;
    if (!to->offered) return REASON_PLAN_NOT_OFFERED;
    return plan_excess(to->subaccount_cap, secondaries) > 0 ? REASON_OVER_CAP : REASON_NONE;
}

const struct base_step *base_step_at(struct base_steps steps, instant_t at)
{
    size_t i = steps.count - 1;

    while (i > 0 && steps.at[i].from > at)
        i--;
    return steps.at + i;
}

static bool same_prices(const struct base_step *a, const struct base_step *b)
{
    return memcmp(a->prices, b->prices, sizeof(a->prices)) == 0;
}

static size_t append(struct base_step *out, size_t n, const struct base_step *step, instant_t from)
{
    if (n > 0 && same_prices(&out[n - 1], step)) return n;
    out[n] = *step;
    out[n].from = from;
    return n + 1;
}

/* Those that begin after `start` and before `end`. */
static size_t append_within(struct base_step *out, size_t n, struct base_steps steps,
                            instant_t start, instant_t end)
{
    for (size_t i = 0; i < steps.count; i++) {
        if (steps.at[i].from > start && steps.at[i].from < end)
            n = append(out, n, &steps.at[i], steps.at[i].from);
    }
    return n;
}

size_t base_timeline(struct base_steps current, struct base_steps next, instant_t change_at,
                     instant_t now, struct base_step *out)
{
    bool changes = change_at != INSTANT_NONE, has_changed = changes && change_at <= now;
    struct base_steps first = has_changed ? next : current;
    size_t n = append(out, 0, base_step_at(first, now), now);

    if (!changes || has_changed) return append_within(out, n, first, now, INT64_MAX);
    n = append_within(out, n, current, now, change_at);
    n = append(out, n, base_step_at(next, change_at), change_at);
    return append_within(out, n, next, change_at, INT64_MAX);
}
