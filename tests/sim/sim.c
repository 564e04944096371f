/* The fault simulator: the program's engine and SQLite on a disk that fails, beside a model that knows what it promised.
     sim --seed N --steps N     one run, the same each time
     sim --seconds N            runs of new seeds until the time is over; each tells its seed
     sim --each                 each operation of the disk in a typical sequence fails, in each way, several times
   Exit 0: what was answered is there, what was not is there whole or not at all, and all books are right. */
#include "world.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEPS_DEFAULT = 300 };

static struct {
    uint64_t seed;
    int64_t steps;
    const char *how; /* to see it again */
} run;

void world_fail(const struct world *w, const char *what, const char *file, int line)
{
    printf("not ok: %s (%s:%d)\n", what, file, line);
    if (problem_is_set(&w->problem))
        printf("the store said: %.*s\n", STR_ARG(problem_detail(&w->problem)));
    printf("to see it again: tests/sim/sim %s\n", run.how);
    fflush(stdout);
    abort();
}

static void simulate(struct world *w, uint64_t seed, int64_t steps)
{
    static char how[96];

    run.seed = seed;
    snprintf(how, sizeof(how), "--seed %" PRIu64 " --steps %" PRId64, seed, steps);
    run.how = how;
    printf("SEED=%" PRIu64 " STEPS=%" PRId64 "\n", seed, steps);
    fflush(stdout);
    world_restart(w, seed);
    for (int64_t i = 0; i < steps; i++)
        clients_step(w);
    disk_heal();
    if (disk_is_off()) world_recover(w, ENDED_BY_POWER_CUT);
    world_compare(w, true);
}

static void simulate_for(struct world *w, int64_t seconds)
{
    int64_t until_us = clock_monotonic_us() + seconds * MICROS_PER_SECOND;
    uint64_t seed = (uint64_t)clock_now();

    do
        simulate(w, seed++, STEPS_DEFAULT);
    while (clock_monotonic_us() < until_us);
}

/* Ways in which an operation fails once. The last: the program dies of it, and some time later the power goes. */
static const struct way {
    const char *name;
    enum disk_fault fault;
    bool dies;
    uint64_t times; /* more where chance has a say in what is lost */
} ways[] = {
    { "I/O error", FAULT_IO_ERROR, false, 1 },
    { "full disk", FAULT_FULL, false, 1 },
    { "power cut", FAULT_POWER_CUT, false, 4 },
    { "I/O error, a kill and a power cut later", FAULT_IO_ERROR, true, 16 },
};

/* The whole sequence with the n-th operation failing; false when it has fewer. What is lost then is another each time. */
static bool fail_once(struct world *w, const struct way *way, long n, uint64_t seed)
{
    static char how[96];

    snprintf(how, sizeof(how), "--each (%s, operation %ld, the time %" PRIu64 ")", way->name, n,
             seed);
    run.how = how;
    world_restart(w, seed);
    w->dies_of_failures = way->dies;
    disk_fail(way->fault, n, false);
    for (int i = 0; i < SEQUENCE_GROUPS; i++)
        clients_sequence_step(w, i);
    bool was_met = disk_fault_was_met();
    disk_heal();
    if (way->dies) disk_power_off();
    if (disk_is_off()) world_recover(w, ENDED_BY_POWER_CUT);
    world_compare(w, n % 16 == 0);
    return was_met;
}

static void fail_each(struct world *w)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        long n = 0;
        uint64_t seed = 0;
        while (fail_once(w, &ways[i], n, ++seed))
            n += seed % ways[i].times == 0;
        printf("each of %ld operations met, %" PRIu64 " times: %s\n", n, ways[i].times,
               ways[i].name);
        fflush(stdout);
    }
}

static int64_t number_after(int argc, char **argv, const char *name, int64_t otherwise)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0) return strtoll(argv[i + 1], NULL, 10);
    }
    return otherwise;
}

static bool has(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0) return true;
    }
    return false;
}

static void tell_covered(const struct world *w)
{
    printf("covered: %" PRId64 " commits, %" PRId64 " repeats, %" PRId64 " faults, %" PRId64
           " power cuts or kills (%" PRId64 "), %" PRId64
           " orders came through without an answer, %" PRId64 " checks of all books\n",
           w->groups, w->repeats, w->faults, w->crashes, w->kills, w->came_through, w->checks);
    printf("done: %" PRId64 " purchases, %" PRId64 " refunds, %" PRId64 " moves, %" PRId64
           " holds, %" PRId64 " calls, %" PRId64 " suspensions, %" PRId64 " restored, %" PRId64
           " removals\n",
           w->done[ORDER_BUY], w->done[ORDER_REFUND], w->done[ORDER_MOVE], w->done[ORDER_HOLD],
           w->done[ORDER_RECORD], w->done[ORDER_SUSPEND], w->done[ORDER_RESTORE],
           w->done[ORDER_REMOVE]);
}

int main(int argc, char **argv)
{
    static struct world world;
    struct world *w = &world;
    struct arena *arena = arena_new(1024);
    char folder[] = "/tmp/minutebank-sim-XXXXXX";

    if (mkdtemp(folder) == NULL) return EXIT_FAILURE;
    password_set_cost(PASSWORD_COST_TEST);
    disk_install();
    w->url = str_format(arena, "sqlite:%s/store.db",
                        folder); /* holds the lock; all else is on our disk */
    run.how = "(the beginning)";
    world_make(w);
    if (has(argc, argv, "--each")) fail_each(w);
    if (has(argc, argv, "--seconds")) simulate_for(w, number_after(argc, argv, "--seconds", 0));
    if (has(argc, argv, "--seed"))
        simulate(w, (uint64_t)number_after(argc, argv, "--seed", 1),
                 number_after(argc, argv, "--steps", STEPS_DEFAULT));
    world_close(w);
    tell_covered(w);
    unlink(str_to_c(arena, str_format(arena, "%s/store.db", folder)));
    unlink(str_to_c(arena, str_format(arena, "%s/store.db-lock", folder)));
    rmdir(folder);
    arena_free(w->arena);
    arena_free(arena);
    return EXIT_SUCCESS;
}
