/* When the story takes place and with whom, and chance that can be had again. */
#ifndef CLI_DEMO_PLAN_H
#define CLI_DEMO_PLAN_H

#include "base/rng.h"
#include "base/zone.h"
#include "cli/demo/story.h"
#include "domain/cycles.h"

/* Accounts are numbered: the agency's own, then its clients. */
enum { DEMO_OWN_ACCOUNT = 0, DEMO_ACCOUNTS_MAX = 1 + DEMO_CLIENTS };

struct demo_plan {
    uint64_t seed;
    const struct zone *zone;
    struct date start;      /* day 0: the agency is set up */
    int32_t first_call_day; /* until then it settles in, and the first clients join */
    int32_t last_day;       /* today */
    instant_t now;          /* where the story ends */
    int accounts;           /* with the agency's own */
};

/* The story of an agency with `clients` clients and `days` days of calls, the last of which is today. */
struct demo_plan demo_plan_make(uint64_t seed, const struct zone *zone, instant_t now, int32_t days,
                                int clients);

const struct demo_client *demo_account(int account);
const char *demo_account_name(int account);

/* A day of the story goes from 4 in the morning, when hardly anybody calls, to the next, or to now. */
struct period demo_day(const struct demo_plan *plan, int32_t day);
struct date demo_date(const struct demo_plan *plan, int32_t day);
int demo_weekday(struct date date); /* 0 is Sunday */
bool demo_is_weekend(struct date date);

/* The day on which a client comes to the agency, a working day unless it is the first. */
int32_t demo_joining_day(const struct demo_plan *plan, int account);

/* How many of the last days trouble takes that should take `days`: in a short story it is shorter. */
int32_t demo_trouble_days(const struct demo_plan *plan, int32_t days);

/* A generator of its own for each (account, thing), so that what one client does changes nothing for another. */
struct rng demo_chance(const struct demo_plan *plan, int account, uint64_t thing);

/* True `permille` times in a thousand. */
bool demo_happens(struct rng *rng, int permille);

/* A position by weight; the weights do not sum to 0. */
size_t demo_pick(struct rng *rng, const uint16_t *weights, size_t n);

/* One of a NULL-terminated list. */
const char *demo_pick_text(struct rng *rng, const char *const *texts);

#endif
