/* A pool of threads: each piece of work is done once, waiting is bounded, and a stop finishes what waits. */
#include "unit.h"

#include "http/pool.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

struct piece {
    struct work work;
    atomic_int done;
};

static atomic_int made, unmade;
static sem_t begun, hold;

static void count_it(struct work *work, void *resource)
{
    (void)resource;
    atomic_fetch_add(&((struct piece *)(void *)work)->done, 1);
}

/* Keeps a thread busy until it may go on. */
static void block(struct work *work, void *resource)
{
    sem_post(&begun);
    sem_wait(&hold);
    count_it(work, resource);
}

static void use(struct work *work, void *resource)
{
    atomic_fetch_add((atomic_int *)resource, 1);
    count_it(work, resource);
}

/* The third cannot be made when the context says so. */
static void *make(void *context)
{
    if (context != NULL && atomic_load(&made) == 2) return NULL;
    atomic_fetch_add(&made, 1);
    return calloc(1, sizeof(atomic_int));
}

static void unmake(void *resource)
{
    atomic_fetch_add(&unmade, 1);
    free(resource);
}

static int set_up(void **state)
{
    (void)state;
    atomic_store(&made, 0);
    atomic_store(&unmade, 0);
    sem_init(&begun, 0, 0);
    sem_init(&hold, 0, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sem_destroy(&begun);
    sem_destroy(&hold);
    return 0;
}

static void each_piece_of_work_is_done_once(void **state)
{
    enum { PIECES = 2000 };
    static struct piece pieces[PIECES];
    struct pool *pool = pool_start(4, 2 * PIECES, 0, (struct pool_resource){ 0 });

    for (size_t i = 0; i < PIECES; i++) {
        pieces[i].work.run = count_it;
        assert_true(pool_submit(pool, &pieces[i].work));
    }
    pool_stop(pool);
    for (size_t i = 0; i < PIECES; i++)
        assert_int_equal(atomic_load(&pieces[i].done), 1);
}

static void beyond_the_queue_work_is_given_back(void **state)
{
    struct piece first = { .work.run = block },
                 waiting[3] = { { .work.run = count_it },
                                { .work.run = count_it },
                                { .work.run = count_it } };
    struct pool *pool = pool_start(1, 4, 0, (struct pool_resource){ 0 });

    assert_true(pool_submit(pool, &first.work));
    sem_wait(&begun);
    assert_true(pool_submit(pool, &waiting[0].work));
    assert_true(pool_submit(pool, &waiting[1].work));
    assert_false(pool_submit(pool, &waiting[2].work)); /* one sender has half of the places */
    assert_int_equal(pool_stats(pool).queued, 2);
    assert_int_equal(pool_stats(pool).refused, 1);
    sem_post(&hold);
    pool_stop(pool);
    assert_int_equal(atomic_load(&first.done), 1);
    assert_int_equal(atomic_load(&waiting[1].done), 1);
    assert_int_equal(atomic_load(&waiting[2].done), 0);
}

static void each_thread_has_its_own_resource(void **state)
{
    enum { PIECES = 100 };
    static struct piece pieces[PIECES];
    struct pool *pool = pool_start(3, 2 * PIECES, 0, (struct pool_resource){ make, unmake, NULL });

    assert_int_equal(atomic_load(&made), 3);
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i].work.run = use;
        assert_true(pool_submit(pool, &pieces[i].work));
    }
    pool_stop(pool);
    assert_int_equal(atomic_load(&unmade), 3);
}

static atomic_int niceness_seen;

static void look_at_niceness(struct work *work, void *resource)
{
    (void)work;
    (void)resource;
    atomic_store(&niceness_seen, getpriority(PRIO_PROCESS, 0));
}

static void its_threads_stand_back_and_no_others(void **state)
{
    int own = getpriority(PRIO_PROCESS, 0), nicer = own + 5 < 19 ? own + 5 : 19;
    struct work look = { .run = look_at_niceness };
    struct pool *pool = pool_start(1, 2, 5, (struct pool_resource){ 0 });

    assert_true(pool_submit(pool, &look));
    pool_stop(pool);
    assert_int_equal(atomic_load(&niceness_seen), nicer);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), own);
}

static void without_a_resource_for_each_there_is_no_pool(void **state)
{
    assert_null(pool_start(4, 8, 0, (struct pool_resource){ make, unmake, &made }));
    assert_int_equal(atomic_load(&made), 2);
    assert_int_equal(atomic_load(&unmade), 2);
}

#define POOL_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOL_TEST(each_piece_of_work_is_done_once),
        POOL_TEST(beyond_the_queue_work_is_given_back),
        POOL_TEST(each_thread_has_its_own_resource),
        POOL_TEST(its_threads_stand_back_and_no_others),
        POOL_TEST(without_a_resource_for_each_there_is_no_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
