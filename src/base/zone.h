/* Time zones of the IANA database through ICU: glibc's TZ is process-wide and never used. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/str.h"
#include "base/types.h"

struct date {
    int32_t year;
    int32_t month; /* 1-12 */
    int32_t day;   /* 1-31 */
};

struct clock_time {
    int32_t hour, minute, second;
};

/* A zone; opened once per name and shared by all threads, lives until the process ends. */
struct zone;

/* The zone with this canonical or alias IANA name ("Europe/Berlin", "UTC"), or NULL. */
const struct zone *zone_find(struct str name);
struct str zone_name(const struct zone *zone);

/* The calendar date and wall time in the zone at an instant. */
struct date zone_date(const struct zone *zone, instant_t at);
struct clock_time zone_time(const struct zone *zone, instant_t at);

/* The first instant of the date in the zone (of what follows the gap, where midnight is skipped). */
instant_t zone_midnight(const struct zone *zone, struct date date);

/* The instant of a wall time; in a gap the time is read with the offset before it, in an overlap the
   earlier of the two instants is meant. */
instant_t zone_instant(const struct zone *zone, struct date date, struct clock_time time);

/* The later of the two instants of a wall time in an overlap; elsewhere the same as zone_instant. */
instant_t zone_instant_later(const struct zone *zone, struct date date, struct clock_time time);

/* Proleptic Gregorian arithmetic. date_add_months clamps to the month's last day. */
bool date_is_valid(struct date date);
int32_t date_days_in_month(int32_t year, int32_t month);
int64_t date_to_days(struct date date); /* since 1970-01-01 */
struct date date_from_days(int64_t days);
struct date date_add_days(struct date date, int32_t days);
struct date date_add_months(struct date date, int32_t months);
int date_compare(struct date a, struct date b);
bool date_parse(struct str text, struct date *out); /* "2026-11-23" */
struct str date_format(struct arena *arena, struct date date);

#endif
