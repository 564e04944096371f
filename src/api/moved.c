#include "api/moved.h"

#include "api/views.h"
#include "store/names.h"

bool moved_describe(struct request *r, struct moved_entry *moved, size_t n)
{
    id64_t *others = ARENA_ARRAY(r->arena, id64_t, n);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n);

    for (size_t i = 0; i < n; i++)
        others[i] = moved[i].entry->amount < 0 ? moved[i].ends.to : moved[i].ends.from;
    if (!names_find(r->tx, r->caller.agency, others, n, names)) return false;
    for (size_t i = 0; i < n; i++) {
        enum posting_kind kind = (enum posting_kind)moved[i].entry->kind;

        moved[i].description = STR_NONE;
        if (others[i] == ID_NONE || caller_may_reach(r, CAN_WALLET_VIEW, others[i]) != REASON_NONE)
            continue;
        moved[i].description =
            str_format(r->arena, "%s %s %.*s", posting_kind_sentence(kind),
                       moved[i].entry->amount < 0 ? "to" : "from", STR_ARG(names[i]));
    }
    return true;
}
