#include "engine/rosters.h"

#include "store/agencies.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    ROSTERS_MAX = 256,
    ROSTERS_BYTES_MAX = 32 << 20, /* of all that are kept: some 130,000 accounts */
    ROSTER_ARENA_BYTES = 64 * 1024,
};

/* Requests began at different times when they come here, and clocks differ a little. */
#define PRICES_BEFORE (60 * MICROS_PER_SECOND)

struct kept_roster {
    struct roster roster; /* first: holders have a pointer to it */
    id64_t agency;
    struct agency_stamp stamp;
    instant_t priced_from;
    struct arena *arena;
    size_t holders; /* under the lock, as is what follows; being kept counts as one */
    uint64_t used;  /* when it was asked for last, by rosters.uses */
};

struct rosters {
    pthread_mutex_t lock; /* of what follows */
    struct kept_roster *at[ROSTERS_MAX];
    size_t count, bytes;
    uint64_t uses;
};

struct rosters *rosters_new(void)
{
    struct rosters *rosters = calloc(1, sizeof(*rosters));

    assert(rosters != NULL);
    pthread_mutex_init(&rosters->lock, NULL);
    return rosters;
}

/* The rest is under the lock where there is one. */
static void let_go(struct kept_roster *kept)
{
    if (--kept->holders > 0) return;
    arena_free(kept->arena);
    free(kept);
}

static void forget(struct rosters *rosters, size_t position)
{
    struct kept_roster *kept = rosters->at[position];

    rosters->bytes -= arena_used(kept->arena);
    rosters->at[position] = rosters->at[--rosters->count];
    let_go(kept);
}

static struct kept_roster *hold_kept(struct rosters *rosters, id64_t agency)
{
    for (size_t i = 0; i < rosters->count; i++) {
        struct kept_roster *kept = rosters->at[i];

        if (kept->agency != agency) continue;
        kept->holders++;
        kept->used = ++rosters->uses;
        return kept;
    }
    return NULL;
}

static void forget_least_used(struct rosters *rosters)
{
    size_t least = 0;

    for (size_t i = 1; i < rosters->count; i++) {
        if (rosters->at[i]->used < rosters->at[least]->used) least = i;
    }
    forget(rosters, least);
}

/* In place of the one before, also by one who read an earlier version: whoever comes next sees what changed since. */
static void keep(struct rosters *rosters, struct kept_roster *kept)
{
    size_t bytes = arena_used(kept->arena);

    if (bytes > ROSTERS_BYTES_MAX) return;
    for (size_t i = 0; i < rosters->count; i++) {
        if (rosters->at[i]->agency == kept->agency) {
            forget(rosters, i);
            break;
        }
    }
    while (rosters->count == ROSTERS_MAX || rosters->bytes + bytes > ROSTERS_BYTES_MAX)
        forget_least_used(rosters);
    kept->holders++;
    kept->used = ++rosters->uses;
    rosters->bytes += bytes;
    rosters->at[rosters->count++] = kept;
}

void rosters_free(struct rosters *rosters)
{
    while (rosters->count > 0)
        forget(rosters, rosters->count - 1);
    pthread_mutex_destroy(&rosters->lock);
    free(rosters);
}

/* --- making one, of another and what changed since --- */

struct making {
    struct kept_roster *out;
    struct roster_account *accounts; /* out->roster.at, to be written */
    size_t priced;                   /* where prices go next: they come by account */
};

static struct roster_account *add(struct making *making, const struct subaccount_brief *brief)
{
    struct arena *arena = making->out->arena;
    struct roster_account *account = &making->accounts[making->out->roster.count++];

    account->brief = *brief;
    account->brief.name_key = str_copy(arena, brief->name_key);
    account->brief.email_key = str_copy(arena, brief->email_key);
    account->brief.reference_key = str_copy(arena, brief->reference_key);
    return account;
}

/* Points come in order of time: one that is in force from the beginning on makes those before it useless. */
static void add_point(struct making *making, struct roster_prices *prices, struct price_point point)
{
    if (prices->count > 0 && point.from <= making->out->priced_from) {
        prices->at[0] = point;
        prices->count = 1;
        return;
    }
    struct price_point *grown =
        ARENA_ARRAY(making->out->arena, struct price_point, prices->count + 1);

    for (size_t i = 0; i < prices->count; i++)
        grown[i] = prices->at[i];
    grown[prices->count++] = point;
    prices->at = grown;
}

static void add_unchanged(struct making *making, const struct roster_account *before)
{
    struct roster_account *account = add(making, &before->brief);

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        for (size_t i = 0; i < before->set[tier].count; i++)
            add_point(making, &account->set[tier], before->set[tier].at[i]);
    }
}

static void add_accounts(struct making *making, const struct roster *before,
                         const struct list *changed)
{
    const struct subaccount_brief *briefs = changed->at;
    size_t i = 0, j = 0;

    making->accounts =
        ARENA_ARRAY(making->out->arena, struct roster_account, before->count + changed->count);
    making->out->roster.at = making->accounts;
    while (i < before->count || j < changed->count) {
        if (j == changed->count || (i < before->count && before->at[i].brief.id < briefs[j].id)) {
            add_unchanged(making, &before->at[i++]);
            continue;
        }
        if (i < before->count && before->at[i].brief.id == briefs[j].id) i++;
        add(making, &briefs[j++]);
    }
}

static void take_price(void *context, id64_t owner, enum tier tier, struct price_point point)
{
    struct making *making = context;
    size_t count = making->out->roster.count;

    while (making->priced < count && making->accounts[making->priced].brief.id < owner)
        making->priced++;
    if (making->priced < count && making->accounts[making->priced].brief.id == owner)
        add_point(making, &making->accounts[making->priced].set[tier], point);
}

static bool fill(struct tx *tx, struct kept_roster *out, const struct kept_roster *before)
{
    static const struct roster none = { 0 };
    int64_t since = before == NULL ? SUBACCOUNTS_ALL : before->stamp.version;
    struct making making = { .out = out };
    struct list changed;

    if (!subaccount_briefs(tx, out->agency, since, &changed)) return false;
    add_accounts(&making, before == NULL ? &none : &before->roster, &changed);
    return subaccount_price_points(tx, out->agency, since, take_price, &making);
}

static struct kept_roster *make(struct tx *tx, id64_t agency, const struct agency_stamp *stamp,
                                const struct kept_roster *before)
{
    struct kept_roster *out = calloc(1, sizeof(*out));
    instant_t from = tx->now - PRICES_BEFORE;

    assert(out != NULL);
    out->agency = agency;
    out->stamp = *stamp;
    out->priced_from = before != NULL && before->priced_from > from ? before->priced_from : from;
    out->arena = arena_new(ROSTER_ARENA_BYTES);
    out->holders = 1;
    if (fill(tx, out, before)) return out;
    let_go(out);
    return NULL;
}

static void lock(struct rosters *rosters)
{
    if (rosters != NULL) pthread_mutex_lock(&rosters->lock);
}

static void unlock(struct rosters *rosters)
{
    if (rosters != NULL) pthread_mutex_unlock(&rosters->lock);
}

static struct kept_roster *find_kept(struct rosters *rosters, id64_t agency)
{
    if (rosters == NULL) return NULL;
    lock(rosters);
    struct kept_roster *kept = hold_kept(rosters, agency);
    unlock(rosters);
    return kept;
}

static bool is_it(const struct kept_roster *kept, const struct agency_stamp *stamp)
{
    return kept->stamp.version == stamp->version && kept->stamp.changed_at == stamp->changed_at;
}

/* Of this version, from the one that is kept where this transaction sees a later state of the same. */
static struct kept_roster *renew(struct tx *tx, id64_t agency, const struct agency_stamp *stamp,
                                 struct kept_roster *kept)
{
    struct rosters *rosters = tx->rosters;
    bool is_later =
        kept != NULL && kept->stamp.version < stamp->version && kept->priced_from <= tx->now;
    struct kept_roster *made = make(tx, agency, stamp, is_later ? kept : NULL);

    lock(rosters);
    if (kept != NULL) let_go(kept);
    if (made != NULL && rosters != NULL) keep(rosters, made);
    unlock(rosters);
    return made;
}

bool roster_hold(struct tx *tx, id64_t agency, const struct roster **out)
{
    struct agency_stamp stamp;
    struct kept_roster *kept;

    if (!agency_stamp_find(tx, agency, &stamp)) return false;
    kept = find_kept(tx->rosters, agency);
    if (kept == NULL || !is_it(kept, &stamp) || kept->priced_from > tx->now)
        kept = renew(tx, agency, &stamp, kept);
    *out = kept == NULL ? NULL : &kept->roster;
    return kept != NULL;
}

void roster_release(struct tx *tx, const struct roster *roster)
{
    struct rosters *rosters = tx->rosters;

    lock(rosters);
    let_go((struct kept_roster *)(void *)roster);
    unlock(rosters);
}

static int compare_id(const void *id, const void *account)
{
    id64_t x = *(const id64_t *)id, y = ((const struct roster_account *)account)->brief.id;

    return (x > y) - (x < y);
}

const struct roster_account *roster_find(const struct roster *roster, id64_t id)
{
    return bsearch(&id, roster->at, roster->count, sizeof(*roster->at), compare_id);
}

void roster_prices_at(const struct roster_account *account, const micros_t base[TIER_COUNT],
                      instant_t at, micros_t out[TIER_COUNT])
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        const struct price_history set = { account->set[tier].at, account->set[tier].count };

        out[tier] = price_effective(base[tier], price_in_force(set, at));
    }
}
