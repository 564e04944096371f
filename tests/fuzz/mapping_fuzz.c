/* What engines send, and mappings that people write: whatever the bytes, an answer and no harm. The first byte chooses
   what is looked at; a mapping and its payload are parted by a NUL. */
#include "domain/adapters.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (INT64_C(1790000000) * MICROS_PER_SECOND)

static void apply(struct arena *arena, const struct mapping *mapping, struct str payload)
{
    const struct mapping_defaults defaults = { .zone = zone_find(STR("Europe/Berlin")),
                                               .now = NOW,
                                               .source = STR("fuzz") };
    struct mapped_call call;
    struct problem problem;
    const struct cJSON *tree;

    problem_init(&problem, arena);
    if (!json_parse_foreign(arena, payload, &problem, &tree)) return;
    enum mapping_outcome outcome = mapping_apply(mapping, arena, &defaults, tree, &problem, &call);
    assert((outcome == MAPPING_FAULTY) == problem_is_set(&problem));
    assert(call.n_keys <= MAPPING_KEYS_MAX);
    if (outcome == MAPPING_CALL) {
        assert(!str_is_absent(call.record.id));
        assert(call.record.duration_seconds >= 0
               && call.record.duration_seconds <= CALL_DURATION_MAX);
    }
}

static void try_engine(struct arena *arena, enum adapter_kind kind, struct str body)
{
    const struct adapter *adapter = adapter_of(kind);
    struct adapter_message message = { .url = STR("https://x.example/y"), .body = body };
    struct problem problem;
    struct list payloads;

    for (int i = 0; i < ADAPTER_HEADER_COUNT; i++)
        message.headers[i] = body;
    adapter->verify(arena, &message, STR("a secret of ours"), NOW);
    problem_init(&problem, arena);
    if (!adapter->split(arena, &message, &problem, &payloads)) {
        assert(problem_is_set(&problem));
        return;
    }
    const struct str *texts = payloads.at;
    assert(payloads.count <= ADAPTER_PAYLOADS_MAX);
    for (size_t i = 0; i < payloads.count; i++) {
        const struct cJSON *tree;
        assert(json_parse_foreign(arena, texts[i], &problem, &tree)); /* what was split is JSON */
        if (adapter->mapping != NULL) apply(arena, adapter->mapping, texts[i]);
    }
}

static void try_mapping(struct arena *arena, struct str text, struct str payload)
{
    struct mapping mapping;
    struct problem problem;
    const struct cJSON *tree;

    problem_init(&problem, arena);
    if (!json_parse(arena, text, &problem, &tree)
        || !fields_from_json(mapping_fields, FIELDS_CLOSED, arena, tree, STR(""), &problem,
                             &mapping, NULL)
        || !mapping_check(&mapping, &problem))
        return;
    apply(arena, &mapping, payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4096);
    struct str rest = { (const char *)data, size };

    if (size > 0) {
        int chosen = data[0] % (ADAPTER_COUNT + 1);
        rest = str_sub(rest, 1, size);
        const char *middle = rest.len == 0 ? NULL : memchr(rest.at, '\0', rest.len);
        if (chosen < ADAPTER_COUNT) {
            try_engine(arena, (enum adapter_kind)chosen, rest);
        } else if (middle != NULL) {
            size_t len = (size_t)(middle - rest.at);
            try_mapping(arena, str_sub(rest, 0, len), str_sub(rest, len + 1, rest.len));
        }
    }
    arena_free(arena);
    return 0;
}
