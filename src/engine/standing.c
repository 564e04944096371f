#include "engine/standing.h"

#include "base/decimal.h"
#include "domain/cycles.h"
#include "store/automatic_purchases.h"
#include "store/ledger.h"
#include "store/subaccount_rows.h"

#include <stdlib.h>

/* Every account that was not removed, its columns side by side. */
struct accounts {
    size_t n;
    const struct subaccount_brief **briefs;
    id64_t *ids;
    struct period *periods;
    struct tier_prices *prices;
    struct wallet *wallets;
    struct period_usage *usage;
    struct list troubles; /* of few: struct payment_trouble, by account */
};

static void take_briefs(struct tx *tx, const struct list *briefs, const struct zone *zone,
                        struct accounts *a)
{
    const struct subaccount_brief *all = briefs->at;

    a->n = 0;
    a->briefs = ARENA_ARRAY(tx->arena, const struct subaccount_brief *, briefs->count + 1);
    a->ids = ARENA_ARRAY(tx->arena, id64_t, briefs->count + 1);
    a->periods = ARENA_ARRAY(tx->arena, struct period, briefs->count + 1);
    for (size_t i = 0; i < briefs->count; i++) {
        if (all[i].status == SUBACCOUNT_REMOVED) continue;
        a->briefs[a->n] = &all[i];
        a->ids[a->n] = all[i].id;
        a->periods[a->n++] = cycle_at(all[i].billing_anchor, zone, tx->now);
    }
}

static bool load_figures(struct tx *tx, id64_t agency, struct accounts *a)
{
    a->prices = ARENA_ARRAY(tx->arena, struct tier_prices, a->n + 1);
    a->wallets = ARENA_ARRAY(tx->arena, struct wallet, a->n + 1);
    a->usage = ARENA_ARRAY(tx->arena, struct period_usage, a->n + 1);
    return subaccounts_prices(tx, agency, a->ids, a->n, tx->now, a->prices)
        && ledger_wallets(tx, agency, a->ids, a->n, a->wallets)
        && subaccounts_period_usage(tx, agency, a->ids, a->periods, a->n, a->usage)
        && payment_troubles(tx, agency, &a->troubles);
}

static bool load(struct tx *tx, id64_t agency, const struct zone *zone, struct accounts *a)
{
    struct list briefs;

    if (!subaccount_briefs(tx, agency, false, &briefs)) return false;
    take_briefs(tx, &briefs, zone, a);
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
        .is_suspended = a->briefs[i]->status == SUBACCOUNT_SUSPENDED,
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

        if (!wallet_worth(a->wallets[i].seconds, a->prices[i].effective, &worth)
            || !int64_add(*out, worth, out))
            return false;
    }
    return true;
}

static void count_secondaries(const struct accounts *a, struct standing *out)
{
    for (size_t i = 0; i < a->n; i++) {
        if (a->briefs[i]->kind != SUBACCOUNT_SECONDARY) continue;
        if (a->briefs[i]->status == SUBACCOUNT_SUSPENDED)
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
    struct subaccount_brief *briefs = ARENA_ARRAY(tx->arena, struct subaccount_brief, n + 1);

    if (!subaccounts_load_many(tx, agency, ids, n, all)) return false;
    *a = (struct accounts){
        .n = n,
        .briefs = ARENA_ARRAY(tx->arena, const struct subaccount_brief *, n + 1),
        .ids = ARENA_ARRAY(tx->arena, id64_t, n + 1),
        .periods = ARENA_ARRAY(tx->arena, struct period, n + 1),
    };
    for (size_t i = 0; i < n; i++) {
        briefs[i] = (struct subaccount_brief){ .id = ids[i], .status = all[i].status };
        a->briefs[i] = &briefs[i];
        a->ids[i] = ids[i];
        a->periods[i] = cycle_at(all[i].billing_anchor, zone, tx->now);
    }
    return load_figures(tx, agency, a);
}

bool accounts_standing(struct tx *tx, id64_t agency, const struct zone *zone, const id64_t *ids,
                       size_t n, struct account_standing *out)
{
    struct accounts accounts;

    if (!load_some(tx, agency, zone, ids, n, &accounts)) return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct account_standing){
            .status = accounts.briefs[i]->status,
            .wallet = accounts.wallets[i],
            .prices = accounts.prices[i],
            .risks = risks_of(&accounts, i),
        };
    return true;
}
