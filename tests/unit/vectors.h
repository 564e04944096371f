/* The rows of tests/vectors/NAME.json, and their members as the domain's types. */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include "base/decimal.h"
#include "source_root.h"

#include <cjson/cJSON.h>

/* The file's array; freed with cJSON_Delete. Never empty: a test over no rows proves nothing. */
static inline cJSON *vectors_load(struct arena *arena, const char *name)
{
    struct str path = str_format(arena, "tests/vectors/%s.json", name);
    struct str text = source_file(arena, str_to_c(arena, path));
    cJSON *rows = cJSON_ParseWithLength(text.at, text.len);

    assert_true(cJSON_IsArray(rows) && cJSON_GetArraySize(rows) > 0);
    return rows;
}

static inline struct str vector_text(const cJSON *row, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, member);

    assert_true(cJSON_IsString(value));
    return str_from_c(value->valuestring);
}

static inline int64_t vector_integer(const cJSON *row, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, member);

    assert_true(cJSON_IsNumber(value));
    return (int64_t)value->valuedouble;
}

static inline micros_t vector_money(const cJSON *row, const char *member)
{
    micros_t amount = 0;

    assert_true(micros_parse(vector_text(row, member), &amount));
    return amount;
}

#endif
