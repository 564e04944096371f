#include "engine/usage.h"

#include "base/decimal.h"
#include "domain/money.h"
#include "store/subaccounts.h"
#include "store/usage_read.h"

/* A sum under way. Hours come in order of time, so a walk over the buckets finds theirs. */
struct summing {
    struct usage_bucket *buckets;
    size_t n, at;
    const instant_t *cut; /* hours that hold a boundary, ascending: counted call by call */
    size_t n_cut, next_cut;
    bool takes_away; /* calls that an hour counted and the range does not hold */
    bool overflowed;
};

static instant_t hour_of(instant_t at)
{
    return at - ((at % MICROS_PER_HOUR) + MICROS_PER_HOUR) % MICROS_PER_HOUR;
}

static void add(struct summing *summing, int64_t *sum, int64_t amount)
{
    if (!int64_add(*sum, amount, sum)) summing->overflowed = true;
}

static void take_hour(void *context, const struct usage_hour *hour)
{
    struct summing *s = context;

    while (s->next_cut < s->n_cut && s->cut[s->next_cut] < hour->hour_at)
        s->next_cut++;
    if (s->next_cut < s->n_cut && s->cut[s->next_cut] == hour->hour_at) return;
    while (s->at + 1 < s->n && hour->hour_at >= s->buckets[s->at].span.end)
        s->at++;

    struct usage_totals *totals = &s->buckets[s->at].totals;
    add(s, &totals->calls, hour->calls);
    for (int status = 0; status < CALL_STATUS_COUNT; status++)
        add(s, &totals->by_status[status], hour->by_status[status]);
    for (int tier = 0; tier < TIER_COUNT; tier++)
        add(s, &totals->billed_seconds, hour->billed_seconds[tier]);
    add(s, &totals->spent, hour->spent);
    add(s, &totals->cost, hour->cost);
}

/* The bucket that holds `at`. */
static struct usage_totals *totals_at(struct summing *s, instant_t at)
{
    size_t low = 0, high = s->n;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (at < s->buckets[middle].span.start)
            high = middle;
        else
            low = middle;
    }
    return &s->buckets[low].totals;
}

static void take_call(void *context, const struct usage_call *call)
{
    struct summing *s = context;
    struct usage_totals *totals = totals_at(s, call->started_at);
    micros_t spent, cost;

    if (!money_value(call->billed_seconds, call->price, &spent)
        || !money_value(call->billed_seconds, call->base_price, &cost)) {
        s->overflowed = true;
        return;
    }
    int64_t sign = s->takes_away ? -1 : 1;

    add(s, &totals->calls, sign);
    add(s, &totals->by_status[call->status], sign);
    add(s, &totals->billed_seconds, sign * call->billed_seconds);
    add(s, &totals->spent, sign * spent);
    add(s, &totals->cost, sign * cost);
}

static void take_purchase(void *context, const struct usage_purchase *purchase)
{
    struct summing *s = context;
    struct usage_totals *totals = totals_at(s, purchase->succeeded_at);

    add(s, &totals->purchased, purchase->paid);
    add(s, &totals->profit, purchase->profit);
}

static void add_cut(instant_t *cut, size_t *n, instant_t boundary)
{
    instant_t hour = hour_of(boundary);

    if (hour != boundary && (*n == 0 || cut[*n - 1] != hour)) cut[(*n)++] = hour;
}

static void find_cut_hours(struct summing *s, struct arena *arena)
{
    instant_t *cut = ARENA_ARRAY(arena, instant_t, s->n + 1);

    for (size_t i = 0; i < s->n; i++)
        add_cut(cut, &s->n_cut, s->buckets[i].span.start);
    add_cut(cut, &s->n_cut, s->buckets[s->n - 1].span.end);
    s->cut = cut;
}

/* The hour that is under way, where only its end lies beyond the range: it is counted whole, and what began after the range
   taken away again. Few calls begin later than now, and those of an hour so far may be very many. */
static bool leaves_hour_whole(const struct tx *tx, struct summing *s)
{
    const struct usage_bucket *last = &s->buckets[s->n - 1];

    if (s->n_cut == 0 || last->span.end < tx->now) return false;
    if (s->cut[s->n_cut - 1] != hour_of(last->span.end)
        || last->span.start > hour_of(last->span.end))
        return false;
    s->n_cut--;
    return true;
}

static bool take_rest_away(struct tx *tx, id64_t agency, id64_t subaccount, struct summing *s)
{
    instant_t end = s->buckets[s->n - 1].span.end;

    s->takes_away = true;
    bool ok =
        usage_calls_each(tx, agency, subaccount, end, hour_of(end) + MICROS_PER_HOUR, take_call, s);
    s->takes_away = false;
    return ok;
}

static bool sum_calls(struct tx *tx, id64_t agency, id64_t subaccount, struct summing *s)
{
    const struct period range = { s->buckets[0].span.start, s->buckets[s->n - 1].span.end };

    find_cut_hours(s, tx->arena);
    if (leaves_hour_whole(tx, s) && !take_rest_away(tx, agency, subaccount, s)) return false;
    if (!usage_hours_each(tx, agency, subaccount, hour_of(range.start), range.end, take_hour, s))
        return false;
    for (size_t i = 0; i < s->n_cut; i++) {
        instant_t from = s->cut[i] < range.start ? range.start : s->cut[i];
        instant_t next = s->cut[i] + MICROS_PER_HOUR;

        if (!usage_calls_each(tx, agency, subaccount, from, next < range.end ? next : range.end,
                              take_call, s))
            return false;
    }
    return true;
}

static bool finish(struct tx *tx, const struct summing *s)
{
    return !s->overflowed || fail_as(tx->problem, REASON_OVERFLOW, NULL);
}

static struct summing begin(struct usage_bucket *buckets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buckets[i].totals = (struct usage_totals){ 0 };
    return (struct summing){ .buckets = buckets, .n = n };
}

bool usage_sum(struct tx *tx, id64_t agency, id64_t subaccount, struct usage_bucket *buckets,
               size_t n)
{
    struct summing s = begin(buckets, n);

    if (n == 0) return true;
    return sum_calls(tx, agency, subaccount, &s)
        && usage_purchases_each(tx, agency, subaccount, buckets[0].span.start,
                                buckets[n - 1].span.end, take_purchase, &s)
        && finish(tx, &s);
}

struct usage_bucket *usage_days(struct arena *arena, const struct zone *zone, struct period range,
                                size_t *n)
{
    struct date day = zone_date(zone, range.start);
    int64_t days = date_to_days(zone_date(zone, range.end)) - date_to_days(day) + 1;
    struct usage_bucket *buckets = ARENA_ARRAY(arena, struct usage_bucket, days);

    for (*n = 0; *n < (size_t)days; (*n)++) {
        instant_t start = *n == 0 ? range.start : buckets[*n - 1].span.end;

        if (start >= range.end) break;
        day = date_add_days(day, 1);
        instant_t end = zone_midnight(zone, day);
        buckets[*n].span = (struct period){ start, end < range.end ? end : range.end };
    }
    return buckets;
}

bool usage_total(const struct usage_bucket *buckets, size_t n, struct usage_totals *out)
{
    struct summing s = { 0 };

    *out = (struct usage_totals){ 0 };
    for (size_t i = 0; i < n; i++) {
        const struct usage_totals *totals = &buckets[i].totals;

        add(&s, &out->calls, totals->calls);
        for (int status = 0; status < CALL_STATUS_COUNT; status++)
            add(&s, &out->by_status[status], totals->by_status[status]);
        add(&s, &out->billed_seconds, totals->billed_seconds);
        add(&s, &out->spent, totals->spent);
        add(&s, &out->cost, totals->cost);
        add(&s, &out->purchased, totals->purchased);
        add(&s, &out->profit, totals->profit);
    }
    return !s.overflowed;
}

/* The billing periods from the one that holds `first` to the one that holds `last`. */
static struct usage_bucket *periods_between(struct arena *arena, struct date anchor,
                                            const struct zone *zone, struct period used, size_t *n)
{
    enum { DAYS_LEAST = 28 };
    size_t most = (size_t)((used.end - used.start) / (DAYS_LEAST * MICROS_PER_DAY)) + 3;
    struct usage_bucket *buckets = ARENA_ARRAY(arena, struct usage_bucket, most);

    for (*n = 0; *n < most; (*n)++) {
        instant_t at = *n == 0 ? used.start : buckets[*n - 1].span.end;

        if (at >= used.end && *n > 0) break;
        buckets[*n].span = cycle_at(anchor, zone, at);
    }
    return buckets;
}

static bool rebuild_account(struct tx *tx, id64_t agency, const struct zone *zone,
                            const struct usage_span *span)
{
    const struct period used = { span->first_hour_at, span->last_hour_at + MICROS_PER_HOUR };
    struct subaccount account;
    size_t n, kept = 0;

    if (!subaccount_load(tx, agency, span->subaccount, &account)) return false;
    struct usage_bucket *buckets =
        periods_between(tx->arena, account.billing_anchor, zone, used, &n);
    struct usage_period *periods = ARENA_ARRAY(tx->arena, struct usage_period, n);
    struct summing s = begin(buckets, n);
    if (!sum_calls(tx, agency, span->subaccount, &s) || !finish(tx, &s)) return false;
    for (size_t i = 0; i < n; i++) {
        const struct usage_totals *totals = &buckets[i].totals;

        if (totals->calls == 0) continue;
        periods[kept++] = (struct usage_period){
            .subaccount = span->subaccount,
            .start_at = buckets[i].span.start,
            .end_at = buckets[i].span.end,
            .calls = totals->calls,
            .billed_seconds = totals->billed_seconds,
            .spent = totals->spent,
            .cost = totals->cost,
        };
    }
    return usage_periods_add(tx, agency, periods, kept);
}

bool usage_periods_rebuild(struct tx *tx, id64_t agency, const struct zone *zone)
{
    struct list spans;

    if (!usage_periods_clear(tx, agency) || !usage_spans(tx, agency, &spans)) return false;
    const struct usage_span *at = spans.at;
    for (size_t i = 0; i < spans.count; i++) {
        struct arena_mark mark = arena_mark(tx->arena);

        if (!rebuild_account(tx, agency, zone, &at[i])) return false;
        arena_rewind(tx->arena, mark);
    }
    return true;
}
