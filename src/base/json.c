#include "base/json.h"

#include "base/json_scan.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <pthread.h>

/* cJSON's allocator is process-wide: its hooks hand out from the arena of the thread's current parse. */
static _Thread_local struct arena *parse_arena;
static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;

static void *allocate(size_t bytes)
{
    return arena_alloc_raw(parse_arena, bytes);
}

static void release(void *at)
{
    (void)at; /* the arena is freed whole */
}

static void set_hooks(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = allocate, .free_fn = release });
}

static struct str without_bom(struct str text)
{
    return str_starts_with(text, STR("\xEF\xBB\xBF")) ? str_sub(text, 3, text.len) : text;
}

struct str json_bare(struct str text)
{
    return str_trim(without_bom(text));
}

static bool parse(struct arena *arena, struct str text, int depth_max, struct problem *problem,
                  const struct cJSON **out)
{
    size_t offset;

    text = without_bom(text);
    if (!str_is_text(text)) return fail_as(problem, REASON_BAD_TEXT, NULL);
    enum reason wrong = json_scan(text, depth_max, &offset);
    if (wrong == REASON_TOO_DEEP)
        return fail(problem, wrong, NULL, "The JSON is nested more than %d levels deep.",
                    depth_max);
    if (wrong != REASON_NONE)
        return fail(problem, wrong, NULL, "%s It goes wrong at byte %zu.", reason_sentence(wrong),
                    offset);
    pthread_once(&hooks_once, set_hooks);
    parse_arena = arena;
    *out = cJSON_ParseWithLength(text.at, text.len);
    parse_arena = NULL;
    if (*out == NULL) return fail_as(problem, REASON_BAD_JSON, NULL);
    return true;
}

bool json_parse(struct arena *arena, struct str text, struct problem *problem,
                const struct cJSON **out)
{
    return parse(arena, text, JSON_DEPTH_MAX, problem, out);
}

bool json_parse_foreign(struct arena *arena, struct str text, struct problem *problem,
                        const struct cJSON **out)
{
    return parse(arena, text, JSON_FOREIGN_DEPTH_MAX, problem, out);
}

bool json_is_array(const struct cJSON *value)
{
    return cJSON_IsArray(value);
}

bool json_is_object(const struct cJSON *value)
{
    return cJSON_IsObject(value);
}

const struct cJSON *json_first(const struct cJSON *array)
{
    return array->child;
}

const struct cJSON *json_next(const struct cJSON *item)
{
    return item->next;
}

const struct cJSON *json_member(const struct cJSON *object, struct str name)
{
    const struct cJSON *member = cJSON_IsObject(object) ? object->child : NULL;

    while (member != NULL && !str_equal_c(name, member->string))
        member = member->next;
    return member;
}

const struct cJSON *json_item(const struct cJSON *array, size_t index)
{
    const struct cJSON *item = cJSON_IsArray(array) ? array->child : NULL;

    for (size_t i = 0; item != NULL && i < index; i++)
        item = item->next;
    return item;
}

/* As JavaScript would: the shortest text of the number that fits, whole ones without a point. */
static struct str number_text(struct arena *arena, double number)
{
    if (fabs(number) <= (double)JSON_INTEGER_MAX && number == trunc(number))
        return str_format(arena, "%lld", (long long)number);
    return str_format(arena, "%.15g", number);
}

struct str json_scalar(struct arena *arena, const struct cJSON *value)
{
    if (cJSON_IsString(value)) return str_from_c(value->valuestring);
    if (cJSON_IsNumber(value)) return number_text(arena, value->valuedouble);
    if (cJSON_IsBool(value)) return cJSON_IsTrue(value) ? STR("true") : STR("false");
    return STR_NONE;
}

size_t json_array_length(const struct cJSON *array)
{
    size_t length = 0;

    for (const struct cJSON *item = json_first(array); item != NULL; item = json_next(item))
        length++;
    return length;
}

/* The escape of a byte, or NULL when it stands for itself. */
static const char *short_escape(unsigned char c)
{
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '<': return "\\u003c";
    default: return NULL;
    }
}

/* U+2028 and U+2029, which end lines in some languages: E2 80 A8 and E2 80 A9. */
static bool is_line_separator(struct str text, size_t at)
{
    return text.len - at >= 3 && (unsigned char)text.at[at] == 0xE2
        && (unsigned char)text.at[at + 1] == 0x80 && ((unsigned char)text.at[at + 2] | 1) == 0xA9;
}

void json_write_string(struct buffer *out, struct str text)
{
    size_t copied = 0;

    buffer_add_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0xE2) continue;
        if (c == 0xE2 && !is_line_separator(text, i)) continue;
        buffer_add(out, str_sub(text, copied, i - copied));
        if (c == 0xE2) {
            buffer_add_c(out, (unsigned char)text.at[i + 2] == 0xA8 ? "\\u2028" : "\\u2029");
            i += 2;
        } else if (short_escape(c) != NULL) {
            buffer_add_c(out, short_escape(c));
        } else {
            buffer_add_format(out, "\\u%04x", c);
        }
        copied = i + 1;
    }
    buffer_add(out, str_sub(text, copied, text.len));
    buffer_add_byte(out, '"');
}
