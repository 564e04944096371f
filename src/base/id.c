#include "base/id.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

enum { NODE_BITS = 10, SEQUENCE_BITS = 12, NODE_MAX = 1023, ID_CHARS = 13 };

/* 2020-01-01T00:00:00Z in milliseconds: ids count from here. */
#define ID_EPOCH_MS INT64_C(1577836800000)

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's: no i, l, o, u */

static const char *const prefixes[ID_KIND_COUNT] = {
#define ID_KIND(name, prefix) [ID_##name] = prefix,
#include "base/ids.def"
#undef ID_KIND
};

static unsigned node;

/* Milliseconds and sequence of the last id, as one number that only grows. */
static atomic_int_fast64_t last_tick;

void id_set_node(unsigned number)
{
    assert(number <= NODE_MAX);
    node = number;
}

static id64_t id_of_tick(int64_t tick)
{
    int64_t sequence = tick & ((1 << SEQUENCE_BITS) - 1);
    return (tick >> SEQUENCE_BITS) << (NODE_BITS + SEQUENCE_BITS) | (int64_t)node << SEQUENCE_BITS
        | sequence;
}

void id_start_after(id64_t highest)
{
    int64_t last_of_its_ms =
        (highest >> (NODE_BITS + SEQUENCE_BITS)) << SEQUENCE_BITS | ((1 << SEQUENCE_BITS) - 1);

    assert(highest >= 0);
    if (highest > ID_NONE && last_of_its_ms > atomic_load(&last_tick))
        atomic_store(&last_tick, last_of_its_ms);
}

/* The first of `count` ticks that nobody else has: from now, or after the last one when the clock is behind it. */
static int64_t claim_ticks(instant_t now, int64_t count)
{
    int64_t ms = now / 1000 - ID_EPOCH_MS;
    int64_t from_clock = (ms > 0 ? ms : 1) << SEQUENCE_BITS;
    int_fast64_t last = atomic_load(&last_tick), first;

    do {
        first = last >= from_clock ? last + 1 : from_clock;
    } while (!atomic_compare_exchange_weak(&last_tick, &last, first + count - 1));
    return first;
}

id64_t id_new(instant_t now)
{
    return id_of_tick(claim_ticks(now, 1));
}

void id_new_many(instant_t now, id64_t *ids, size_t count)
{
    if (count == 0) return;
    int64_t first = claim_ticks(now, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        ids[i] = id_of_tick(first + (int64_t)i);
}

const char *id_prefix(enum id_kind kind)
{
    assert(kind < ID_KIND_COUNT);
    return prefixes[kind];
}

void buffer_add_id(struct buffer *b, enum id_kind kind, id64_t id)
{
    char digits[ID_CHARS];
    uint64_t rest = (uint64_t)id;

    for (size_t i = ID_CHARS; i > 0; i--, rest >>= 5)
        digits[i - 1] = alphabet[rest & 31];
    buffer_add_c(b, prefixes[kind]);
    buffer_add_byte(b, '_');
    buffer_add(b, (struct str){ digits, ID_CHARS });
}

struct str id_format(struct arena *arena, enum id_kind kind, id64_t id)
{
    struct buffer b = buffer_new(arena, 24);

    buffer_add_id(&b, kind, id);
    return buffer_str(&b);
}

static char lower_case(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The value of a character, or -1. */
static int digit_value(char c)
{
    char lower = lower_case(c);

    if (lower == 'o') lower = '0';
    if (lower == 'i' || lower == 'l') lower = '1';
    const char *found = lower == '\0' ? NULL : strchr(alphabet, lower);
    return found == NULL ? -1 : (int)(found - alphabet);
}

static bool has_prefix(struct str text, const char *prefix, size_t prefix_len)
{
    for (size_t i = 0; i < prefix_len; i++) {
        if (lower_case(text.at[i]) != prefix[i]) return false;
    }
    return text.at[prefix_len] == '_';
}

bool id_parse(enum id_kind kind, struct str text, id64_t *out)
{
    size_t prefix_len = strlen(id_prefix(kind));
    uint64_t value = 0;

    if (text.len != prefix_len + 1 + ID_CHARS || !has_prefix(text, prefixes[kind], prefix_len))
        return false;
    for (size_t i = prefix_len + 1; i < text.len; i++) {
        int digit = digit_value(text.at[i]);
        if (digit < 0 || value > UINT64_MAX >> 5) return false;
        value = value << 5 | (uint64_t)digit;
    }
    if (value == 0 || value > INT64_MAX) return false;
    *out = (id64_t)value;
    return true;
}

instant_t id_instant(id64_t id)
{
    return ((id >> (NODE_BITS + SEQUENCE_BITS)) + ID_EPOCH_MS) * 1000;
}
