/* Billing cycles: months counted from an anchor, as midnights of a zone (domain.md §10). */
#include "domain/cycles.h"

/* Counted from the anchor itself, never from the cycle before, so that a clamped day returns:
   31 Jan, 28 Feb, 31 Mar. */
instant_t cycle_start(struct date anchor, const struct zone *zone, int32_t index)
{
    return zone_midnight(zone, date_add_months(anchor, index));
}

/* The calendar month of `at` gives a first guess. It is one too high before the anchor's day,
   and one too low where a zone set its clocks back over midnight and a date came twice. */
int32_t cycle_index(struct date anchor, const struct zone *zone, instant_t at)
{
    struct date date = zone_date(zone, at);
    int32_t index = (date.year - anchor.year) * 12 + (date.month - anchor.month);

    while (cycle_start(anchor, zone, index) > at)
        index--;
    while (cycle_start(anchor, zone, index + 1) <= at)
        index++;
    return index;
}

struct period cycle_at(struct date anchor, const struct zone *zone, instant_t at)
{
    int32_t index = cycle_index(anchor, zone, at);

    return (struct period){ cycle_start(anchor, zone, index),
                            cycle_start(anchor, zone, index + 1) };
}

struct cycles cycles_at(const struct zone *zone, instant_t at)
{
    return (struct cycles){ .zone = zone, .at = at };
}

struct period cycles_find(struct cycles *cycles, struct date anchor)
{
    struct period *found = &cycles->of_day[anchor.day];

    if (found->start == found->end) *found = cycle_at(anchor, cycles->zone, cycles->at);
    return *found;
}
