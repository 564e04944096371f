#include "world.h"

#include "base/hash.h"
#include "base/id.h"
#include "domain/devices.h"
#include "engine/accounts.h"
#include "engine/check.h"
#include "engine/setup.h"
#include "engine/writer.h"
#include "store/ids.h"
#include "store/ledger.h"
#include "store/migrations.h"
#include "store/purchases.h"
#include "store/reservations.h"
#include "store/subaccounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 18, CUT_AGAIN_WITHIN = 40 };

#define BEGINNING INT64_C(1790000000000000)

static void open_store(struct world *w)
{
    problem_clear(&w->problem);
    w->db = db_open(w->url, DB_OPEN_EXISTING, &w->problem);
    w->tx = w->db == NULL ? NULL : db_connect(w->db, DB_WRITER, &w->problem);
    if (w->tx != NULL) w->tx->cache = accounts_cache_new();
}

void world_close(struct world *w)
{
    if (w->tx != NULL) {
        accounts_cache_free(w->tx->cache);
        db_disconnect(w->tx);
    }
    if (w->db != NULL) db_close(w->db);
    w->tx = NULL;
    w->db = NULL;
}

static bool resume_ids(struct tx *tx, void *context)
{
    (void)context;
    return ids_resume(tx);
}

/* The power went, or just the program. Now and then the power goes again while the store is being recovered. */
void world_recover(struct world *w, enum ending ending)
{
    bool cuts_again = ending == ENDED_BY_LUCK && rng_between(&w->rng, 1, 4) == 1;
    bool was_killed =
        ending == ENDED_BY_KILL || (ending == ENDED_BY_LUCK && rng_between(&w->rng, 1, 3) == 1);

    do {
        world_close(w);
        if (was_killed)
            disk_go_on();
        else
            disk_power_on();
        w->kills += was_killed;
        was_killed = false;
        if (cuts_again)
            disk_fail(FAULT_POWER_CUT, rng_between(&w->rng, 0, CUT_AGAIN_WITHIN), false);
        cuts_again = false;
        open_store(w);
        REQUIRE(w->tx != NULL || disk_is_off());
        w->crashes++;
    } while (w->tx == NULL
             || (!tx_run(w->tx, w->arena, &w->problem, w->now, resume_ids, NULL) && disk_is_off()));
    REQUIRE(!problem_is_set(&w->problem));
    disk_heal();
}

static bool set_up(struct tx *tx, void *context)
{
    struct world *w = context;
    const struct setup setup = {
        .agency_name = STR("Northwind"),
        .owner_name = STR("Ada"),
        .email = STR("ada@northwind.example"),
        .password_hash = password_hash(tx->arena, STR("seven slow trains at night")),
        .timezone = STR("Europe/Berlin"),
        .plan_code = STR("agency_unlimited"),
    };
    static const struct new_subaccount clients[ACCOUNTS - 1] = {
        { .name = { "Harbor", 6 }, .email = { "h@h.example", 11 }, .prices = { 120000, 200000 } },
        { .name = { "Lakeside", 8 }, .email = { "l@l.example", 11 }, .prices = { 90001, 333333 } },
        { .name = { "Summit", 6 },
          .email = { "s@s.example", 11 },
          .prices = { MICROS_NONE, MICROS_NONE },
          .applies_base_price = true },
        { .name = { "Fennel", 6 }, .email = { "f@f.example", 11 }, .prices = { 100000, 160001 } },
        { .name = { "Quarry", 6 }, .email = { "q@q.example", 11 }, .prices = { 95000, 250000 } },
        { .name = { "Meadow", 6 }, .email = { "m@m.example", 11 }, .prices = { 90000, 160000 } },
        { .name = { "Anchor", 6 }, .email = { "a@a.example", 11 }, .prices = { 300000, 900000 } },
    };
    struct setup_result result;

    if (!agency_set_up(tx, &setup, &result)) return false;
    w->agency = result.agency;
    w->owner = result.owner;
    w->accounts[0] = result.primary;
    for (int i = 1; i < ACCOUNTS; i++) {
        struct subaccount account;
        if (!subaccount_create(tx, w->agency, &clients[i - 1], &account)) return false;
        w->accounts[i] = account.id;
    }
    return true;
}

/* What the model begins with: what the plan gave. */
static bool read_beginning(struct tx *tx, void *context)
{
    static const micros_t base[TIER_COUNT] = { [TIER_BASIC] = 90000, [TIER_PREMIUM] = 160000 };
    static const micros_t own[ACCOUNTS][TIER_COUNT] = {
        { 90000, 160000 },  { 120000, 200000 }, { 90001, 333333 }, { 90000, 160000 },
        { 100000, 160001 }, { 95000, 250000 },  { 90000, 160000 }, { 300000, 900000 },
    };
    struct world *w = context;
    struct wallet wallets[ACCOUNTS];

    memset(&w->model, 0, sizeof(w->model));
    memcpy(w->model.base, base, sizeof(base));
    memcpy(w->model.price, own, sizeof(own));
    if (!ledger_wallets(tx, w->agency, w->accounts, ACCOUNTS, wallets)) return false;
    for (int i = 0; i < ACCOUNTS; i++)
        memcpy(w->model.wallet[i], wallets[i].seconds, sizeof(wallets[i].seconds));
    return true;
}

void world_make(struct world *w)
{
    w->arena = arena_new(ARENA_BYTES);
    problem_init(&w->problem, w->arena);
    w->now = w->earliest = BEGINNING;
    w->rng = rng_seeded(1);
    w->db = db_open(w->url, DB_OPEN_CREATE, &w->problem);
    REQUIRE(w->db != NULL && store_migrate(w->db, &w->problem, NULL));
    world_close(w);
    open_store(w);
    REQUIRE(w->tx != NULL && tx_run(w->tx, w->arena, &w->problem, w->now, set_up, w));
    REQUIRE(tx_run(w->tx, w->arena, &w->problem, w->now, read_beginning, w));
    w->earliest += MICROS_PER_DAY; /* also a clock that is set back is later than all of this */
    world_compare(w, true);
    world_close(w);
    disk_snapshot();
}

void world_restart(struct world *w, uint64_t seed)
{
    world_close(w);
    disk_restore(seed);
    w->rng = rng_seeded(seed);
    w->now = w->earliest;
    w->orders = 0;
    w->n_remembered = 0;
    w->dies_of_failures = false;
    open_store(w);
    REQUIRE(w->tx != NULL && tx_run(w->tx, w->arena, &w->problem, w->now, read_beginning, w));
    REQUIRE(tx_run(w->tx, w->arena, &w->problem, w->now, resume_ids, NULL));
}

/* --- holding both against each other --- */

static void compare_wallets(struct world *w, struct tx *tx)
{
    const struct model *m = &w->model;
    struct wallet wallets[ACCOUNTS];
    int64_t used, n_calls;
    micros_t credit, profit;

    REQUIRE(ledger_wallets(tx, w->agency, w->accounts, ACCOUNTS, wallets));
    for (int i = 0; i < ACCOUNTS; i++) {
        for (int tier = 0; tier < TIER_COUNT; tier++) {
            REQUIRE(wallets[i].seconds[tier] == m->wallet[i][tier]);
            REQUIRE(wallets[i].held[tier] == m->held[i][tier]);
        }
    }
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        REQUIRE(ledger_balance(tx, w->agency, ledger_used((enum tier)tier), ID_NONE, &used));
        REQUIRE(used == m->used[tier]);
    }
    REQUIRE(ledger_credit(tx, w->agency, &credit, &profit) && credit == m->credit);
    REQUIRE(db_find_int(tx, "SELECT COUNT(*) FROM calls", NO_ARGS, 0, &n_calls)
            && n_calls == m->n_calls);
}

static void compare_accounts(struct world *w, struct tx *tx)
{
    for (int i = 0; i < ACCOUNTS; i++) {
        struct subaccount stored;

        REQUIRE(subaccount_load(tx, w->agency, w->accounts[i], &stored));
        REQUIRE(stored.status == w->model.status[i]);
        REQUIRE((stored.suspended_at != INSTANT_NONE) == (stored.status == SUBACCOUNT_SUSPENDED));
    }
}

static void compare_purchases(struct world *w, struct tx *tx)
{
    for (int i = 0; i < w->model.n_purchases; i++) {
        const struct known_purchase *known = &w->model.purchases[i];
        struct purchase stored;

        REQUIRE(purchase_find(tx, w->agency, known->id, &stored));
        REQUIRE(stored.seconds == known->seconds && stored.refunded == known->refunded);
    }
}

static void compare_holds(struct world *w, struct tx *tx)
{
    for (int i = 0; i < w->model.n_holds; i++) {
        const struct known_hold *hold = &w->model.holds[i];
        struct reservation stored;

        REQUIRE(reservation_load(tx, w->agency, hold->id, &stored));
        REQUIRE(stored.state == hold->state && stored.granted == hold->granted);
        REQUIRE(stored.expires_at == hold->expires_at);
        REQUIRE((stored.call_id != ID_NONE) == hold->is_named);
    }
}

static void tell_fault(void *context, const struct check_finding *finding)
{
    int *broken = context;

    if (check_is_kept(finding)) return;
    ++*broken;
    fprintf(stderr, "check: %s: %.*s\n", finding->invariant->name,
            STR_ARG(finding->n_shown > 0 ? finding->shown[0] : finding->unreadable));
}

void world_compare(struct world *w, bool whole)
{
    int broken = 0;

    REQUIRE(tx_begin(w->tx, w->arena, &w->problem, w->now));
    compare_wallets(w, w->tx);
    compare_accounts(w, w->tx);
    if (whole) {
        compare_holds(w, w->tx);
        compare_purchases(w, w->tx);
    }
    tx_rollback(w->tx);
    accounts_cache_rolled_back(w->tx->cache);
    if (!whole) return;
    REQUIRE(check_store(w->db, &w->problem, tell_fault, &broken));
    REQUIRE(broken == 0);
    w->checks++;
}
