#include "api/pages.h"

#include "http/cursors.h"

static int64_t limit_of(const struct page *page)
{
    return page->limit > 0 ? page->limit : PAGE_LIMIT_DEFAULT;
}

int64_t page_rows(const struct page *page)
{
    return limit_of(page) + 1;
}

bool page_before(struct request *r, const struct page *page, const char *list, id64_t *before)
{
    struct cursor cursor;

    *before = ID_NONE;
    if (str_is_absent(page->cursor)) return true;
    if (!cursor_decode(r->arena, page->cursor, list, &cursor) || cursor.id <= 0)
        return fail_field(&r->problem, REASON_BAD_CURSOR, STR("cursor"), "%s",
                          reason_sentence(REASON_BAD_CURSOR));
    *before = cursor.id;
    return true;
}

size_t page_shown(const struct page *page, const struct list *rows)
{
    size_t limit = (size_t)limit_of(page);

    return rows->count < limit ? rows->count : limit;
}

struct str page_next(struct request *r, const struct page *page, const char *list,
                     const struct list *rows, id64_t last_shown)
{
    if (rows->count == page_shown(page, rows)) return STR_NONE;
    return cursor_encode(r->arena, &(struct cursor){ .list = list, .id = last_shown });
}

bool range_allow(struct request *r, instant_t from, instant_t to)
{
    if (from == INSTANT_NONE || to == INSTANT_NONE || from < to) return true;
    return fail_field(&r->problem, REASON_BAD_RANGE, STR("to"), "%s",
                      reason_sentence(REASON_BAD_RANGE));
}
