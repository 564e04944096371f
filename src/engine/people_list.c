#include "engine/people_list.h"

#include <stdlib.h>
#include <string.h>

/* A row with what it is sorted by. */
struct sortable {
    const struct user *user;
    int64_t number;
    struct str text;
    bool descending;
};

static bool contains(struct str text, struct str part)
{
    return text.len >= part.len && memmem(text.at, text.len, part.at, part.len) != NULL;
}

static bool passes(struct arena *arena, const struct people_filter *filter, struct str search,
                   const struct user *user)
{
    if (filter->role >= 0 && user->role != filter->role) return false;
    return str_is_absent(search) || contains(str_fold(arena, user->name), search)
        || contains(str_fold(arena, user->email), search);
}

static struct sortable sortable_of(struct arena *arena, const struct people_filter *filter,
                                   const struct user *user)
{
    struct sortable row = { .user = user, .text = STR(""), .descending = filter->descending };

    switch (filter->sort) {
    case PEOPLE_BY_NAME: row.text = str_fold(arena, user->name); break;
    case PEOPLE_BY_EMAIL: row.text = str_fold(arena, user->email); break;
    case PEOPLE_BY_ROLE: row.number = user->role; break;
    case PEOPLE_BY_LAST_SEEN: row.number = user->last_seen_at; break;
    }
    return row;
}

/* By key, ties by id; descending turns both around. */
static int compare(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;
    int order = (x->number > y->number) - (x->number < y->number);

    if (order == 0) order = str_compare(x->text, y->text);
    if (order == 0) order = (x->user->id > y->user->id) - (x->user->id < y->user->id);
    return x->descending ? -order : order;
}

static size_t first_after(const struct people_filter *filter, const struct sortable *rows, size_t n)
{
    const struct user last = { .id = filter->after };
    const struct sortable cursor = { &last, filter->after_number,
                                     str_is_absent(filter->after_text) ? STR("")
                                                                       : filter->after_text,
                                     filter->descending };
    size_t at = 0;

    while (filter->after != ID_NONE && at < n && compare(&rows[at], &cursor) <= 0)
        at++;
    return at;
}

bool people_page(struct tx *tx, id64_t agency, const struct people_filter *filter,
                 struct people_page *out)
{
    struct str search = str_fold(tx->arena, filter->search);
    struct list all;
    size_t n = 0;

    if (!user_list(tx, agency, &all)) return false;
    const struct user *users = all.at;
    struct sortable *rows = ARENA_ARRAY(tx->arena, struct sortable, all.count + 1);
    for (size_t i = 0; i < all.count; i++) {
        if (passes(tx->arena, filter, search, &users[i]))
            rows[n++] = sortable_of(tx->arena, filter, &users[i]);
    }
    qsort(rows, n, sizeof(*rows), compare);

    size_t from = first_after(filter, rows, n);
    size_t shown = n - from < filter->limit ? n - from : filter->limit;
    struct user *page = ARENA_ARRAY(tx->arena, struct user, shown + 1);
    for (size_t i = 0; i < shown; i++)
        page[i] = *rows[from + i].user;
    *out =
        (struct people_page){ .users = { page, shown }, .total = n, .has_more = from + shown < n };
    if (shown > 0) {
        out->last_number = rows[from + shown - 1].number;
        out->last_text = rows[from + shown - 1].text;
    }
    return true;
}
