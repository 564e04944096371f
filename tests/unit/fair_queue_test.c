/* Turns: each sender gets the same work done in a round, in its own order; and places: nobody takes them all. */
#include "unit.h"

#include "base/fair_queue.h"
#include "base/rng.h"
#include "base/types.h"

#include <stdlib.h>

enum { QUANTUM = 10, FLOOD = 1, LIGHT = 2 };

static struct queued items[2000];

static struct queued *item(size_t i, uint64_t sender, uint32_t cost)
{
    items[i] = (struct queued){ .sender = sender, .cost = cost };
    return &items[i];
}

static void empty(struct fair_queue *queue)
{
    while (fair_queue_take(queue) != NULL) {
    }
    fair_queue_free(queue);
}

static void one_sender_is_served_in_order(void **state)
{
    struct fair_queue *queue = fair_queue_new(100, QUANTUM);

    for (size_t i = 0; i < 50; i++)
        assert_true(fair_queue_put(queue, item(i, FLOOD, 25)));
    for (size_t i = 0; i < 50; i++)
        assert_ptr_equal(fair_queue_take(queue), &items[i]);
    assert_null(fair_queue_take(queue));
    fair_queue_free(queue);
}

/* However much another has put in before. */
static void who_comes_late_waits_for_one_round_of_the_others(void **state)
{
    struct fair_queue *queue = fair_queue_new(1000, QUANTUM);
    size_t before = 0;

    for (size_t i = 0; i < 400; i++)
        assert_true(fair_queue_put(queue, item(i, FLOOD, 1)));
    assert_true(fair_queue_put(queue, item(400, LIGHT, 1)));
    while (fair_queue_take(queue)->sender != LIGHT)
        before++;
    assert_in_range(before, 0, 2 * QUANTUM);
    empty(queue);
}

/* Turns and places. */
static void a_share_of_three_is_three_times_as_much(void **state)
{
    struct fair_queue *queue = fair_queue_new(400, QUANTUM);
    size_t places[3] = { 0 }, done[3] = { 0 };

    for (size_t i = 0; i < 800; i++) {
        struct queued *each = item(i, i < 400 ? FLOOD : LIGHT, 1);
        each->share = i < 400 ? 3 : 1;
        places[each->sender] += fair_queue_put(queue, each);
    }
    assert_int_equal(places[FLOOD], 300); /* alone three quarters, not half */
    assert_int_equal(places[LIGHT], 50);
    for (size_t i = 0; i < 4 * QUANTUM; i++)
        done[fair_queue_take(queue)->sender]++;
    assert_int_equal(done[FLOOD], 3 * done[LIGHT]);
    empty(queue);
}

/* Work counts, not items: one sends many small ones, one a few that each take more than a round. */
static void senders_get_the_same_work_done(void **state)
{
    struct fair_queue *queue = fair_queue_new(4000, QUANTUM);
    uint64_t done[3] = { 0 };

    for (size_t i = 0; i < 900; i++)
        assert_true(fair_queue_put(queue, item(i, FLOOD, 1)));
    for (size_t i = 900; i < 960; i++)
        assert_true(fair_queue_put(queue, item(i, LIGHT, 3 * QUANTUM + 1)));
    while (done[FLOOD] + done[LIGHT] < 1200) {
        struct queued *next = fair_queue_take(queue);
        done[next->sender] += next->cost;
        assert_in_range(llabs((long long)done[FLOOD] - (long long)done[LIGHT]), 0, 5 * QUANTUM);
    }
    empty(queue);
}

/* Random puts and takes: what comes out is what went in, each sender's in order, nobody starves. */
static void nothing_is_lost_and_each_sender_stays_in_order(void **state)
{
    enum { SENDERS = 40 };
    struct fair_queue *queue = fair_queue_new(2000, QUANTUM);
    struct rng rng = rng_seeded(11);
    const struct queued *last[SENDERS] = { NULL };
    size_t put = 0, taken = 0;

    while (taken < COUNT_OF(items)) {
        bool puts = put < COUNT_OF(items) && rng_between(&rng, 0, 2) > 0;
        if (puts) {
            uint64_t sender = (uint64_t)rng_between(&rng, 0, SENDERS - 1);
            uint32_t cost = (uint32_t)rng_between(&rng, 0, 4 * QUANTUM);
            put += fair_queue_put(queue, item(put, sender, cost));
            continue;
        }
        const struct queued *next = fair_queue_take(queue);
        if (next == NULL) continue;
        assert_true(last[next->sender] == NULL || last[next->sender] < next);
        last[next->sender] = next;
        taken++;
    }
    assert_int_equal(fair_queue_waiting(queue), 0);
    assert_int_equal(fair_queue_senders(queue), 0);
    fair_queue_free(queue);
}

/* Alone half of them, then half of what is left: there is always room for one more. */
static void nobody_takes_all_places(void **state)
{
    struct fair_queue *queue = fair_queue_new(1024, QUANTUM);
    static const size_t expected[] = { 512, 256, 128, 64, 32, 16, 8, 4, 2, 1 };
    size_t i = 0;

    for (uint64_t sender = 0; sender < COUNT_OF(expected); sender++) {
        size_t own = 0;
        while (fair_queue_put(queue, item(i, sender, 1))) {
            i++;
            own++;
        }
        assert_int_equal(own, expected[sender]);
    }
    assert_int_equal(fair_queue_waiting(queue), 1023);
    assert_true(fair_queue_put(queue, item(i, 99, 1)));
    assert_false(fair_queue_put(queue, item(i + 1, 100, 1)));
    empty(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_sender_is_served_in_order),
        cmocka_unit_test(who_comes_late_waits_for_one_round_of_the_others),
        cmocka_unit_test(a_share_of_three_is_three_times_as_much),
        cmocka_unit_test(senders_get_the_same_work_done),
        cmocka_unit_test(nothing_is_lost_and_each_sender_stays_in_order),
        cmocka_unit_test(nobody_takes_all_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
