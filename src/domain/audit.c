#include "domain/audit.h"

static void add_integer(struct buffer *out, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        buffer_add_byte(out, (char)(value >> (8 * i)));
}

static void add_text(struct buffer *out, struct str text)
{
    add_integer(out, str_is_absent(text) ? 0 : (uint64_t)text.len + 1, 4);
    buffer_add(out, text);
}

struct hash audit_chain_hash(struct arena *arena, const struct hash *previous,
                             const struct audit_event *event)
{
    const int64_t numbers[] = { event->seq,     event->agency_id,  event->id,       event->at,
                                event->user_id, event->api_key_id, event->target_id };
    const struct str texts[] = { event->action,  event->actor_name, event->target_kind,
                                 event->address, event->user_agent, event->request_id,
                                 event->before,  event->after };
    struct buffer content = buffer_new(arena, 512 + event->before.len + event->after.len);

    buffer_add(&content, (struct str){ (const char *)previous->at, HASH_BYTES });
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        add_integer(&content, (uint64_t)numbers[i], 8);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        add_text(&content, texts[i]);
    return hash_of(buffer_str(&content));
}
