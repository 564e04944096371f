#include "cli/demo/trail.h"

#include "cli/demo/story.h"
#include "store/audit.h"

enum { RECORD_BYTES = 512 };

/* An address of the documentation block (RFC 5737), and the browser that people have. */
#define OWNER_ADDRESS "203.0.113.24"
#define OWNER_BROWSER                                                                        \
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)" \
    " Chrome/140.0.0.0 Safari/537.36"

static struct str text_of(struct arena *arena, const struct demo_record *record)
{
    struct buffer text = buffer_new(arena, RECORD_BYTES);

    if (record->fields == NULL) return STR_NONE;
    fields_to_json(record->fields, record->of, &text);
    return buffer_str(&text);
}

bool demo_trail_add(struct tx *tx, const struct demo_deed *deed)
{
    struct audit_event event = {
        .agency_id = deed->agency,
        .id = id_new(tx->now),
        .at = tx->now,
        .action = str_from_c(deed->action),
        .user_id = deed->owner,
        .actor_name = str_from_c(demo_agency.owner_name),
        .target_kind = str_from_c(id_prefix(deed->kind)),
        .target_id = deed->target,
        .address = STR(OWNER_ADDRESS),
        .user_agent = STR(OWNER_BROWSER),
        .request_id = id_format(tx->arena, ID_REQUEST, id_new(tx->now)),
        .before = text_of(tx->arena, &deed->before),
        .after = text_of(tx->arena, &deed->after),
    };
    return audit_insert(tx, &event);
}
