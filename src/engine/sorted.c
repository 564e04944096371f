#include "engine/sorted.h"

#include <stdlib.h>

static struct str text_of(const struct place *place)
{
    return str_is_absent(place->text) ? STR("") : place->text;
}

static int place_compare(const struct place *a, const struct place *b)
{
    int order = (a->number > b->number) - (a->number < b->number);

    if (order == 0) order = str_compare(text_of(a), text_of(b));
    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static int rising(const void *a, const void *b)
{
    const struct sorted_row *x = a, *y = b;
    return place_compare(&x->place, &y->place);
}

static int falling(const void *a, const void *b)
{
    return rising(b, a);
}

/* Leaves the rows of later pages out of what is sorted: those that belong to the `count` first come before all others, in
   any order yet (Hoare's FIND). */
static void bring_first(struct sorted_row *rows, size_t n, size_t count,
                        int (*compare)(const void *, const void *))
{
    ptrdiff_t last = (ptrdiff_t)count - 1, low = 0, high = (ptrdiff_t)n - 1;

    while (low < high && last >= 0) {
        const struct sorted_row pivot = rows[low + (high - low) / 2];
        ptrdiff_t i = low, j = high;

        while (i <= j) {
            while (compare(&rows[i], &pivot) < 0)
                i++;
            while (compare(&rows[j], &pivot) > 0)
                j--;
            if (i > j) break;
            struct sorted_row moved = rows[i];
            rows[i++] = rows[j];
            rows[j--] = moved;
        }
        if (last > j && last < i) return;
        if (last <= j)
            high = j;
        else
            low = i;
    }
}

struct sorted_page sorted_page(struct sorted_row *rows, size_t n, const struct sorted_ask *ask)
{
    int (*compare)(const void *, const void *) = ask->descending ? falling : rising;
    const struct sorted_row before = { .place = ask->after };
    struct sorted_page page = { .rows = rows };
    size_t left = 0;

    for (size_t i = 0; i < n; i++) {
        if (ask->after.id == ID_NONE || compare(&rows[i], &before) > 0) rows[left++] = rows[i];
    }
    page.count = left < ask->limit ? left : ask->limit;
    page.has_more = page.count < left;
    bring_first(rows, left, page.count, compare);
    qsort(rows, page.count, sizeof(*rows), compare);
    if (page.count > 0) page.last = rows[page.count - 1].place;
    return page;
}
