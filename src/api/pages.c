#include "api/pages.h"

int64_t page_limit(const struct page *page)
{
    return page->limit > 0 ? page->limit : PAGE_LIMIT_DEFAULT;
}

int64_t page_rows(const struct page *page)
{
    return page_limit(page) + 1;
}

bool page_cursor_refuse(struct request *r)
{
    return fail_field_as(&r->problem, REASON_BAD_CURSOR, STR("cursor"));
}

bool page_cursor(struct request *r, struct str text, const char *list, struct cursor *out)
{
    *out = (struct cursor){ 0 };
    return str_is_absent(text) || cursor_decode(r->arena, text, list, out) || page_cursor_refuse(r);
}

bool page_before(struct request *r, const struct page *page, const char *list, id64_t *before)
{
    struct cursor cursor;

    if (!page_cursor(r, page->cursor, list, &cursor)) return false;
    *before = cursor.id;
    return str_is_absent(page->cursor) || cursor.id > 0 || page_cursor_refuse(r);
}

size_t page_shown(const struct page *page, const struct list *rows)
{
    size_t limit = (size_t)page_limit(page);

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
    return fail_field_as(&r->problem, REASON_BAD_RANGE, STR("to"));
}
