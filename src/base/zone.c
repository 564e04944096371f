#include "base/zone.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { ZONES_MAX = 1024, ZONE_NAME_MAX = 64 };

/* A stretch of time in which the zone's offset stays the same. */
struct stretch {
    instant_t from, to; /* [from, to) */
    int64_t offset_us;
};

/* All stretches from 1970 to 2200, found once: zones then cost a search in a small table and need no lock. */
enum { STRETCHES_MAX = 1024 };

struct zone {
    char name[ZONE_NAME_MAX];
    size_t n_stretches;
    struct stretch *stretches;
};

static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone *zones[ZONES_MAX]; /* under zones_lock; what they point to never changes */
static size_t n_zones;

#define FIRST_INSTANT (INT64_C(-1) * 3650 * MICROS_PER_DAY) /* about 1960 */
#define LAST_INSTANT  (INT64_C(84371) * MICROS_PER_DAY)     /* 2201-01-01 */

static int64_t offset_at(UCalendar *calendar, UErrorCode *status)
{
    return ((int64_t)ucal_get(calendar, UCAL_ZONE_OFFSET, status)
            + (int64_t)ucal_get(calendar, UCAL_DST_OFFSET, status))
        * 1000;
}

/* Walks ICU's transitions into the table. Neighbours with the same offset are one stretch. */
static bool find_stretches(UCalendar *calendar, struct zone *zone)
{
    UErrorCode status = U_ZERO_ERROR;
    struct stretch *at = malloc(sizeof(*at) * STRETCHES_MAX);
    struct stretch *last = NULL;
    instant_t from = FIRST_INSTANT;

    assert(at != NULL);
    while (from < LAST_INSTANT && zone->n_stretches < STRETCHES_MAX) {
        UDate next = 0;
        int64_t from_ms = from / 1000;
        ucal_setMillis(calendar, (double)from_ms, &status);
        int64_t offset_us = offset_at(calendar, &status);
        UBool more =
            ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &next, &status);
        if (U_FAILURE(status)) break;
        instant_t to = more ? (instant_t)next * 1000 : LAST_INSTANT;
        if (to > LAST_INSTANT) to = LAST_INSTANT;
        if (last != NULL && last->offset_us == offset_us) {
            last->to = to;
        } else {
            last = &at[zone->n_stretches++];
            *last = (struct stretch){ from, to, offset_us };
        }
        from = to;
    }
    zone->stretches = at;
    return U_SUCCESS(status) && from >= LAST_INSTANT;
}

/* Java's old abbreviations and System V's names: ICU knows them still, the IANA database and browsers do
   not. */
static bool is_icu_own_name(struct str name)
{
    static const char abbreviations[] = "ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT "
                                        "IET IST JST MIT NET NST PLT PNT PRT PST SST VST";
    struct str rest = str_from_c(abbreviations), abbreviation;

    while (str_split(&rest, ' ', &abbreviation)) {
        if (str_equal(name, abbreviation)) return true;
    }
    return str_starts_with(name, STR("SystemV/"));
}

/* Whether ICU knows the name as a zone's; it takes custom ones such as "GMT+3" too. */
static bool is_known_name(const UChar *name, int32_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar canonical[ZONE_NAME_MAX];
    UBool is_system = 0;

    ucal_getCanonicalTimeZoneID(name, len, canonical, ZONE_NAME_MAX, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}

static struct zone *zone_open(struct str name)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[ZONE_NAME_MAX];
    int32_t len;

    u_strFromUTF8(wide, ZONE_NAME_MAX, &len, name.at, (int32_t)name.len, &status);
    if (U_FAILURE(status) || !is_known_name(wide, len) || is_icu_own_name(name)) return NULL;
    UCalendar *calendar = ucal_open(wide, len, "en_US", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status)) return NULL;
    struct zone *zone = calloc(1, sizeof(*zone));
    assert(zone != NULL);
    memcpy(zone->name, name.at, name.len);
    bool found = find_stretches(calendar, zone);
    ucal_close(calendar);
    if (!found) {
        free(zone->stretches);
        free(zone);
        return NULL;
    }
    return zone;
}

const struct zone *zone_find(struct str name)
{
    const struct zone *found = NULL;

    if (name.len == 0 || name.len >= ZONE_NAME_MAX) return NULL;
    pthread_mutex_lock(&zones_lock);
    for (size_t i = 0; found == NULL && i < n_zones; i++) {
        if (str_equal_c(name, zones[i]->name)) found = zones[i];
    }
    if (found == NULL && n_zones < ZONES_MAX) {
        struct zone *opened = zone_open(name);
        if (opened != NULL) found = zones[n_zones++] = opened;
    }
    pthread_mutex_unlock(&zones_lock);
    return found;
}

struct str zone_name(const struct zone *zone)
{
    return str_from_c(zone->name);
}

/* The stretch that holds an instant; the first or last one outside the table. */
static const struct stretch *stretch_at(const struct zone *zone, instant_t at)
{
    size_t low = 0, high = zone->n_stretches - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (at < zone->stretches[middle].to)
            high = middle;
        else
            low = middle + 1;
    }
    return &zone->stretches[low];
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct date zone_date(const struct zone *zone, instant_t at)
{
    return date_from_days(floor_divide(at + stretch_at(zone, at)->offset_us, MICROS_PER_DAY));
}

struct clock_time zone_time(const struct zone *zone, instant_t at)
{
    int64_t local = at + stretch_at(zone, at)->offset_us;
    int64_t second =
        (local - floor_divide(local, MICROS_PER_DAY) * MICROS_PER_DAY) / MICROS_PER_SECOND;

    return (struct clock_time){ (int32_t)(second / 3600), (int32_t)(second / 60 % 60),
                                (int32_t)(second % 60) };
}

/* The instant of a local time. The offset is constant within a stretch, so the first stretch in which the local time
   lies is the earlier of two; when none has it, it falls into the gap after `before`, the last that starts
   earlier. */
static instant_t resolve(const struct zone *zone, int64_t local, const struct stretch **gap_before)
{
    const struct stretch *first = stretch_at(zone, local - MICROS_PER_DAY);
    const struct stretch *end = zone->stretches + zone->n_stretches;
    const struct stretch *before = first;

    *gap_before = NULL;
    for (const struct stretch *s = first; s < end && s->from <= local + MICROS_PER_DAY; s++) {
        instant_t at = local - s->offset_us;
        if ((at >= s->from || s == zone->stretches) && (at < s->to || s == end - 1)) return at;
        if (at >= s->to) before = s;
    }
    *gap_before = before;
    return local - before->offset_us;
}

instant_t zone_midnight(const struct zone *zone, struct date date)
{
    const struct stretch *gap_before;
    instant_t at = resolve(zone, date_to_days(date) * MICROS_PER_DAY, &gap_before);

    /* A skipped midnight: the day begins where the gap ends. */
    return gap_before != NULL ? gap_before->to : at;
}

static int64_t local_of(struct date date, struct clock_time time)
{
    int64_t seconds = time.hour * 3600 + time.minute * 60 + time.second;

    return date_to_days(date) * MICROS_PER_DAY + seconds * MICROS_PER_SECOND;
}

instant_t zone_instant(const struct zone *zone, struct date date, struct clock_time time)
{
    const struct stretch *gap_before;

    return resolve(zone, local_of(date, time), &gap_before);
}

instant_t zone_instant_later(const struct zone *zone, struct date date, struct clock_time time)
{
    instant_t earlier = zone_instant(zone, date, time);
    const struct stretch *next = stretch_at(zone, earlier) + 1;

    if (next == zone->stretches + zone->n_stretches) return earlier;
    instant_t later = local_of(date, time) - next->offset_us;
    return later >= next->from && later < next->to ? later : earlier;
}
