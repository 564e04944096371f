#include "domain/mapping_values.h"

#include "base/decimal.h"
#include "base/time.h"

/* Sets "~1" and "~0" right; false when another "~" stands there. */
static bool unescape(struct arena *arena, struct str token, struct str *out)
{
    struct buffer text = buffer_new(arena, token.len + 1);

    for (size_t i = 0; i < token.len; i++) {
        char c = token.at[i];
        if (c == '~') {
            char next = i + 1 < token.len ? token.at[++i] : '\0';
            if (next != '0' && next != '1') return false;
            c = next == '0' ? '~' : '/';
        }
        buffer_add_byte(&text, c);
    }
    *out = buffer_str(&text);
    return true;
}

bool pointer_is_valid(struct str pointer)
{
    if (pointer.len > 0 && pointer.at[0] != '/') return false;
    for (size_t i = 0; i < pointer.len; i++) {
        if (pointer.at[i] != '~') continue;
        if (i + 1 == pointer.len || (pointer.at[i + 1] != '0' && pointer.at[i + 1] != '1'))
            return false;
    }
    return true;
}

/* "0" or digits without a leading zero. */
static bool read_index(struct str token, size_t *out)
{
    int64_t index;

    if (token.len == 0 || token.len > 9 || (token.at[0] == '0' && token.len > 1)) return false;
    if (token.at[0] == '-' || !str_to_int64(token, &index)) return false;
    *out = (size_t)index;
    return true;
}

static const struct cJSON *step(const struct cJSON *value, struct str token)
{
    size_t index;

    if (json_is_array(value)) return read_index(token, &index) ? json_item(value, index) : NULL;
    return json_member(value, token);
}

const struct cJSON *pointer_find(struct arena *arena, const struct cJSON *payload,
                                 struct str pointer)
{
    struct str rest = str_sub(pointer, 1, pointer.len), token, name;
    const struct cJSON *value = payload;

    if (!pointer_is_valid(pointer)) return NULL;
    if (pointer.len == 0) return payload;
    while (value != NULL && str_split(&rest, '/', &token))
        value = unescape(arena, token, &name) ? step(value, name) : NULL;
    return value;
}

/* --- numbers --- */

enum { FRACTION_DIGITS = 6 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A decimal in millionths, "93.4" as 93400000. What is beyond a millionth counts as a whole one with `up`. */
static bool read_millionths(struct str text, bool up, int64_t *out)
{
    bool is_negative = text.len > 0 && text.at[0] == '-', more = false;
    struct str rest = is_negative ? str_sub(text, 1, text.len) : text, whole = STR_NONE;
    struct str fraction;
    int64_t units = 0, parts = 0;
    size_t digits = 0;

    str_split(&rest, '.', &whole);
    fraction = rest;
    if (whole.len == 0 || !is_digit(whole.at[0]) || !str_to_int64(whole, &units)) return false;
    if (!str_is_absent(fraction) && fraction.len == 0) return false;
    for (size_t i = 0; i < fraction.len; i++) {
        if (!is_digit(fraction.at[i])) return false;
        if (digits < FRACTION_DIGITS) {
            parts = parts * 10 + (fraction.at[i] - '0');
            digits++;
        } else {
            more = more || fraction.at[i] != '0';
        }
    }
    for (; digits < FRACTION_DIGITS; digits++)
        parts *= 10;
    if (!int64_multiply(units, 1000000, &units) || !int64_add(units, parts + (more && up), &units))
        return false;
    *out = is_negative ? -units : units;
    return true;
}

bool form_read_seconds(enum mapping_form form, struct str text, seconds_t *out)
{
    int64_t millionths, per_second = form == FORM_MILLISECONDS ? 1000000000 : 1000000;

    if (!read_millionths(str_trim(text), true, &millionths)) return false;
    if (form == FORM_MINUTES && !int64_multiply(millionths, 60, &millionths)) return false;
    *out = millionths / per_second + (millionths > 0 && millionths % per_second > 0);
    return true;
}

/* --- instants --- */

/* Within what instant_parse takes: 1970 to 2199. */
#define INSTANT_MOST (INT64_C(7258118400) * MICROS_PER_SECOND)

static bool read_epoch(struct str text, int64_t divisor, instant_t *out)
{
    int64_t millionths;

    if (!read_millionths(text, false, &millionths) || millionths < 0) return false;
    *out = millionths / divisor;
    return *out < INSTANT_MOST;
}

static bool read_number(struct str text, int32_t least, int32_t most, int32_t *out)
{
    int64_t number;

    if (text.len == 0 || text.len > 4 || !is_digit(text.at[0]) || !str_to_int64(text, &number))
        return false;
    *out = (int32_t)number;
    return number >= least && number <= most;
}

static bool read_clock(struct str text, struct clock_time *out)
{
    struct str rest = text, hour, minute, second;

    if (!str_split(&rest, ':', &hour) || !str_split(&rest, ':', &minute)) return false;
    second = rest;
    return !str_is_absent(second) && read_number(hour, 0, 23, &out->hour)
        && read_number(minute, 0, 59, &out->minute) && read_number(second, 0, 60, &out->second);
}

static instant_t utc_instant(struct date date, struct clock_time clock)
{
    int64_t seconds =
        date_to_days(date) * 86400 + clock.hour * 3600 + clock.minute * 60 + clock.second;

    return seconds * MICROS_PER_SECOND;
}

/* The next word, whatever blanks there are between. */
static bool next_word(struct str *rest, struct str *word)
{
    do {
        if (!str_split(rest, ' ', word)) return false;
    } while (word->len == 0);
    return true;
}

static const char *const month_names[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
                                           "Aug", "Sep", "Oct", "Nov", "Dec", NULL };

/* "+0130" in seconds; "GMT" and "UTC" are none. */
static bool read_offset(struct str text, int64_t *out)
{
    int32_t hours, minutes;

    *out = 0;
    if (str_equal_c(text, "GMT") || str_equal_c(text, "UTC") || str_equal_c(text, "Z")) return true;
    if (text.len != 5 || (text.at[0] != '+' && text.at[0] != '-')) return false;
    if (!read_number(str_sub(text, 1, 2), 0, 23, &hours)
        || !read_number(str_sub(text, 3, 2), 0, 59, &minutes))
        return false;
    *out = (hours * 3600 + minutes * 60) * (text.at[0] == '-' ? -1 : 1);
    return true;
}

/* RFC 5322 §3.3, the day of the week taken as it comes. */
static bool read_mail_time(struct str text, instant_t *out)
{
    struct str rest = text, day, month, year, clock, offset;
    struct clock_time time;
    struct date date;
    int64_t ahead;

    if (str_contains_byte(text, ',')) str_split(&rest, ',', &day);
    if (!next_word(&rest, &day) || !next_word(&rest, &month) || !next_word(&rest, &year)
        || !next_word(&rest, &clock) || !next_word(&rest, &offset))
        return false;
    date.month = name_index(month_names, month) + 1;
    if (!read_number(day, 1, 31, &date.day) || !read_number(year, 1970, 2199, &date.year)
        || date.month == 0 || !date_is_valid(date) || !read_clock(clock, &time)
        || !read_offset(offset, &ahead))
        return false;
    *out = utc_instant(date, time) - ahead * MICROS_PER_SECOND;
    return *out >= 0;
}

static bool read_local_time(const struct zone *zone, struct str text, instant_t *out)
{
    enum { DATE_CHARS = 10, TIME_CHARS = 8 };
    struct clock_time time;
    struct date date;

    if (text.len < DATE_CHARS + 1 + TIME_CHARS
        || (text.at[DATE_CHARS] != ' ' && text.at[DATE_CHARS] != 'T'))
        return false;
    struct str fraction = str_sub(text, DATE_CHARS + 1 + TIME_CHARS, text.len);
    if (fraction.len > 0 && fraction.at[0] != '.') return false;
    if (!date_parse(str_sub(text, 0, DATE_CHARS), &date) || date.year < 1970 || date.year > 2199
        || !read_clock(str_sub(text, DATE_CHARS + 1, TIME_CHARS), &time))
        return false;
    *out = zone_instant(zone, date, time);
    return *out >= 0;
}

bool form_read_instant(enum mapping_form form, const struct zone *zone, struct str text,
                       instant_t *out)
{
    struct str trimmed = str_trim(text);

    switch (form) {
    case FORM_EPOCH_SECONDS: return read_epoch(trimmed, 1, out);
    case FORM_EPOCH_MILLISECONDS: return read_epoch(trimmed, 1000, out);
    case FORM_MAIL_TIME: return read_mail_time(trimmed, out);
    case FORM_LOCAL_TIME: return read_local_time(zone, trimmed, out);
    default: return instant_parse(trimmed, out);
    }
}
