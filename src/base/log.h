/* Structured logging to stderr, one line an event, as logfmt or JSON. No secret is ever passed in. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_LOGFMT, LOG_JSON };

void log_configure(enum log_level least, enum log_format format);
bool log_enabled(enum log_level level);

/* One value of an event; made with the LOG_… macros below. */
struct log_value {
    const char *key;
    enum { LOG_VALUE_TEXT, LOG_VALUE_INT } type;
    struct str text;
    int64_t number;
};

#define LOG_TEXT(key, str_value) ((struct log_value){ (key), LOG_VALUE_TEXT, (str_value), 0 })
#define LOG_INT(key, int_value) \
    ((struct log_value){ (key), LOG_VALUE_INT, STR_NONE, (int64_t)(int_value) })

/* log_event(LOG_INFO, "request", LOG_TEXT("path", path), LOG_INT("status", 200)): time, level and
   event come first; values are escaped, cut at 1,024 bytes; one write(2) per line. */
#define log_event(level, event, ...)                                       \
    log_write((level), (event), (const struct log_value[]){ __VA_ARGS__ }, \
              sizeof((const struct log_value[]){ __VA_ARGS__ }) / sizeof(struct log_value))
void log_write(enum log_level level, const char *event, const struct log_value *values,
               size_t count);

#endif
