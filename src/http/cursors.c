#include "http/cursors.h"

#include "base/hash.h"

#include <sodium.h>
#include <string.h>

enum { CHECK_BYTES = 6, CURSOR_CHARS_MAX = 2048 };

/* What is inside: "number id text", before it a few bytes that tell another list's or a mangled cursor. This is no
   secret: a cursor shows nothing that its list did not. */
static struct hash check_of(struct arena *arena, const char *list, struct str inside)
{
    return hash_of(str_format(arena, "%s\n%.*s", list, STR_ARG(inside)));
}

struct str cursor_encode(struct arena *arena, const struct cursor *cursor)
{
    bool has_text = !str_is_absent(cursor->text);
    struct str inside =
        str_format(arena, "%lld %lld %c%.*s", (long long)cursor->number, (long long)cursor->id,
                   has_text ? 't' : 'n', has_text ? (int)cursor->text.len : 0,
                   has_text ? cursor->text.at : "");
    struct hash check = check_of(arena, cursor->list, inside);
    struct buffer raw = buffer_new(arena, CHECK_BYTES + inside.len);

    buffer_add(&raw, (struct str){ (const char *)check.at, CHECK_BYTES });
    buffer_add(&raw, inside);
    size_t size = sodium_base64_encoded_len(raw.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc_raw(arena, size);
    sodium_bin2base64(text, size, (const unsigned char *)raw.at, raw.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_from_c(text);
}

bool cursor_decode(struct arena *arena, struct str text, const char *list, struct cursor *out)
{
    size_t len = 0;
    struct str number, id;

    if (text.len > CURSOR_CHARS_MAX) return false;
    unsigned char *raw = arena_alloc_raw(arena, text.len + 1);
    if (sodium_base642bin(raw, text.len + 1, text.at, text.len, NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING)
            != 0
        || len < CHECK_BYTES)
        return false;
    struct str inside = { (const char *)raw + CHECK_BYTES, len - CHECK_BYTES };
    struct hash check = check_of(arena, list, inside);
    if (memcmp(check.at, raw, CHECK_BYTES) != 0) return false;
    *out = (struct cursor){ .list = list };
    if (!str_split(&inside, ' ', &number) || !str_split(&inside, ' ', &id) || inside.len == 0
        || !str_to_int64(number, &out->number) || !str_to_int64(id, &out->id)
        || !str_is_text(inside))
        return false;
    out->text = inside.at[0] == 't' ? str_sub(inside, 1, inside.len) : STR_NONE;
    return true;
}
