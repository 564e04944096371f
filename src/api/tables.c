#include "api/tables.h"

bool table_ask(struct request *r, const struct table *table, int sort, const struct page *page,
               struct table_ask *out)
{
    int chosen = sort < 0 ? 0 : sort;
    struct cursor cursor;

    *out = (struct table_ask){
        .list =
            str_to_c(r->arena, str_format(r->arena, "%s %s", table->name, table->sorts[chosen])),
        .column = chosen / 2,
        .page = { .descending = chosen % 2 == 1, .limit = (size_t)page_limit(page) },
    };
    if (!page_cursor(r, page->cursor, out->list, &cursor)) return false;
    out->page.after = (struct place){ cursor.number, cursor.text, cursor.id };
    return true;
}

struct str table_next(struct request *r, const struct table_ask *ask, const struct place *last)
{
    return cursor_encode(
        r->arena,
        &(struct cursor){
            .list = ask->list, .number = last->number, .text = last->text, .id = last->id });
}
