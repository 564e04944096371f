#include "engine/platform_list.h"

static bool passes(struct arena *arena, const struct platform_filter *filter, struct str search,
                   const struct platform_agency *agency)
{
    if (filter->status >= 0 && agency->status != filter->status) return false;
    if (!str_is_absent(filter->plan) && !str_equal(agency->plan_code, filter->plan)) return false;
    return str_is_absent(search) || str_contains(str_fold(arena, agency->name), search)
        || str_contains(str_fold(arena, agency->owner_email), search);
}

static struct place place_of(struct arena *arena, enum platform_sort sort,
                             const struct platform_agency *agency)
{
    struct place place = { .text = STR(""), .id = agency->id };

    switch (sort) {
    case AGENCIES_BY_NAME: place.text = str_fold(arena, agency->name); break;
    case AGENCIES_BY_CREATED: place.number = agency->created_at; break;
    case AGENCIES_BY_SUBACCOUNTS: place.number = agency->subaccounts; break;
    case AGENCIES_BY_CREDIT: place.number = agency->credit; break;
    }
    return place;
}

/* Those that pass, moved to the front of `all`; counted where that is what they are sorted by. */
static bool filtered(struct tx *tx, const struct platform_filter *filter, struct list *all)
{
    struct platform_agency *agencies = all->at;
    struct str search = str_fold(tx->arena, filter->search);
    size_t n = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (passes(tx->arena, filter, search, &agencies[i])) agencies[n++] = agencies[i];
    }
    all->count = n;
    return filter->sort != AGENCIES_BY_SUBACCOUNTS || platform_agency_counts(tx, agencies, n);
}

bool platform_page(struct tx *tx, const struct platform_filter *filter, struct platform_page *out)
{
    struct list all;

    if (!platform_agency_list(tx, &all) || !filtered(tx, filter, &all)) return false;
    const struct platform_agency *agencies = all.at;
    struct sorted_row *rows = ARENA_ARRAY(tx->arena, struct sorted_row, all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        rows[i] = (struct sorted_row){ .of = &agencies[i],
                                       .place = place_of(tx->arena, filter->sort, &agencies[i]) };
    struct sorted_page page = sorted_page(rows, all.count, &filter->page);
    struct platform_agency *shown = ARENA_ARRAY(tx->arena, struct platform_agency, page.count + 1);
    for (size_t i = 0; i < page.count; i++)
        shown[i] = *(const struct platform_agency *)page.rows[i].of;
    *out = (struct platform_page){ .agencies = { shown, page.count },
                                   .total = all.count,
                                   .has_more = page.has_more,
                                   .last = page.last };
    return platform_agency_counts(tx, shown, page.count);
}
