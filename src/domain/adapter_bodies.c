/* What engines' bodies look like, each payload made JSON text (domain/adapter_parts.h). */
#include "domain/adapter_parts.h"

#include "base/json.h"

#include <stdlib.h>

/* Payloads on their way out. */
struct payloads {
    struct arena *arena;
    struct str *at;
    size_t count;
};

static struct payloads payloads_new(struct arena *arena, size_t most)
{
    return (struct payloads){ arena, ARENA_ARRAY(arena, struct str, most + 1), 0 };
}

static bool finish(const struct payloads *payloads, struct list *out)
{
    *out = (struct list){ payloads->at, payloads->count };
    return true;
}

static bool refuse_many(struct problem *problem)
{
    return fail(problem, REASON_BATCH_TOO_LARGE, NULL, "One message holds at most %d calls.",
                ADAPTER_PAYLOADS_MAX);
}

/* --- JSON --- */

/* The texts of an array's items, cut out of its own: brackets and quotes are balanced, as it was parsed before. */
static void cut_items(struct str text, struct payloads *out)
{
    size_t depth = 0, from = 0;
    bool in_string = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"') in_string = true;
        if (c == '[' || c == '{') {
            if (++depth == 1) from = i + 1;
        } else if (c == ']' || c == '}') {
            if (--depth == 0) out->at[out->count++] = str_trim(str_sub(text, from, i - from));
        } else if (c == ',' && depth == 1) {
            out->at[out->count++] = str_trim(str_sub(text, from, i - from));
            from = i + 1;
        }
    }
}

static bool all_are_objects(const struct cJSON *array)
{
    for (const struct cJSON *item = json_first(array); item != NULL; item = json_next(item)) {
        if (!json_is_object(item)) return false;
    }
    return true;
}

bool split_json(struct arena *arena, const struct adapter_message *message, struct problem *problem,
                struct list *out)
{
    const struct cJSON *value;

    if (!json_parse_foreign(arena, message->body, problem, &value)) return false;
    bool is_array = json_is_array(value);
    size_t count = is_array ? json_array_length(value) : 1;
    struct payloads payloads = payloads_new(arena, count);

    if (is_array ? !all_are_objects(value) : !json_is_object(value))
        return fail(problem, REASON_BAD_JSON, NULL,
                    "The body must be a JSON object or an array of them.");
    if (count > ADAPTER_PAYLOADS_MAX) return refuse_many(problem);
    if (is_array && count > 0)
        cut_items(message->body, &payloads);
    else if (!is_array)
        payloads.at[payloads.count++] = json_bare(message->body);
    return finish(&payloads, out);
}

/* --- forms --- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* A name or value without its escapes; false when one of them is broken. */
static bool read_escaped(struct arena *arena, struct str text, struct str *out)
{
    struct buffer clear = buffer_new(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 2 < text.len ? hex_value(text.at[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_value(text.at[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        buffer_add_byte(&clear, c);
    }
    *out = buffer_str(&clear);
    return true;
}

static size_t count_bytes(struct str text, char byte)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == byte;
    return count;
}

bool form_read(struct arena *arena, struct str body, struct list *out)
{
    struct str rest = str_trim(body), pair;
    struct form_field *fields = ARENA_ARRAY(arena, struct form_field, count_bytes(rest, '&') + 1);
    size_t count = 0;

    while (str_split(&rest, '&', &pair)) {
        struct str value = pair, name;
        if (pair.len == 0 || !str_split(&value, '=', &name)) continue;
        if (!read_escaped(arena, name, &fields[count].name)
            || !read_escaped(arena, value, &fields[count].value))
            return false;
        count++;
    }
    *out = (struct list){ fields, count };
    return true;
}

static int compare_fields(const void *a, const void *b)
{
    const struct form_field *one = a, *other = b;
    int by_name = str_compare(one->name, other->name);

    return by_name != 0 ? by_name : str_compare(one->value, other->value);
}

void form_sort(struct list *form)
{
    if (form->count > 1) qsort(form->at, form->count, sizeof(struct form_field), compare_fields);
}

static void add_member(struct buffer *json, struct str name, struct str value)
{
    buffer_add_byte(json, json->len == 1 ? ' ' : ',');
    json_write_string(json, name);
    buffer_add_byte(json, ':');
    json_write_string(json, value);
}

bool split_form(struct arena *arena, const struct adapter_message *message, struct problem *problem,
                struct list *out)
{
    struct payloads payloads = payloads_new(arena, 1);
    struct buffer json = buffer_new(arena, message->body.len * 2);
    struct list form;

    if (!form_read(arena, message->body, &form) || form.count == 0)
        return fail(problem, REASON_BAD_REQUEST, NULL, "The body must be a form.");
    buffer_add_byte(&json, '{');
    const struct form_field *fields = form.at;
    for (size_t i = 0; i < form.count; i++) {
        if (!str_is_text(fields[i].name) || !str_is_text(fields[i].value))
            return fail_as(problem, REASON_BAD_TEXT, NULL);
        add_member(&json, fields[i].name, fields[i].value);
    }
    buffer_add_byte(&json, '}');
    payloads.at[payloads.count++] = buffer_str(&json);
    return finish(&payloads, out);
}

/* --- CloudEvents --- */

/* An event whose attributes came as headers, put together as if it had come in one piece. */
static bool assemble_event(struct arena *arena, const struct adapter_message *message,
                           struct problem *problem, struct list *out)
{
    static const struct {
        const char *name;
        enum adapter_header header;
    } attributes[] = {
        { "specversion", HEADER_CE_SPECVERSION }, { "id", HEADER_CE_ID },
        { "source", HEADER_CE_SOURCE },           { "type", HEADER_CE_TYPE },
        { "subject", HEADER_CE_SUBJECT },         { "time", HEADER_CE_TIME },
    };
    struct buffer json = buffer_new(arena, message->body.len + 256);
    struct payloads payloads = payloads_new(arena, 1);
    const struct cJSON *data;

    if (!json_parse_foreign(arena, message->body, problem, &data)) return false;
    buffer_add_byte(&json, '{');
    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        struct str value = message->headers[attributes[i].header];
        if (str_is_absent(value)) continue;
        if (!str_is_text(value)) return fail_as(problem, REASON_BAD_TEXT, NULL);
        add_member(&json, str_from_c(attributes[i].name), value);
    }
    buffer_add_c(&json, ",\"data\":");
    buffer_add(&json, json_bare(message->body));
    buffer_add_byte(&json, '}');
    payloads.at[payloads.count++] = buffer_str(&json);
    return finish(&payloads, out);
}

bool split_events(struct arena *arena, const struct adapter_message *message,
                  struct problem *problem, struct list *out)
{
    bool has_attributes = !str_is_absent(message->headers[HEADER_CE_SPECVERSION]);
    bool is_whole = str_starts_with(message->content_type, STR("application/cloudevents"));

    return has_attributes && !is_whole ? assemble_event(arena, message, problem, out)
                                       : split_json(arena, message, problem, out);
}

/* --- Asterisk --- */

/* cdr_csv's order. What stands after the fixed ones comes and goes with cdr.conf: with one column more it is the unique
   id, with two the user's field, too. */
static const char *const cdr_columns[] = {
    "accountcode", "src",      "dst",         "dcontext", "clid",     "channel",
    "dstchannel",  "lastapp",  "lastdata",    "start",    "answer",   "end",
    "duration",    "billsec",  "disposition", "amaflags", "uniqueid", "userfield",
    "peeraccount", "linkedid", "sequence",    NULL,
};
enum { CDR_UNIQUEID = 16, CDR_COLUMNS_LEAST = 17, CDR_COLUMNS_MOST = 21 };

/* One cell off the line, RFC 4180: quotes around it, doubled ones within. What stands between the closing quote and the
   comma, where nothing should, belongs to it. */
static bool next_cell(struct arena *arena, struct str *rest, struct str *cell)
{
    struct buffer text;
    struct str after;
    size_t i = 1;

    if (str_is_absent(*rest)) return false;
    if (rest->len == 0 || rest->at[0] != '"') return str_split(rest, ',', cell);
    text = buffer_new(arena, rest->len);
    for (; i < rest->len; i++) {
        if (rest->at[i] == '"' && (i + 1 == rest->len || rest->at[i + 1] != '"')) break;
        if (rest->at[i] == '"') i++;
        buffer_add_byte(&text, rest->at[i]);
    }
    *rest = i + 1 < rest->len ? str_sub(*rest, i + 1, rest->len) : STR_NONE;
    if (str_split(rest, ',', &after)) buffer_add(&text, after);
    *cell = buffer_str(&text);
    return true;
}

/* A call has one uniqueid and may have several lines, which the sequence tells apart where it is written. */
static bool read_line(struct arena *arena, struct str line, struct str *out)
{
    struct buffer json = buffer_new(arena, line.len * 2 + 256);
    struct str cells[CDR_COLUMNS_MOST], rest = line, cell;
    size_t column = 0;

    buffer_add_byte(&json, '{');
    while (next_cell(arena, &rest, &cell)) {
        if (column == CDR_COLUMNS_MOST) return false;
        cells[column] = str_trim(cell);
        add_member(&json, str_from_c(cdr_columns[column]), cells[column]);
        column++;
    }
    if (column == CDR_COLUMNS_MOST && cells[CDR_UNIQUEID].len > 0)
        add_member(&json, STR("leg"),
                   str_format(arena, "%.*s.%.*s", STR_ARG(cells[CDR_UNIQUEID]),
                              STR_ARG(cells[CDR_COLUMNS_MOST - 1])));
    buffer_add_byte(&json, '}');
    *out = buffer_str(&json);
    return column >= CDR_COLUMNS_LEAST;
}

static bool split_lines(struct arena *arena, struct str body, struct problem *problem,
                        struct list *out)
{
    size_t most = count_bytes(body, '\n') + 1;
    struct payloads payloads = payloads_new(arena, most);
    struct str rest = body, line;

    if (!str_is_text(body)) return fail_as(problem, REASON_BAD_TEXT, NULL);
    while (str_split(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0) continue;
        if (payloads.count == ADAPTER_PAYLOADS_MAX) return refuse_many(problem);
        if (!read_line(arena, line, &payloads.at[payloads.count]))
            return fail(problem, REASON_BAD_REQUEST, NULL,
                        "Line %zu has not the columns of Asterisk's Master.csv, with uniqueid.",
                        payloads.count + 1);
        payloads.count++;
    }
    return finish(&payloads, out);
}

bool split_cdr(struct arena *arena, const struct adapter_message *message, struct problem *problem,
               struct list *out)
{
    struct str body = str_trim(message->body);
    bool is_json = body.len > 0 && (body.at[0] == '{' || body.at[0] == '[');

    return is_json ? split_json(arena, message, problem, out)
                   : split_lines(arena, body, problem, out);
}
