#include "cli/demo/agenda.h"

#include <assert.h>
#include <stdlib.h>

enum {
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    OPENS_AT_HOUR = 9,
    CLOSES_AT_HOUR = 18,
    REPORT_SECONDS = 15 * MINUTE, /* how often the voice engine sends what has ended */
    BUYS_WITH_DAYS_LEFT = 6,
    HAND_TO_MOUTH_DAYS_LEFT = 4, /* of accounts that are about to run out */
    URGENT_DAYS_LEFT = 2,
    LASTS_DAYS = 11, /* what is bought, at least */
    PACKS_MAX = 4,
    LAST_PURCHASE_DAYS = 12, /* before the end, of accounts that run out */
    FIRST_WEEK = 7,
};

/* Streams of chance that are not a day's calls. */
#define MONEY_STREAM   UINT64_C(0x4d4f4e45590000)
#define JOINING_STREAM UINT64_C(0x4a4f494e0000)

/* A day while its agenda is written. */
struct planning {
    const struct demo_life *life;
    const struct demo_plan *plan;
    int32_t day;
    struct date date;
    struct demo_agenda *agenda;
};

static void push(struct planning *p, const struct demo_event *event)
{
    if (event->at < p->agenda->span.start || event->at >= p->agenda->span.end) return;
    assert(p->agenda->n < DEMO_EVENTS_MAX);
    p->agenda->events[p->agenda->n++] = *event;
}

static instant_t at_hour(const struct planning *p, int hour)
{
    return zone_instant(p->plan->zone, p->date, (struct clock_time){ hour, 0, 0 });
}

static instant_t later(struct rng *rng, instant_t at, seconds_t least, seconds_t most)
{
    return at + rng_between(rng, least * MICROS_PER_SECOND, most * MICROS_PER_SECOND);
}

/* The same moment, or in the morning of the next day on which somebody is at the desk. */
static instant_t office_time(const struct planning *p, struct rng *rng, instant_t at)
{
    const struct zone *zone = p->plan->zone;
    struct date date = zone_date(zone, at);
    int hour = zone_time(zone, at).hour;

    if (!demo_is_weekend(date) && hour >= OPENS_AT_HOUR && hour < CLOSES_AT_HOUR) return at;
    if (hour >= OPENS_AT_HOUR || demo_is_weekend(date)) date = date_add_days(date, 1);
    while (demo_is_weekend(date))
        date = date_add_days(date, 1);
    return later(rng, zone_instant(zone, date, (struct clock_time){ OPENS_AT_HOUR, 0, 0 }),
                 4L * MINUTE, 100L * MINUTE);
}

static bool runs_out(const struct demo_client *client)
{
    return client->trouble == TROUBLE_OVERDRAWN || client->trouble == TROUBLE_NEARLY_OUT;
}

/* Whoever takes long to pay buys early. */
static int64_t buys_with_days_left(const struct demo_client *client)
{
    return BUYS_WITH_DAYS_LEFT + client->pays_after_hours / HOURS_A_DAY;
}

static bool uses(const struct demo_client *client, enum tier tier)
{
    return client->packs[tier].minutes > 0 || client->packs[tier].dollars > 0;
}

/* The last day on which an account that runs out buys. */
static int32_t last_purchase_day(const struct demo_plan *plan, int account)
{
    int32_t joined = demo_joining_day(plan, account);
    int32_t uses_from = joined < plan->first_call_day ? plan->first_call_day : joined;
    int32_t day = plan->last_day - demo_trouble_days(plan, LAST_PURCHASE_DAYS);

    while (day > joined && demo_is_weekend(demo_date(plan, day)))
        day--;
    /* What is bought when joining lasts longer than a short story: then it is the last, too. */
    return day - uses_from > LAST_PURCHASE_DAYS ? day : joined;
}

/* What a minute costs the client today, near enough to say how much an amount buys. */
static micros_t price_about(const struct demo_client *client, enum tier tier)
{
    return client->prices[tier] != MICROS_NONE ? client->prices[tier]
                                               : demo_agency.default_prices[tier];
}

/* So much that by the end of the story a little is left, or missing. In whole dollars, as people pay. */
static micros_t exact_amount(const struct planning *p, struct rng *rng, int account, enum tier tier)
{
    const struct demo_client *client = demo_account(account);
    seconds_t left = client->trouble == TROUBLE_OVERDRAWN
        ? -rng_between(rng, 9L * MINUTE, 16L * MINUTE)
        : rng_between(rng, 9L * MINUTE, 19L * MINUTE);
    seconds_t ahead = demo_talk_ahead(p->plan, account, tier, p->day, p->plan->last_day);
    seconds_t missing = ahead + left - p->life->accounts[account].wallet[tier];
    micros_t dollars = missing * price_about(client, tier) / MINUTE / MICROS_PER_USD;

    return (dollars > 1 ? dollars : 1) * MICROS_PER_USD;
}

/* As many packs as last a while. */
static void fill_packs(const struct demo_client *client, enum tier tier, seconds_t used_a_day,
                       struct demo_event *event)
{
    const struct demo_pack *pack = &client->packs[tier];
    micros_t dollars = pack->dollars * MICROS_PER_USD;
    seconds_t one = pack->minutes > 0 ? (seconds_t)pack->minutes * MINUTE
                                      : dollars * MINUTE / price_about(client, tier);
    int64_t packs = runs_out(client) ? 1 : (used_a_day * LASTS_DAYS + one - 1) / one;

    if (packs < 1) packs = 1;
    if (packs > PACKS_MAX) packs = PACKS_MAX;
    event->seconds = (seconds_t)pack->minutes * MINUTE * packs;
    event->amount = dollars * packs;
}

static void push_purchase(struct planning *p, struct demo_event event)
{
    event.kind = EVENT_BUYS;
    push(p, &event);
    if (event.pays_at == INSTANT_NONE) return;
    event.kind = EVENT_PAYS;
    event.at = event.pays_at;
    push(p, &event);
}

/* Before its first call a client has paid for minutes. */
static void plan_first_purchase(struct planning *p, struct rng *rng, int account, enum tier tier,
                                instant_t joined_at)
{
    const struct demo_client *client = demo_account(account);
    int32_t first = p->day < p->plan->first_call_day ? p->plan->first_call_day : p->day + 1;
    seconds_t first_week = demo_talk_ahead(p->plan, account, tier, first, first + FIRST_WEEK - 1);
    struct demo_event event = { .account = account,
                                .tier = tier,
                                .at = later(rng, joined_at, 8L * MINUTE, 20L * MINUTE) };

    event.pays_at = later(rng, event.at, 12L * MINUTE, 80L * MINUTE);
    if (runs_out(client) && last_purchase_day(p->plan, account) == p->day)
        event.amount = exact_amount(p, rng, account, tier);
    else
        fill_packs(client, tier, first_week / FIRST_WEEK, &event);
    push_purchase(p, event);
}

static void plan_joining(struct planning *p, int account)
{
    struct rng rng = demo_chance(p->plan, account, JOINING_STREAM);
    instant_t morning = at_hour(p, OPENS_AT_HOUR);
    struct demo_event event = { .kind = EVENT_JOINS, .account = account };

    /* On the first day one after another, as somebody goes through a list. */
    event.at = p->day == 0
        ? later(&rng, morning + (account + 1L) * 19 * MINUTE * MICROS_PER_SECOND, 0, 11L * MINUTE)
        : later(&rng, morning, 25L * MINUTE, 5L * HOUR);
    push(p, &event);
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (uses(demo_account(account), (enum tier)tier))
            plan_first_purchase(p, &rng, account, (enum tier)tier, event.at);
    }
}

/* Whom it takes long to pay, it takes about as long every time. */
static instant_t paying_time(const struct planning *p, struct rng *rng,
                             const struct demo_client *client, instant_t bought_at)
{
    seconds_t about = (seconds_t)client->pays_after_hours * HOUR;

    if (about == 0) return later(rng, bought_at, 3L * MINUTE, 14L * MINUTE);
    return office_time(p, rng, later(rng, bought_at, about * 3 / 4, about * 5 / 4));
}

static void plan_pack(struct planning *p, struct rng *rng, int account, enum tier tier)
{
    const struct demo_client *client = demo_account(account);
    const struct demo_standing *standing = &p->life->accounts[account];
    struct demo_event event = { .account = account, .tier = tier };

    if (standing->wallet[tier] < standing->used_a_day[tier] * URGENT_DAYS_LEFT) {
        event.at = later(rng, at_hour(p, OPENS_AT_HOUR), 2L * MINUTE, 40L * MINUTE);
        event.pays_at = later(rng, event.at, 10L * MINUTE, 55L * MINUTE);
    } else if (!demo_is_weekend(p->date)) {
        event.at = later(rng, at_hour(p, OPENS_AT_HOUR), 20L * MINUTE, 7L * HOUR);
        event.pays_at = paying_time(p, rng, client, event.at);
    } else {
        return;
    }
    fill_packs(client, tier, standing->used_a_day[tier], &event);
    push_purchase(p, event);
}

/* An account that runs out: small packs at first, then one that is not enough, and at last one that nobody pays. */
static void plan_running_out(struct planning *p, struct rng *rng, int account, enum tier tier)
{
    const struct demo_client *client = demo_account(account);
    const struct demo_standing *standing = &p->life->accounts[account];
    int32_t last = last_purchase_day(p->plan, account);
    struct demo_event event = {
        .account = account,
        .tier = tier,
        .at = later(rng, at_hour(p, OPENS_AT_HOUR), 30L * MINUTE, 3L * HOUR),
    };

    if (p->day < last
        && standing->wallet[tier] < standing->used_a_day[tier] * HAND_TO_MOUTH_DAYS_LEFT) {
        fill_packs(client, tier, standing->used_a_day[tier], &event);
        event.pays_at = later(rng, event.at, 10L * MINUTE, 55L * MINUTE);
        push_purchase(p, event);
    } else if (p->day == last) {
        event.amount = exact_amount(p, rng, account, tier);
        event.pays_at = later(rng, event.at, 10L * MINUTE, 55L * MINUTE);
        push_purchase(p, event);
    } else if (p->day == p->plan->last_day - 1 && client->trouble == TROUBLE_OVERDRAWN) {
        fill_packs(client, tier, standing->used_a_day[tier], &event);
        event.pays_at = INSTANT_NONE;
        push_purchase(p, event);
    }
}

static void plan_tier(struct planning *p, int account, enum tier tier)
{
    struct rng rng = demo_chance(p->plan, account, MONEY_STREAM + (uint64_t)p->day * 2 + tier);
    const struct demo_client *client = demo_account(account);
    const struct demo_standing *standing = &p->life->accounts[account];

    if (standing->unpaid[tier].id != ID_NONE) {
        struct demo_event event = {
            .kind = EVENT_PAYS, .at = standing->pays_at[tier], .account = account, .tier = tier
        };
        push(p, &event);
    } else if (uses(client, tier) && runs_out(client)) {
        plan_running_out(p, &rng, account, tier);
    } else if (uses(client, tier)
               && standing->wallet[tier]
                   < standing->used_a_day[tier] * buys_with_days_left(client)) {
        plan_pack(p, &rng, account, tier);
    }
}

static void plan_change(struct planning *p, const struct demo_change *change)
{
    int account = change->client + 1;
    struct rng rng = demo_chance(p->plan, account, MONEY_STREAM + (uint64_t)change->at_permille);
    struct demo_event event = {
        .kind = EVENT_CHANGES,
        .account = account,
        .change = change,
        .at = later(&rng, at_hour(p, OPENS_AT_HOUR), 30L * MINUTE, 8L * HOUR),
    };

    if (p->plan->last_day * change->at_permille / 1000 == p->day && account < p->plan->accounts
        && p->life->accounts[account].account.id != ID_NONE)
        push(p, &event);
}

static int compare_ends(const void *a, const void *b)
{
    const struct demo_call *x = a, *y = b;

    if (x->record.ended_at != y->record.ended_at)
        return x->record.ended_at < y->record.ended_at ? -1 : 1;
    return x->account != y->account ? x->account - y->account
                                    : str_compare(x->record.id, y->record.id);
}

/* What has ended is sent at the next quarter of an hour, and at the very end of the story. */
static void plan_reports(struct planning *p)
{
    const instant_t step = REPORT_SECONDS * MICROS_PER_SECOND;
    struct demo_calls *calls = &p->agenda->calls;

    for (int account = 0; account < p->plan->accounts; account++)
        demo_calls_add(p->plan, account, p->day, calls);
    if (calls->n > 0) qsort(calls->at, calls->n, sizeof(*calls->at), compare_ends);
    for (size_t i = 0; i < calls->n;) {
        instant_t at = (calls->at[i].record.ended_at / step + 1) * step;
        if (at >= p->agenda->span.end) at = p->agenda->span.end - 1;
        struct demo_event event = { .kind = EVENT_REPORTS, .at = at, .first_call = i };
        while (i < calls->n && calls->at[i].record.ended_at <= at)
            i++;
        event.n_calls = i - event.first_call;
        push(p, &event);
    }
}

static int compare_events(const void *a, const void *b)
{
    const struct demo_event *x = a, *y = b;

    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    return x->account != y->account ? x->account - y->account : (int)x->tier - (int)y->tier;
}

void demo_agenda_make(const struct demo_life *life, int32_t day, struct arena *arena,
                      struct demo_agenda *out)
{
    struct planning p = { life, life->plan, day, demo_date(life->plan, day), out };

    out->span = demo_day(life->plan, day);
    out->n = 0;
    out->calls = (struct demo_calls){ .arena = arena };
    for (int account = 0; account < p.plan->accounts; account++) {
        bool is_client = account != DEMO_OWN_ACCOUNT;
        if (is_client && demo_joining_day(p.plan, account) == day) plan_joining(&p, account);
        if (life->accounts[account].account.id == ID_NONE) continue;
        for (int tier = 0; tier < TIER_COUNT; tier++)
            plan_tier(&p, account, (enum tier)tier);
    }
    for (size_t i = 0; i < demo_changes_count; i++)
        plan_change(&p, &demo_changes[i]);
    plan_reports(&p);
    qsort(out->events, out->n, sizeof(out->events[0]), compare_events);
}
