/* The story that `minutebank demo` tells, as data: an agency, its clients, what kinds of business they
   are, when their phones ring, and what the calls are about. Every name, address and number is invented:
   mail goes to .example, phone numbers are the fictional 555-01xx. */
#ifndef CLI_DEMO_STORY_H
#define CLI_DEMO_STORY_H

#include "base/types.h"
#include "domain/calls.h"
#include "domain/tier.h"

enum {
    DEMO_CLIENTS = 24,
    HOURS_A_DAY = 24,
    DAYS_A_WEEK = 7,
    STAFF = 2,
    CAMPAIGNS = 2,
    AREA_CODES = 3,
    MOODS = 3,
};

/* How callers feel: weights of positive, neutral and negative. */
enum demo_mood { MOOD_HAPPY, MOOD_EVEN, MOOD_UPSET, MOOD_NONE };
extern const uint16_t demo_moods[][MOODS];
extern const char *const demo_mood_names[MOODS];

/* What calls of a kind are about. Texts may hold {name} {first} {staff} {service} {day} {time} {amount}
   {count} {street}. */
struct demo_topic {
    int weight;
    const char *outcome;
    int pace_permille; /* of the client's usual talk time */
    enum demo_mood mood;
    const char *const *summaries; /* NULL-terminated */
};

#define SAYS(...) ((const char *const[]){ __VA_ARGS__, NULL })
/* clang-format off */
#define DEMO_TOPICS_END { 0, NULL, 0, MOOD_EVEN, NULL }
/* clang-format on */

/* A kind of business. Lists of texts are NULL-terminated, those of topics end with a weight of 0. */
struct demo_trade {
    const uint16_t *weekdays; /* permille of an average working day, from Sunday */
    const uint16_t *hours;    /* weights of inbound calls by hour, Monday to Friday */
    const uint16_t *weekend_hours;
    bool is_round_the_clock;
    const struct demo_topic *inbound, *outbound;
    const char *const *services, *const *times, *const *amounts;
};

/* Shapes of weeks and days that kinds of business share. */
extern const uint16_t demo_week_office[DAYS_A_WEEK], demo_week_clinic[DAYS_A_WEEK],
    demo_week_homes[DAYS_A_WEEK], demo_week_realty[DAYS_A_WEEK], demo_week_restaurant[DAYS_A_WEEK],
    demo_week_leisure[DAYS_A_WEEK], demo_week_hotel[DAYS_A_WEEK];
extern const uint16_t demo_hours_office[HOURS_A_DAY], demo_hours_clinic[HOURS_A_DAY],
    demo_hours_homes[HOURS_A_DAY], demo_hours_restaurant[HOURS_A_DAY],
    demo_hours_evening[HOURS_A_DAY], demo_hours_hotel[HOURS_A_DAY], demo_hours_weekend[HOURS_A_DAY];

/* When agents call out; never on a Sunday. */
extern const uint16_t demo_hours_outbound[HOURS_A_DAY];

/* Times that appointments are made for, and what most things cost. */
extern const char *const demo_times_office[];
extern const char *const demo_times_evening[];
extern const char *const demo_amounts_small[];
extern const char *const demo_amounts_large[];

/* What goes wrong with an account, over its last days. */
enum demo_trouble {
    TROUBLE_NONE,
    TROUBLE_OVERDRAWN,
    TROUBLE_NEARLY_OUT,
    TROUBLE_COLLAPSED,  /* usage fell to a fraction */
    TROUBLE_IDLE,       /* no calls at all */
    TROUBLE_SILENT,     /* many completed calls without a second of talk */
    TROUBLE_UNANSWERED, /* fewer and fewer of its calls are picked up */
};

/* What a client buys at a time: minutes, or minutes for an amount; neither: it does not use the tier. */
struct demo_pack {
    int minutes, dollars;
};

struct demo_client {
    const char *name, *email, *reference;
    const struct demo_trade *trade;
    int joins_permille;  /* of the days that the demo covers */
    int calls_a_day;     /* on an average working day, in the beginning */
    int growth_permille; /* from the first day to the last */
    int inbound_percent;
    int talk_median_seconds;
    enum tier tiers[CALL_DIRECTION_COUNT];
    bool applies_base_price;
    micros_t prices[TIER_COUNT]; /* MICROS_NONE: the agency's default */
    struct demo_pack packs[TIER_COUNT];
    int pays_after_hours; /* about; 0: while one waits */
    const char *agents[CALL_DIRECTION_COUNT];
    const char *project;
    const char *campaigns[CAMPAIGNS];
    const char *staff[STAFF];
    int area_codes[AREA_CODES]; /* the first is its own number's; callers come from all */
    enum demo_trouble trouble;
};

/* The agency's own lines, and its clients; the first few are those with the most to tell. */
extern const struct demo_client demo_primary;
extern const struct demo_client demo_clients[DEMO_CLIENTS];

/* What the agency changes about a client on some day: prices, or an address when `email` is set, or how many knowledge
   credits and premium minutes it is given out of the agency's own when `credits` or `minutes` is. */
struct demo_change {
    int client; /* of demo_clients */
    int at_permille;
    micros_t prices[TIER_COUNT]; /* MICROS_NONE: base */
    const char *email;
    int credits, minutes;
};
extern const struct demo_change demo_changes[];
extern const size_t demo_changes_count;

struct demo_agency {
    const char *name, *owner_name, *email, *password;
    const char *branding_colour;
    micros_t default_prices[TIER_COUNT];
    const char *key_name, *call_source;
};
extern const struct demo_agency demo_agency;

/* Kinds of business, and what any of them hears. */
extern const struct demo_trade demo_dental, demo_clinic, demo_vet, demo_plumbing, demo_roofing,
    demo_realty, demo_property, demo_law, demo_restaurant, demo_gym, demo_salon, demo_auto,
    demo_hotel, demo_insurance, demo_solar, demo_charity, demo_reseller;
extern const struct demo_topic demo_transfers[], demo_voicemails[], demo_stray_calls[];

/* People and places. */
extern const char *const demo_first_names[];
extern const char *const demo_last_names[];
extern const char *const demo_streets[];

#endif
