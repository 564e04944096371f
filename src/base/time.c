#include "base/time.h"

#include "base/zone.h"

#include <stdatomic.h>
#include <time.h>

enum { YEAR_LEAST = 1970, YEAR_MOST = 2199 };

/* 2200-01-01: an offset may carry the last day past the years that are known. */
#define END_OF_TIME (INT64_C(84006) * MICROS_PER_DAY)

/* What the test clock is ahead of the system's; 0 without one. */
static _Atomic int64_t clock_offset_us;

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * MICROS_PER_SECOND + now.tv_nsec / 1000;
}

instant_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME)
        + atomic_load_explicit(&clock_offset_us, memory_order_relaxed);
}

int64_t clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_set_test(instant_t now)
{
    atomic_store(&clock_offset_us, now - read_clock(CLOCK_REALTIME));
}

/* `digits` digits at *at, as a number; moves *at. */
static bool take_number(struct str text, size_t *at, size_t digits, int32_t *out)
{
    *out = 0;
    for (size_t end = *at + digits; *at < end; (*at)++) {
        if (*at >= text.len || text.at[*at] < '0' || text.at[*at] > '9') return false;
        *out = *out * 10 + (text.at[*at] - '0');
    }
    return true;
}

static bool take_byte(struct str text, size_t *at, char byte)
{
    if (*at >= text.len || text.at[*at] != byte) return false;
    (*at)++;
    return true;
}

/* ".25": 1 to 9 digits, what is finer than a microsecond cut off. */
static bool take_fraction(struct str text, size_t *at, int64_t *micros)
{
    int64_t scale = 100000;
    size_t digits = 0;

    *micros = 0;
    if (!take_byte(text, at, '.')) return true;
    for (; *at < text.len && text.at[*at] >= '0' && text.at[*at] <= '9'; (*at)++, digits++) {
        *micros += (text.at[*at] - '0') * scale;
        scale /= 10;
    }
    return digits >= 1 && digits <= 9;
}

/* "Z" or "+02:00", as seconds to take off. */
static bool take_offset(struct str text, size_t *at, int32_t *seconds)
{
    int32_t hours, minutes;

    *seconds = 0;
    if (take_byte(text, at, 'Z') || take_byte(text, at, 'z')) return true;
    if (*at >= text.len || (text.at[*at] != '+' && text.at[*at] != '-')) return false;
    int32_t sign = text.at[(*at)++] == '-' ? -1 : 1;
    if (!take_number(text, at, 2, &hours) || !take_byte(text, at, ':')
        || !take_number(text, at, 2, &minutes))
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return hours <= 23 && minutes <= 59;
}

static bool take_date(struct str text, size_t *at, struct date *date)
{
    return take_number(text, at, 4, &date->year) && take_byte(text, at, '-')
        && take_number(text, at, 2, &date->month) && take_byte(text, at, '-')
        && take_number(text, at, 2, &date->day) && date_is_valid(*date) && date->year >= YEAR_LEAST
        && date->year <= YEAR_MOST;
}

static bool take_time(struct str text, size_t *at, struct clock_time *time)
{
    return take_number(text, at, 2, &time->hour) && take_byte(text, at, ':')
        && take_number(text, at, 2, &time->minute) && take_byte(text, at, ':')
        && take_number(text, at, 2, &time->second) && time->hour <= 23 && time->minute <= 59
        && time->second <= 60;
}

bool instant_parse(struct str text, instant_t *out)
{
    struct date date;
    struct clock_time time;
    int64_t micros;
    int32_t offset_seconds;
    size_t at = 0;

    if (!take_date(text, &at, &date) || at >= text.len) return false;
    if (!take_byte(text, &at, 'T') && !take_byte(text, &at, 't') && !take_byte(text, &at, ' '))
        return false;
    if (!take_time(text, &at, &time) || !take_fraction(text, &at, &micros)
        || !take_offset(text, &at, &offset_seconds) || at != text.len)
        return false;
    int64_t seconds = date_to_days(date) * 86400 + time.hour * 3600 + time.minute * 60 + time.second
        - offset_seconds;
    *out = seconds * MICROS_PER_SECOND + micros;
    return *out >= 0 && *out < END_OF_TIME;
}

static void add_padded(struct buffer *b, int64_t number, int digits)
{
    int64_t scale = 1;

    for (int i = 1; i < digits; i++)
        scale *= 10;
    for (; scale > 0; scale /= 10)
        buffer_add_byte(b, (char)('0' + number / scale % 10));
}

void buffer_add_instant(struct buffer *b, instant_t instant)
{
    int64_t second_of_day = instant / MICROS_PER_SECOND % 86400,
            micros = instant % MICROS_PER_SECOND;
    int64_t days = instant / MICROS_PER_DAY;

    if (micros < 0) {
        micros += MICROS_PER_SECOND;
        second_of_day--;
    }
    if (second_of_day < 0) {
        second_of_day += 86400;
        days--;
    }
    struct date date = date_from_days(days);
    add_padded(b, date.year, 4);
    buffer_add_byte(b, '-');
    add_padded(b, date.month, 2);
    buffer_add_byte(b, '-');
    add_padded(b, date.day, 2);
    buffer_add_byte(b, 'T');
    add_padded(b, second_of_day / 3600, 2);
    buffer_add_byte(b, ':');
    add_padded(b, second_of_day / 60 % 60, 2);
    buffer_add_byte(b, ':');
    add_padded(b, second_of_day % 60, 2);
    if (micros != 0) {
        int digits = 6;
        for (; micros % 10 == 0; micros /= 10)
            digits--;
        buffer_add_byte(b, '.');
        add_padded(b, micros, digits);
    }
    buffer_add_byte(b, 'Z');
}

struct str instant_format(struct arena *arena, instant_t instant)
{
    struct buffer b = buffer_new(arena, 32);

    buffer_add_instant(&b, instant);
    return buffer_str(&b);
}
