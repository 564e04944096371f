#include "base/log.h"

#include "base/json.h"
#include "base/time.h"

#include <stdatomic.h>
#include <unistd.h>

enum { LOG_LINE_BYTES = 8192, LOG_VALUE_MAX = 1024 };

static _Atomic enum log_level least_level = LOG_INFO;
static _Atomic enum log_format line_format = LOG_LOGFMT;

static const char *const level_names[] = { "debug", "info", "warn", "error" };

void log_configure(enum log_level least, enum log_format format)
{
    atomic_store(&least_level, least);
    atomic_store(&line_format, format);
}

bool log_enabled(enum log_level level)
{
    return level >= atomic_load_explicit(&least_level, memory_order_relaxed);
}

/* Whether a logfmt value can stand without quotes. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c >= 0x7F) return false;
    }
    return text.len > 0;
}

/* The text, or in hex what is none: a line of the log is always valid JSON or logfmt. */
static struct str readable(struct arena *arena, struct str text)
{
    if (str_is_text(text)) return text;
    return str_hex(arena, (struct bytes){ (const unsigned char *)text.at, text.len });
}

static void write_text(struct buffer *line, struct str text, bool quoted)
{
    struct str shown = readable(line->arena, str_cut(text, LOG_VALUE_MAX));

    if (quoted || !is_plain(shown))
        json_write_string(line, str_is_absent(shown) ? STR("") : shown);
    else
        buffer_add(line, shown);
}

static void write_pair(struct buffer *line, enum log_format format, const char *key,
                       struct str text)
{
    if (format == LOG_JSON) {
        buffer_add_format(line, "%s\"%s\":", line->len > 1 ? "," : "", key);
        write_text(line, text, true);
    } else {
        buffer_add_format(line, "%s%s=", line->len > 0 ? " " : "", key);
        write_text(line, text, false);
    }
}

static void write_number(struct buffer *line, enum log_format format, const char *key,
                         int64_t number)
{
    buffer_add_format(line, format == LOG_JSON ? ",\"%s\":" : " %s=", key);
    buffer_add_int(line, number);
}

void log_write(enum log_level level, const char *event, const struct log_value *values,
               size_t count)
{
    if (!log_enabled(level)) return;
    enum log_format format = atomic_load_explicit(&line_format, memory_order_relaxed);
    struct arena *arena = arena_new(LOG_LINE_BYTES);
    struct buffer line = buffer_new(arena, LOG_LINE_BYTES / 4);

    if (format == LOG_JSON) buffer_add_byte(&line, '{');
    write_pair(&line, format, "time", instant_format(arena, clock_now()));
    write_pair(&line, format, "level", str_from_c(level_names[level]));
    write_pair(&line, format, "event", str_from_c(event));
    for (size_t i = 0; i < count; i++) {
        if (values[i].type == LOG_VALUE_INT)
            write_number(&line, format, values[i].key, values[i].number);
        else
            write_pair(&line, format, values[i].key, values[i].text);
    }
    if (format == LOG_JSON) buffer_add_byte(&line, '}');
    buffer_add_byte(&line, '\n');
    /* A log that cannot be written has nowhere to say so. */
    ssize_t written = write(STDERR_FILENO, line.at, line.len);
    (void)written;
    arena_free(arena);
}
