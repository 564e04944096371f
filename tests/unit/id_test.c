/* Ids: time-ordered, never twice, and their text form. */
#include "arena_fixture.h"
#include "property.h"

#include "base/id.h"

#include <pthread.h>
#include <string.h>

static void an_id_reads_as_its_prefix_and_thirteen_digits(void **state)
{
    static const struct {
        enum id_kind kind;
        id64_t id;
        const char *text;
    } rows[] = {
        { ID_SUBACCOUNT, 1, "sub_0000000000001" },
        { ID_AGENCY, 31, "agy_000000000000z" },
        { ID_CALL, 32, "call_0000000000010" },
        { ID_PURCHASE, INT64_MAX, "pur_7zzzzzzzzzzzz" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        id64_t parsed = ID_NONE;

        assert_str(id_format(*state, rows[i].kind, rows[i].id), rows[i].text);
        assert_row(id_parse(rows[i].kind, str_from_c(rows[i].text), &parsed), rows[i].text);
        assert_int_equal(parsed, rows[i].id);
    }
}

static void every_kind_has_a_prefix_of_its_own(void **state)
{
    for (int a = 0; a < ID_KIND_COUNT; a++) {
        assert_true(strlen(id_prefix((enum id_kind)a)) >= 3);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(id_prefix((enum id_kind)a), id_prefix((enum id_kind)b));
    }
}

static void reading_forgives_what_people_confuse(void **state)
{
    static const char *const texts[] = { "sub_0000000000010", "SUB_000000000001O",
                                         "Sub_oooooooooooIo", "sub_00000000000l0" };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        id64_t parsed = ID_NONE;

        assert_row(id_parse(ID_SUBACCOUNT, str_from_c(texts[i]), &parsed), texts[i]);
        assert_int_equal(parsed, 32);
    }
}

static void what_is_no_id_of_the_kind_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "sub",
        "sub_",
        "0000000000001",
        "sub_000000000001",   /* a digit short */
        "sub_00000000000001", /* one too many */
        "pur_0000000000001",  /* another kind */
        "subs0000000000001",
        "sub-0000000000001",
        "sub_000000000000u", /* no digit of Crockford's */
        "sub_000000000000-",
        "sub_000000000 001",
        "sub_0000000000000",       /* none */
        "sub_8000000000000",       /* over 63 bits */
        "sub_zzzzzzzzzzzzz",       /* over 64 */
        "sub_00000000000\xC3\xA9", /* not ASCII */
        " sub_0000000000001",
        "sub_0000000000001 ",
    };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        id64_t parsed;

        assert_row(!id_parse(ID_SUBACCOUNT, str_from_c(texts[i]), &parsed), texts[i]);
    }
    assert_false(id_parse(ID_SUBACCOUNT,
                          (struct str){ "sub_\0"
                                        "00000000001",
                                        17 },
                          &(id64_t){ 0 }));
}

static void every_id_survives_writing_and_reading(void **state)
{
    struct rng rng = property_rng("ids as text");

    for (int i = 0; i < 10000; i++) {
        id64_t id = any_magnitude(&rng), parsed = ID_NONE;
        enum id_kind kind = (enum id_kind)rng_between(&rng, 0, ID_KIND_COUNT - 1);

        if (id == ID_NONE) continue;
        assert_true(id_parse(kind, id_format(*state, kind, id), &parsed));
        assert_int_equal(parsed, id);
    }
}

static void an_id_tells_when_it_was_made(void **state)
{
    instant_t now = INT64_C(1795000000123456) + 40 * 365 * MICROS_PER_DAY;

    /* The clock of this test is ahead of all others, so that no id borrowed from the future. */
    assert_int_equal(id_instant(id_new(now)), now / 1000 * 1000);
}

static void ids_only_grow_also_when_the_clock_steps_back(void **state)
{
    struct rng rng = property_rng("a clock that steps");
    instant_t now = INT64_C(1795000000000000);
    id64_t last = id_new(now);

    for (int i = 0; i < 20000; i++) {
        now += rng_between(&rng, -5 * MICROS_PER_SECOND, 5 * MICROS_PER_SECOND);
        id64_t id = id_new(now);
        assert_true(id > last);
        last = id;
    }
}

static void many_ids_in_one_millisecond_borrow_from_the_next(void **state)
{
    enum { MANY = 10000 }; /* over the 4,096 of a millisecond */
    static id64_t ids[MANY];
    instant_t now = INT64_C(1800000000000000) + 60 * 365 * MICROS_PER_DAY;

    id_new_many(now, ids, MANY);
    for (size_t i = 1; i < MANY; i++)
        assert_true(ids[i] > ids[i - 1]);
    assert_true(id_new(now) > ids[MANY - 1]);
    id_new_many(now, ids, 0);
}

static void ids_go_on_after_those_of_another_time_and_node(void **state)
{
    instant_t now = INT64_C(1795000000000000);
    id64_t earlier = id_new(now);

    id_start_after(ID_NONE);
    id_start_after(earlier - 1);
    assert_true(id_new(now) > earlier);
    /* Made by node 1,023 a day ahead, the last of its millisecond. */
    id64_t ahead = (id_new(now) + ((id64_t)86400000 << 22)) | ((1 << 22) - 1);
    id_start_after(ahead);
    assert_true(id_new(now) > ahead);
}

enum { THREADS = 8, IDS_EACH = 20000 };

struct maker {
    pthread_t thread;
    id64_t ids[IDS_EACH];
};

static void *make_ids(void *context)
{
    struct maker *maker = context;

    for (size_t i = 0; i < IDS_EACH; i += 5) {
        /* Each thread's clock is a little off, and steps back now and then. */
        instant_t now = INT64_C(1795000000000000) + (instant_t)(i % 7) * 1000;
        maker->ids[i] = id_new(now);
        id_new_many(now, &maker->ids[i + 1], 4);
    }
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    id64_t x = *(const id64_t *)a, y = *(const id64_t *)b;

    return (x > y) - (x < y);
}

/* faults_others_shipped.md: "duplicate ids under load". */
static void threads_at_once_never_make_the_same_id(void **state)
{
    static struct maker makers[THREADS];
    static id64_t all[THREADS * IDS_EACH];

    for (size_t t = 0; t < THREADS; t++)
        assert_int_equal(pthread_create(&makers[t].thread, NULL, make_ids, &makers[t]), 0);
    for (size_t t = 0; t < THREADS; t++) {
        pthread_join(makers[t].thread, NULL);
        for (size_t i = 1; i < IDS_EACH; i++)
            assert_true(makers[t].ids[i] > makers[t].ids[i - 1]);
        memcpy(all + t * IDS_EACH, makers[t].ids, sizeof(makers[t].ids));
    }
    qsort(all, COUNT_OF(all), sizeof(*all), compare_ids);
    for (size_t i = 1; i < COUNT_OF(all); i++)
        assert_true(all[i] != all[i - 1]);
}

static void nodes_never_make_the_same_id(void **state)
{
    enum { NODE_SHIFT = 12, NODE_MASK = 1023 };
    static const unsigned nodes[] = { 0, 1, 517, 1023 };

    for (size_t i = 0; i < COUNT_OF(nodes); i++) {
        id_set_node(nodes[i]);
        assert_int_equal(id_new(INT64_C(1795000000000000)) >> NODE_SHIFT & NODE_MASK, nodes[i]);
    }
    id_set_node(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_reads_as_its_prefix_and_thirteen_digits),
        cmocka_unit_test(every_kind_has_a_prefix_of_its_own),
        cmocka_unit_test(reading_forgives_what_people_confuse),
        cmocka_unit_test(what_is_no_id_of_the_kind_is_refused),
        cmocka_unit_test(every_id_survives_writing_and_reading),
        cmocka_unit_test(ids_only_grow_also_when_the_clock_steps_back),
        cmocka_unit_test(threads_at_once_never_make_the_same_id),
        cmocka_unit_test(nodes_never_make_the_same_id),
        /* Their clocks run ahead of those before. */
        cmocka_unit_test(ids_go_on_after_those_of_another_time_and_node),
        cmocka_unit_test(an_id_tells_when_it_was_made),
        cmocka_unit_test(many_ids_in_one_millisecond_borrow_from_the_next),
    };

    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
