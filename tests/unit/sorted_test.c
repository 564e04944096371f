/* Pages of a sorted table: one after the other they are all rows in order, whatever the rows and the pages. */
#include "property.h"

#include "engine/sorted.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 400 };

static const char *const texts[] = { "", "a", "ab", "b" };

/* Few numbers and texts, so that there are ties, and rows in any order of their ids. */
static size_t make_rows(struct rng *rng, struct sorted_row *rows)
{
    size_t n = (size_t)rng_between(rng, 0, ROWS_MAX);
    int64_t numbers = rng_between(rng, 0, 1) == 0 ? 3 : INT64_MAX;
    bool is_in_order = rng_between(rng, 0, 3) == 0;

    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct sorted_row){ .place = {
                                           .number = rng_between(rng, -numbers, numbers),
                                           .text = str_from_c(texts[rng_between(rng, 0, 3)]),
                                           .id = (id64_t)i + 1,
                                       } };
        if (is_in_order) rows[i].place.number = (int64_t)i;
    }
    for (size_t i = n; i > 1 && !is_in_order; i--) {
        size_t other = (size_t)rng_between(rng, 0, (int64_t)i - 1);
        struct sorted_row moved = rows[i - 1];

        rows[i - 1] = rows[other];
        rows[other] = moved;
    }
    return n;
}

static int compare(const struct place *a, const struct place *b)
{
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    int order = str_compare(a->text, b->text);

    if (order != 0) return order;
    return (a->id > b->id) - (a->id < b->id);
}

static void sort_slowly(struct sorted_row *rows, size_t n, bool descending)
{
    for (size_t i = 1; i < n; i++) {
        for (size_t j = i; j > 0; j--) {
            int order = compare(&rows[j - 1].place, &rows[j].place);

            if (descending ? order > 0 : order < 0) break;
            struct sorted_row moved = rows[j];
            rows[j] = rows[j - 1];
            rows[j - 1] = moved;
        }
    }
}

static void pages_are_all_rows_in_order(void **state)
{
    static struct sorted_row rows[ROWS_MAX], shuffled[ROWS_MAX];
    struct rng rng = property_rng("sorted pages");

    for (int round = 0; round < 300; round++) {
        size_t n = make_rows(&rng, shuffled), seen = 0;
        struct sorted_ask ask = { .descending = rng_between(&rng, 0, 1) == 0,
                                  .limit = (size_t)rng_between(&rng, 1, 60) };
        struct sorted_page page;

        memcpy(rows, shuffled, sizeof(rows));
        sort_slowly(rows, n, ask.descending);
        do {
            struct sorted_row again[ROWS_MAX];

            memcpy(again, shuffled, sizeof(again));
            page = sorted_page(again, n, &ask);
            for (size_t i = 0; i < page.count; i++)
                assert_int_equal(page.rows[i].place.id, rows[seen++].place.id);
            assert_true(page.has_more == (seen < n));
            if (page.count > 0) assert_int_equal(page.last.id, rows[seen - 1].place.id);
            ask.after = page.last;
        } while (page.has_more);
        assert_int_equal(seen, n);
    }
}

static void a_page_without_room_has_no_rows(void **state)
{
    struct sorted_row row = { .place = { .id = 1 } };
    const struct sorted_ask ask = { .limit = 0 };
    struct sorted_page page = sorted_page(&row, 1, &ask);

    assert_int_equal(page.count, 0);
    assert_true(page.has_more);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_all_rows_in_order),
        cmocka_unit_test(a_page_without_room_has_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
