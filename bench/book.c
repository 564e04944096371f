/* How fast minutes are moved and sold: through the server's own writer (engine/writer.h), as the API does, without HTTP.

   book STORE SECONDS

   STORE is an empty store, which is filled. Prints a line of JSON: durable commits one after the other, which is the
   floor; moves, and purchases ordered and marked paid, 64 of them under way at once in one agency. All a second. */
#include "base/hash.h"
#include "base/id.h"
#include "base/time.h"
#include "engine/moves.h"
#include "engine/purchases.h"
#include "engine/setup.h"
#include "engine/writer.h"
#include "store/agencies.h"
#include "store/migrations.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ACCOUNTS = 50,
    UNDER_WAY = 64,
    ARENA_BYTES = 256 * 1024,
    STOCK_SECONDS = 100000000, /* so that no wallet runs dry */
    SOLD_SECONDS = 600,
    MOVED_SECONDS = 60,
};

struct world {
    struct db *db;
    struct tx *tx;
    struct arena *arena;
    struct problem problem;
    id64_t agency, owner, accounts[ACCOUNTS];
};

/* One that is always doing the same kind of thing, each time for the next two accounts. */
struct hand {
    struct job job; /* first: the writer knows nothing else */
    struct race *race;
    struct arena *arena;
    struct problem problem;
    size_t turn;
};

struct race {
    struct world *world;
    struct writer *writer;
    int64_t end_us;
    atomic_uint_fast64_t done;
    pthread_mutex_t lock;
    pthread_cond_t over;
    size_t under_way; /* under lock */
};

static void must(struct world *w, bool done)
{
    if (done) return;
    fprintf(stderr, "%s: %.*s\n", reason_code(w->problem.reason),
            STR_ARG(problem_detail(&w->problem)));
    exit(1);
}

static bool sell(struct tx *tx, const struct world *w, size_t account, seconds_t seconds)
{
    struct actor owner = { .user = w->owner };
    const struct purchase_order order = {
        .agency = w->agency,
        .subaccount = w->accounts[account],
        .tier = TIER_PREMIUM,
        .seconds = seconds,
        .created_by = w->owner,
    };
    struct purchase made, paid;

    return purchase_create(tx, &order, &made)
        && purchase_mark_paid(tx, w->agency, made.id, owner, &paid);
}

static bool add_accounts(struct tx *tx, struct world *w)
{
    struct subaccount account;

    for (size_t i = 0; i < ACCOUNTS; i++) {
        const struct new_subaccount input = {
            .name = str_format(tx->arena, "Client %zu", i + 1),
            .email = str_format(tx->arena, "client%zu@bench.example", i + 1),
            .prices = { MICROS_NONE, MICROS_NONE },
        };
        if (!subaccount_create(tx, w->agency, &input, &account)) return false;
        w->accounts[i] = account.id;
        if (!sell(tx, w, i, STOCK_SECONDS)) return false;
    }
    return true;
}

static bool set_up(struct tx *tx, void *context)
{
    const struct setup setup = {
        .agency_name = STR("Bench"),
        .owner_name = STR("Bench"),
        .email = STR("owner@bench.example"),
        .password_hash = password_decoy(), /* nobody signs in */
        .timezone = STR("UTC"),
        .plan_code = STR("agency_unlimited"),
    };
    struct world *w = context;
    struct setup_result made;

    if (!agency_set_up(tx, &setup, &made)) return false;
    w->agency = made.agency;
    w->owner = made.owner;
    return add_accounts(tx, w);
}

static struct hand *hand_of(struct job *job)
{
    return (struct hand *)(void *)job;
}

/* Orders are carried out together, as the API's routes give them to the engine. */
static bool prepare(struct tx *tx, struct job *job)
{
    (void)tx;
    job->gathered = true;
    return true;
}

static const struct world *world_of(struct job **jobs)
{
    return hand_of(jobs[0])->race->world;
}

static bool move(struct tx *tx, struct job **jobs, size_t n)
{
    const struct world *w = world_of(jobs);
    struct ordered_move *orders = ARENA_ARRAY(tx->arena, struct ordered_move, n);

    for (size_t i = 0; i < n; i++) {
        struct hand *hand = hand_of(jobs[i]);
        orders[i] = (struct ordered_move){
            .order = { .agency = w->agency,
                       .from = w->accounts[hand->turn % ACCOUNTS],
                       .to = w->accounts[(hand->turn + 1) % ACCOUNTS],
                       .tier = TIER_PREMIUM,
                       .sent = MOVED_SECONDS },
            .received = MOVED_SECONDS,
            .problem = &hand->problem,
        };
    }
    return moves_make(tx, w->agency, orders, n, (struct actor){ .user = w->owner });
}

static bool purchase(struct tx *tx, struct job **jobs, size_t n)
{
    const struct world *w = world_of(jobs);
    struct ordered_purchase *orders = ARENA_ARRAY(tx->arena, struct ordered_purchase, n);
    struct ordered_payment *payments = ARENA_ARRAY(tx->arena, struct ordered_payment, n);

    for (size_t i = 0; i < n; i++) {
        struct hand *hand = hand_of(jobs[i]);
        orders[i] = (struct ordered_purchase){
            .order = { .agency = w->agency,
                       .subaccount = w->accounts[hand->turn % ACCOUNTS],
                       .tier = TIER_PREMIUM,
                       .seconds = SOLD_SECONDS,
                       .created_by = w->owner },
            .problem = &hand->problem,
        };
    }
    if (!purchases_create(tx, w->agency, orders, n)) return false;
    for (size_t i = 0; i < n; i++)
        payments[i] =
            (struct ordered_payment){ .purchase = orders[i].made.id, .problem = orders[i].problem };
    return purchases_mark_paid(tx, w->agency, payments, n, (struct actor){ .user = w->owner });
}

static const struct gather moves = { move }, purchases = { purchase };

static void submit(struct hand *hand)
{
    enum reason reason;

    arena_reset(hand->arena);
    problem_init(&hand->problem, hand->arena);
    bool submitted = writer_submit(hand->race->writer, &hand->job, &reason);
    assert(submitted); /* the queue is longer than there are hands */
    (void)submitted;
}

/* Committed: the next one, or the end. */
static void go_on(struct job *job)
{
    struct hand *hand = hand_of(job);
    struct race *race = hand->race;

    if (problem_is_set(&hand->problem)) {
        race->world->problem = hand->problem;
        must(race->world, false);
    }
    atomic_fetch_add(&race->done, 1);
    hand->turn += UNDER_WAY;
    if (clock_monotonic_us() < race->end_us) {
        submit(hand);
        return;
    }
    pthread_mutex_lock(&race->lock);
    if (--race->under_way == 0) pthread_cond_signal(&race->over);
    pthread_mutex_unlock(&race->lock);
}

static double measure(struct world *w, struct writer *writer, const struct gather *gather,
                      int64_t seconds)
{
    struct race race = { .world = w,
                         .writer = writer,
                         .lock = PTHREAD_MUTEX_INITIALIZER,
                         .over = PTHREAD_COND_INITIALIZER,
                         .under_way = UNDER_WAY };
    struct hand *hands = calloc(UNDER_WAY, sizeof(*hands));
    int64_t began_us = clock_monotonic_us();

    assert(hands != NULL);
    race.end_us = began_us + seconds * 1000000;
    for (size_t i = 0; i < UNDER_WAY; i++) {
        hands[i] = (struct hand){ .race = &race, .arena = arena_new(ARENA_BYTES), .turn = i };
        hands[i].job = (struct job){ .arena = hands[i].arena,
                                     .problem = &hands[i].problem,
                                     .shard = writer_shard(w->agency),
                                     .run = prepare,
                                     .gather = gather,
                                     .done = go_on };
    }
    for (size_t i = 0; i < UNDER_WAY; i++)
        submit(&hands[i]);
    pthread_mutex_lock(&race.lock);
    while (race.under_way > 0)
        pthread_cond_wait(&race.over, &race.lock);
    pthread_mutex_unlock(&race.lock);
    double took_s = (double)(clock_monotonic_us() - began_us) / 1e6;
    for (size_t i = 0; i < UNDER_WAY; i++)
        arena_free(hands[i].arena);
    free(hands);
    return (double)atomic_load(&race.done) / took_s;
}

static bool take_version(struct tx *tx, void *context)
{
    int64_t version;

    return agency_next_version(tx, *(const id64_t *)context, &version);
}

/* One row changed, and durable before the next transaction begins. */
static double measure_commits(struct world *w, int64_t seconds)
{
    int64_t began_us = clock_monotonic_us(), now_us = began_us, count = 0;
    struct arena *arena = arena_new(ARENA_BYTES);

    for (; now_us < began_us + seconds * 1000000; now_us = clock_monotonic_us(), count++) {
        must(w, tx_run(w->tx, arena, &w->problem, clock_now(), take_version, &w->agency));
        arena_reset(arena);
    }
    arena_free(arena);
    return (double)count * 1e6 / (double)(now_us - began_us);
}

int main(int argc, char **argv)
{
    struct world w = { .arena = arena_new(ARENA_BYTES) };

    if (argc != 3) {
        fprintf(stderr, "usage: book STORE SECONDS\n");
        return 2;
    }
    int64_t seconds = strtoll(argv[2], NULL, 10);
    problem_init(&w.problem, w.arena);
    w.db = db_open(str_from_c(argv[1]), DB_OPEN_CREATE, &w.problem);
    must(&w, w.db != NULL && store_migrate(w.db, &w.problem, NULL));
    w.tx = db_connect(w.db, DB_WRITER, &w.problem);
    must(&w, w.tx != NULL);
    must(&w, tx_run(w.tx, w.arena, &w.problem, clock_now(), set_up, &w));
    double commits = measure_commits(&w, seconds);
    struct writer *writer = writer_start(w.db, 1, &w.problem);
    must(&w, writer != NULL);
    double moved = measure(&w, writer, &moves, seconds);
    double bought = measure(&w, writer, &purchases, seconds);
    writer_stop(writer);
    printf("{\"commits\": %.1f, \"moves\": %.1f, \"purchases\": %.1f}\n", commits, moved, bought);
    db_disconnect(w.tx);
    db_close(w.db);
    arena_free(w.arena);
    return 0;
}
