#include "integrations/call_times.h"

#include <string.h>

enum { YEAR_MIN = 1970, YEAR_MAX = 2199 };

/* A text being read from left to right. */
struct scan {
    struct str rest;
};

struct wall {
    struct date date;
    struct clock_time time;
    int64_t micros;
};

static bool take_byte(struct scan *scan, char byte)
{
    if (scan->rest.len == 0 || scan->rest.at[0] != byte) return false;
    scan->rest = str_sub(scan->rest, 1, scan->rest.len);
    return true;
}

static void take_blanks(struct scan *scan)
{
    while (take_byte(scan, ' '))
        ;
}

/* Between `least` and `most` digits. */
static bool take_digits(struct scan *scan, size_t least, size_t most, int32_t *out)
{
    size_t n = 0;
    int32_t number = 0;

    while (n < most && n < scan->rest.len && scan->rest.at[n] >= '0' && scan->rest.at[n] <= '9')
        number = number * 10 + (scan->rest.at[n++] - '0');
    scan->rest = str_sub(scan->rest, n, scan->rest.len);
    *out = number;
    return n >= least;
}

/* ".25": its first six digits. */
static bool take_fraction(struct scan *scan, int64_t *micros)
{
    int64_t scale = MICROS_PER_SECOND;
    int32_t digit;
    size_t n = 0;

    *micros = 0;
    if (!take_byte(scan, '.')) return true;
    while (n < 9 && take_digits(scan, 1, 1, &digit)) {
        scale /= 10;
        *micros += digit * scale;
        n++;
    }
    return n > 0;
}

static bool take_clock(struct scan *scan, struct wall *wall)
{
    struct clock_time *time = &wall->time;

    return take_digits(scan, 2, 2, &time->hour) && time->hour < 24 && take_byte(scan, ':')
        && take_digits(scan, 2, 2, &time->minute) && time->minute < 60 && take_byte(scan, ':')
        && take_digits(scan, 2, 2, &time->second) && time->second < 60
        && take_fraction(scan, &wall->micros);
}

static bool date_is_known(const struct date *date)
{
    return date->year >= YEAR_MIN && date->year <= YEAR_MAX && date_is_valid(*date);
}

static bool take_iso(struct scan *scan, struct wall *wall)
{
    struct date *date = &wall->date;

    if (!take_digits(scan, 4, 4, &date->year) || !take_byte(scan, '-')
        || !take_digits(scan, 2, 2, &date->month) || !take_byte(scan, '-')
        || !take_digits(scan, 2, 2, &date->day) || !date_is_known(date))
        return false;
    if (!take_byte(scan, 'T') && !take_byte(scan, ' ')) return false;
    take_blanks(scan);
    return take_clock(scan, wall);
}

static bool equal_in_any_case(struct str text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

static struct str take_letters(struct scan *scan)
{
    size_t n = 0;

    while (n < scan->rest.len
           && ((scan->rest.at[n] >= 'A' && scan->rest.at[n] <= 'Z')
               || (scan->rest.at[n] >= 'a' && scan->rest.at[n] <= 'z')))
        n++;
    struct str letters = str_sub(scan->rest, 0, n);
    scan->rest = str_sub(scan->rest, n, scan->rest.len);
    return letters;
}

static bool take_month(struct scan *scan, int32_t *month)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct str word = take_letters(scan);

    for (size_t i = 0; i < COUNT_OF(months); i++) {
        if (equal_in_any_case(word, months[i])) {
            *month = (int32_t)i + 1;
            return true;
        }
    }
    return false;
}

/* "[Mon, ]23 Nov 2026 08:12:45" (RFC 5322 §3.3) */
static bool take_mail_date(struct scan *scan, struct wall *wall)
{
    struct date *date = &wall->date;

    if (take_letters(scan).len > 0 && !take_byte(scan, ',')) return false;
    take_blanks(scan);
    if (!take_digits(scan, 1, 2, &date->day) || !take_byte(scan, ' ')
        || !take_month(scan, &date->month) || !take_byte(scan, ' ')
        || !take_digits(scan, 4, 4, &date->year) || !date_is_known(date) || !take_byte(scan, ' '))
        return false;
    return take_clock(scan, wall);
}

/* "Z", "+01:00", "+0100", or a name of RFC 5322 §4.3, in seconds east. */
static bool take_offset(struct scan *scan, int32_t *seconds)
{
    static const struct {
        const char *name;
        int32_t hours;
    } zones[] = {
        { "Z", 0 },    { "UT", 0 },   { "UTC", 0 },  { "GMT", 0 },  { "EST", -5 }, { "EDT", -4 },
        { "CST", -6 }, { "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 },
    };
    bool is_west = take_byte(scan, '-');
    int32_t hours, minutes;

    if (is_west || take_byte(scan, '+')) {
        if (!take_digits(scan, 2, 2, &hours) || hours > 14) return false;
        take_byte(scan, ':');
        if (!take_digits(scan, 2, 2, &minutes) || minutes > 59) return false;
        *seconds = (hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
        return true;
    }
    struct str name = take_letters(scan);
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        if (equal_in_any_case(name, zones[i].name)) {
            *seconds = zones[i].hours * 3600;
            return true;
        }
    }
    return false;
}

bool call_time_parse(struct str text, const struct zone *zone, struct call_time *out)
{
    struct scan scan = { str_trim(text) };
    struct scan again = scan;
    struct wall wall = { 0 };
    int32_t offset_seconds;

    if (!take_iso(&scan, &wall)) {
        scan = again;
        if (!take_mail_date(&scan, &wall)) return false;
    }
    take_blanks(&scan);
    if (scan.rest.len == 0) {
        out->earlier = zone_instant(zone, wall.date, wall.time) + wall.micros;
        out->later = zone_instant_later(zone, wall.date, wall.time) + wall.micros;
        return true;
    }
    if (!take_offset(&scan, &offset_seconds) || scan.rest.len > 0) return false;
    int64_t seconds = wall.time.hour * 3600 + wall.time.minute * 60 + wall.time.second;
    out->earlier = out->later = date_to_days(wall.date) * MICROS_PER_DAY
        + (seconds - offset_seconds) * MICROS_PER_SECOND + wall.micros;
    return true;
}
