#include "engine/standing.h"

#include "base/decimal.h"
#include "domain/cycles.h"
#include "engine/rosters.h"
#include "store/agencies.h"
#include "store/automatic_purchases.h"
#include "store/ledger.h"
#include "store/subaccount_rows.h"

#include <stdlib.h>

/* Accounts, their columns side by side. */
struct accounts {
    size_t n;
    id64_t *ids;
    int *kinds, *statuses;
    struct period *periods;
    micros_t (*prices)[TIER_COUNT]; /* what their clients pay */
    struct wallet *wallets;
    struct period_usage *usage;
    struct list troubles; /* of few: struct payment_trouble, by account */
};

static void make_room(struct arena *arena, size_t n, struct accounts *a)
{
    *a = (struct accounts){
        .ids = ARENA_ARRAY(arena, id64_t, n + 1),
        .kinds = ARENA_ARRAY(arena, int, n + 1),
        .statuses = ARENA_ARRAY(arena, int, n + 1),
        .periods = ARENA_ARRAY(arena, struct period, n + 1),
        .prices = arena_alloc(arena, sizeof(*a->prices) * (n + 1)),
        .wallets = ARENA_ARRAY(arena, struct wallet, n + 1),
        .usage = ARENA_ARRAY(arena, struct period_usage, n + 1),
    };
}

/* Every account that was not removed. */
static void take_roster(const struct tx *tx, const struct zone *zone, const struct roster *roster,
                        const micros_t base[TIER_COUNT], struct accounts *a)
{
    struct cycles cycles = cycles_at(zone, tx->now);

    for (size_t i = 0; i < roster->count; i++) {
        const struct subaccount_brief *brief = &roster->at[i].brief;

        if (brief->status == SUBACCOUNT_REMOVED) continue;
        a->ids[a->n] = brief->id;
        a->kinds[a->n] = brief->kind;
        a->statuses[a->n] = brief->status;
        a->periods[a->n] = cycles_find(&cycles, brief->billing_anchor);
        roster_prices_at(&roster->at[i], base, tx->now, a->prices[a->n]);
        a->n++;
    }
}

static bool load_figures(struct tx *tx, id64_t agency, struct accounts *a)
{
    return ledger_wallets(tx, agency, a->ids, a->n, a->wallets)
        && subaccounts_period_usage(tx, agency, a->ids, a->periods, a->n, a->usage)
        && payment_troubles(tx, agency, &a->troubles);
}

static bool load(struct tx *tx, id64_t agency, const struct zone *zone, struct accounts *a)
{
    const struct roster *roster;
    micros_t base[TIER_COUNT];

    if (!base_prices_find(tx, agency, tx->now, base) || !roster_hold(tx, agency, &roster))
        return false;
    make_room(tx->arena, roster->count, a);
    take_roster(tx, zone, roster, base, a);
    roster_release(tx, roster);
    return load_figures(tx, agency, a);
}

static int compare_trouble(const void *id, const void *trouble)
{
    id64_t x = *(const id64_t *)id, y = ((const struct payment_trouble *)trouble)->subaccount;

    return (x > y) - (x < y);
}

static struct payment_trouble trouble_of(const struct accounts *a, size_t i)
{
    const struct payment_trouble *found = a->troubles.count == 0
        ? NULL
        : bsearch(&a->ids[i], a->troubles.at, a->troubles.count, sizeof(struct payment_trouble),
                  compare_trouble);

    return found != NULL ? *found : (struct payment_trouble){ .subaccount = a->ids[i] };
}

static struct risk_facts facts_of(const struct accounts *a, size_t i)
{
    const struct payment_trouble trouble = trouble_of(a, i);

    return (struct risk_facts){
        .allocation_is_past_due = trouble.is_past_due,
        .payment_fails = trouble.fails,
        .is_suspended = a->statuses[i] == SUBACCOUNT_SUSPENDED,
        .wallet = { a->wallets[i].seconds[TIER_BASIC], a->wallets[i].seconds[TIER_PREMIUM] },
        .used = a->usage[i].billed_seconds,
    };
}

static seconds_t fewest_minutes(const struct account_risk *risk)
{
    seconds_t basic = risk->facts.wallet[TIER_BASIC], premium = risk->facts.wallet[TIER_PREMIUM];

    return basic < premium ? basic : premium;
}

static int compare_risks(const void *a, const void *b)
{
    const struct account_risk *x = a, *y = b;
    seconds_t few = fewest_minutes(x), fewer = fewest_minutes(y);

    if (x->risk != y->risk) return x->risk < y->risk ? -1 : 1;
    if (few != fewer) return few < fewer ? -1 : 1;
    return (x->subaccount > y->subaccount) - (x->subaccount < y->subaccount);
}

static void find_risks(struct tx *tx, const struct accounts *a, size_t risks_max,
                       struct standing *out)
{
    out->risks = ARENA_ARRAY(tx->arena, struct account_risk, a->n * RISK_COUNT + 1);
    for (size_t i = 0; i < a->n; i++) {
        struct risk_facts facts = facts_of(a, i);

        for (int risk = 0; risk < RISK_COUNT; risk++) {
            if (!risk_stands((enum risk)risk, &facts)) continue;
            out->risks[out->n_risks++] = (struct account_risk){
                .subaccount = a->ids[i],
                .risk = (enum risk)risk,
                .facts = facts,
            };
        }
    }
    qsort(out->risks, out->n_risks, sizeof(*out->risks), compare_risks);
    if (out->n_risks > risks_max) out->n_risks = risks_max;
}

static bool name_risks(struct tx *tx, id64_t agency, struct standing *out)
{
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, out->n_risks + 1);
    struct subaccount *accounts = ARENA_ARRAY(tx->arena, struct subaccount, out->n_risks + 1);

    for (size_t i = 0; i < out->n_risks; i++)
        ids[i] = out->risks[i].subaccount;
    if (!subaccounts_load_many(tx, agency, ids, out->n_risks, accounts)) return false;
    for (size_t i = 0; i < out->n_risks; i++)
        out->risks[i].name = accounts[i].name;
    return true;
}

static bool sum_worth(const struct accounts *a, micros_t *out)
{
    *out = 0;
    for (size_t i = 0; i < a->n; i++) {
        micros_t worth;

        if (!wallet_worth(a->wallets[i].seconds, a->prices[i], &worth)
            || !int64_add(*out, worth, out))
            return false;
    }
    return true;
}

static void count_secondaries(const struct accounts *a, struct standing *out)
{
    for (size_t i = 0; i < a->n; i++) {
        if (a->kinds[i] != SUBACCOUNT_SECONDARY) continue;
        if (a->statuses[i] == SUBACCOUNT_SUSPENDED)
            out->suspended++;
        else
            out->active++;
    }
}

bool agency_standing(struct tx *tx, id64_t agency, const struct zone *zone, size_t risks_max,
                     struct standing *out)
{
    struct accounts accounts;

    *out = (struct standing){ 0 };
    if (!load(tx, agency, zone, &accounts)) return false;
    count_secondaries(&accounts, out);
    find_risks(tx, &accounts, risks_max, out);
    if (!sum_worth(&accounts, &out->worth))
        return fail(tx->problem, REASON_OVERFLOW, NULL, "the worth of all wallets overflows");
    return name_risks(tx, agency, out);
}

static unsigned risks_of(const struct accounts *a, size_t i)
{
    struct risk_facts facts = facts_of(a, i);
    unsigned risks = 0;

    for (int risk = 0; risk < RISK_COUNT; risk++)
        risks |= risk_stands((enum risk)risk, &facts) ? 1u << risk : 0;
    return risks;
}

/* Removed ones too, which the agency's own standing passes over. */
static bool load_some(struct tx *tx, id64_t agency, const struct zone *zone, const id64_t *ids,
                      size_t n, struct accounts *a)
{
    struct subaccount *all = ARENA_ARRAY(tx->arena, struct subaccount, n + 1);
    struct cycles cycles = cycles_at(zone, tx->now);

    if (!subaccounts_load_many(tx, agency, ids, n, all)) return false;
    make_room(tx->arena, n, a);
    for (size_t i = 0; i < n; i++) {
        a->ids[i] = ids[i];
        a->statuses[i] = all[i].status;
        a->periods[i] = cycles_find(&cycles, all[i].billing_anchor);
    }
    a->n = n;
    return load_figures(tx, agency, a);
}

bool accounts_standing(struct tx *tx, id64_t agency, const struct zone *zone, const id64_t *ids,
                       size_t n, struct account_standing *out)
{
    struct tier_prices *prices = ARENA_ARRAY(tx->arena, struct tier_prices, n + 1);
    struct accounts accounts;

    if (!load_some(tx, agency, zone, ids, n, &accounts)
        || !subaccounts_prices(tx, agency, ids, n, tx->now, prices))
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct account_standing){
            .status = accounts.statuses[i],
            .wallet = accounts.wallets[i],
            .prices = prices[i],
            .risks = risks_of(&accounts, i),
        };
    return true;
}
