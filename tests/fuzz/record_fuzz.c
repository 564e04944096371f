/* A request body to JSON to call records: whatever the bytes, an answer and no harm; and a record that was taken
   is the same after writing it out and reading it again. */
#include "domain/calls.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(struct arena *arena, const struct cJSON *object, instant_t now)
{
    struct call_record record, again;
    struct problem problem;
    const struct cJSON *tree = NULL;

    problem_init(&problem, arena);
    if (!fields_from_json(call_record_fields, FIELDS_CLOSED, arena, object, STR(""), &problem,
                          &record, NULL)) {
        assert(problem_is_set(&problem));
        return;
    }
    struct buffer text = buffer_new(arena, 256);
    fields_to_json(call_record_fields, &record, &text);
    assert(json_parse(arena, buffer_str(&text), &problem, &tree));
    assert(fields_from_json(call_record_fields, FIELDS_CLOSED, arena, tree, STR(""), &problem,
                            &again, NULL));
    assert(call_record_fingerprint(&record, 1) == call_record_fingerprint(&again, 1));
    assert(call_record_check(&record, now, STR(""), &problem) != problem_is_set(&problem));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const instant_t now = INT64_C(1764000000) * MICROS_PER_SECOND;
    struct arena *arena = arena_new(4096);
    struct str body = { (const char *)data, size };
    struct problem problem;
    const struct cJSON *tree = NULL;

    problem_init(&problem, arena);
    if (!json_parse(arena, body, &problem, &tree)) {
        assert(problem_is_set(&problem));
    } else if (json_is_array(tree)) {
        for (const struct cJSON *item = json_first(tree); item != NULL; item = json_next(item)) {
            check_record(arena, item, now);
        }
    } else {
        check_record(arena, tree, now);
    }
    arena_free(arena);
    return 0;
}
