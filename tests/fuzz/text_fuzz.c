/* The small languages: ids, money, instants, integers, text. What parses is written back as something that parses
   to the same value. */
#include "base/decimal.h"
#include "base/id.h"
#include "base/time.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_id(struct arena *arena, struct str text)
{
    for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
        id64_t id = 0;
        id64_t again = 0;
        if (!id_parse(kind, text, &id)) continue;
        assert(id > 0);
        assert(id_parse(kind, id_format(arena, kind, id), &again) && again == id);
    }
}

static void check_micros(struct arena *arena, struct str text)
{
    micros_t amount = 0;
    micros_t again = 0;
    if (!micros_parse(text, &amount)) return;
    assert(micros_parse(micros_format(arena, amount), &again) && again == amount);
}

static void check_instant(struct arena *arena, struct str text)
{
    instant_t instant = 0;
    instant_t again = 0;
    if (!instant_parse(text, &instant)) return;
    assert(instant_parse(instant_format(arena, instant), &again) && again == instant);
}

static void check_integer(struct arena *arena, struct str text)
{
    int64_t value = 0;
    int64_t again = 0;
    if (!str_to_int64(text, &value)) return;
    assert(str_to_int64(str_format(arena, "%lld", (long long)value), &again) && again == value);
}

static void check_text(struct arena *arena, struct str text)
{
    if (!str_is_text(text)) return;
    assert(str_code_points(text) <= text.len);
    struct str folded = str_fold(arena, text);
    assert(str_is_text(folded));
    assert(str_equal(str_fold(arena, folded), folded));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct str text = { (const char *)data, size };

    check_id(arena, text);
    check_micros(arena, text);
    check_instant(arena, text);
    check_integer(arena, text);
    check_text(arena, text);
    arena_free(arena);
    return 0;
}
