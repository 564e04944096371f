#include "engine/platform_list.h"

#include <stdlib.h>
#include <string.h>

/* A row with what it is sorted by. */
struct sortable {
    struct platform_agency agency;
    int64_t number;
    struct str text;
    bool descending;
};

static bool contains(struct arena *arena, struct str text, struct str part)
{
    struct str folded = str_fold(arena, str_is_absent(text) ? STR("") : text);

    return folded.len >= part.len && memmem(folded.at, folded.len, part.at, part.len) != NULL;
}

static bool passes(struct arena *arena, const struct platform_filter *filter, struct str search,
                   const struct platform_agency *agency)
{
    if (filter->status >= 0 && agency->status != filter->status) return false;
    if (!str_is_absent(filter->plan) && !str_equal(agency->plan_code, filter->plan)) return false;
    return str_is_absent(search) || contains(arena, agency->name, search)
        || contains(arena, agency->owner_email, search);
}

static void fill_key(struct arena *arena, enum platform_sort sort, struct sortable *row)
{
    switch (sort) {
    case AGENCIES_BY_NAME: row->text = str_fold(arena, row->agency.name); break;
    case AGENCIES_BY_CREATED: row->number = row->agency.created_at; break;
    case AGENCIES_BY_SUBACCOUNTS: row->number = row->agency.subaccounts; break;
    case AGENCIES_BY_CREDIT: row->number = row->agency.credit; break;
    }
}

/* By key, ties by id; descending turns both around. */
static int compare(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;
    int order = (x->number > y->number) - (x->number < y->number);

    if (order == 0) order = str_compare(x->text, y->text);
    if (order == 0) order = (x->agency.id > y->agency.id) - (x->agency.id < y->agency.id);
    return x->descending ? -order : order;
}

static size_t first_after(const struct platform_filter *filter, const struct sortable *rows,
                          size_t n)
{
    const struct sortable cursor = {
        .agency = { .id = filter->after },
        .number = filter->after_number,
        .text = str_is_absent(filter->after_text) ? STR("") : filter->after_text,
        .descending = filter->descending,
    };
    size_t at = 0;

    while (filter->after != ID_NONE && at < n && compare(&rows[at], &cursor) <= 0)
        at++;
    return at;
}

/* Those that pass, counted where that is what they are sorted by, and sorted. */
static bool sorted(struct tx *tx, const struct platform_filter *filter, struct list *all,
                   struct sortable **out, size_t *n)
{
    struct platform_agency *agencies = all->at;
    struct str search = str_fold(tx->arena, filter->search);

    *n = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (passes(tx->arena, filter, search, &agencies[i])) agencies[(*n)++] = agencies[i];
    }
    if (filter->sort == AGENCIES_BY_SUBACCOUNTS && !platform_agency_counts(tx, agencies, *n))
        return false;
    *out = ARENA_ARRAY(tx->arena, struct sortable, *n + 1);
    for (size_t i = 0; i < *n; i++) {
        (*out)[i] = (struct sortable){ .agency = agencies[i],
                                       .text = STR(""),
                                       .descending = filter->descending };
        fill_key(tx->arena, filter->sort, &(*out)[i]);
    }
    qsort(*out, *n, sizeof(**out), compare);
    return true;
}

bool platform_page(struct tx *tx, const struct platform_filter *filter, struct platform_page *out)
{
    struct sortable *rows;
    struct list all;
    size_t n;

    if (!platform_agency_list(tx, &all) || !sorted(tx, filter, &all, &rows, &n)) return false;
    size_t from = first_after(filter, rows, n);
    size_t shown = n - from < filter->limit ? n - from : filter->limit;
    struct platform_agency *page = ARENA_ARRAY(tx->arena, struct platform_agency, shown + 1);
    for (size_t i = 0; i < shown; i++)
        page[i] = rows[from + i].agency;
    *out = (struct platform_page){ .agencies = { page, shown },
                                   .total = n,
                                   .has_more = from + shown < n };
    if (shown > 0) {
        out->last_number = rows[from + shown - 1].number;
        out->last_text = rows[from + shown - 1].text;
    }
    return platform_agency_counts(tx, page, shown);
}
