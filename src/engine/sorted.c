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

struct sorted_page sorted_page(struct sorted_row *rows, size_t n, const struct sorted_ask *ask)
{
    int (*compare)(const void *, const void *) = ask->descending ? falling : rising;
    const struct sorted_row before = { .place = ask->after };
    struct sorted_page page = { 0 };
    size_t from = 0;

    qsort(rows, n, sizeof(*rows), compare);
    while (ask->after.id != ID_NONE && from < n && compare(&rows[from], &before) <= 0)
        from++;
    page.rows = rows + from;
    page.count = n - from < ask->limit ? n - from : ask->limit;
    page.has_more = from + page.count < n;
    if (page.count > 0) page.last = page.rows[page.count - 1].place;
    return page;
}
