#include "engine/people_list.h"

static bool passes(struct arena *arena, const struct people_filter *filter, struct str search,
                   const struct user *user)
{
    enum people_factor factor =
        user->two_factor_at != INSTANT_NONE ? PEOPLE_WITH_FACTOR : PEOPLE_WITHOUT_FACTOR;

    if (filter->role >= 0 && user->role != filter->role) return false;
    if (filter->two_factor >= 0 && (int)factor != filter->two_factor) return false;
    return str_is_absent(search) || str_contains(str_fold(arena, user->name), search)
        || str_contains(str_fold(arena, user->email), search);
}

static struct place place_of(struct arena *arena, enum people_sort sort, const struct user *user)
{
    struct place place = { .text = STR(""), .id = user->id };

    switch (sort) {
    case PEOPLE_BY_NAME: place.text = str_fold(arena, user->name); break;
    case PEOPLE_BY_EMAIL: place.text = str_fold(arena, user->email); break;
    case PEOPLE_BY_ROLE: place.number = user->role; break;
    case PEOPLE_BY_LAST_SEEN: place.number = user->last_seen_at; break;
    }
    return place;
}

bool people_page(struct tx *tx, id64_t agency, const struct people_filter *filter,
                 struct people_page *out)
{
    struct str search = str_fold(tx->arena, filter->search);
    struct list all;
    size_t n = 0;

    if (!user_list(tx, agency, &all)) return false;
    const struct user *users = all.at;
    struct sorted_row *rows = ARENA_ARRAY(tx->arena, struct sorted_row, all.count + 1);
    for (size_t i = 0; i < all.count; i++) {
        if (passes(tx->arena, filter, search, &users[i]))
            rows[n++] =
                (struct sorted_row){ .of = &users[i],
                                     .place = place_of(tx->arena, filter->sort, &users[i]) };
    }
    struct sorted_page page = sorted_page(rows, n, &filter->page);
    struct user *shown = ARENA_ARRAY(tx->arena, struct user, page.count + 1);
    for (size_t i = 0; i < page.count; i++)
        shown[i] = *(const struct user *)page.rows[i].of;
    *out = (struct people_page){
        .users = { shown, page.count }, .total = n, .has_more = page.has_more, .last = page.last
    };
    return true;
}
