#include "cli/demo/calls.h"

#include "cli/demo/phrases.h"

#include <stdlib.h>
#include <string.h>

enum {
    CALLS_CAPACITY = 4096,
    NUMBERS_AN_AREA = 99, /* 555-0101 to 555-0199; 555-0100 is the account's own */
    CAMPAIGN_DAYS = 17,
    RAMP_DAYS = 7, /* until a new client has sent all its calls here */
    RAMP_START_PERMILLE = 350,
    STRAY_PERMILLE = 70,       /* of completed inbound calls */
    BROKEN_OFF_PERMILLE = 250, /* of failed calls: somebody had talked */
    COLLAPSED_TO_PERMILLE = 170,
    SILENT_PERMILLE = 440,
    UNANSWERED_PERMILLE = 620,
    TALK_MIN_SECONDS = 4,
    TALK_MAX_SECONDS = 45 * 60,
    MINUTE = 60,
};

/* How long each kind of trouble has lasted. */
enum { COLLAPSED_DAYS = 16, IDLE_DAYS = 10, SILENT_DAYS = 12, UNANSWERED_DAYS = 24 };

#define STRANGER_STREAM UINT64_C(0x5354524e) /* of chance: who answers a number, whatever the day */

/* clang-format off */
/* Shares of CALL_COMPLETED, CALL_VOICEMAIL, CALL_NO_ANSWER, CALL_BUSY, CALL_FAILED, CALL_CANCELED, CALL_TRANSFERRED. */
static const uint16_t status_shares[CALL_DIRECTION_COUNT][CALL_STATUS_COUNT] = {
    [CALL_INBOUND]  = { 842,   0,  22,  7, 11, 15, 103 },
    [CALL_OUTBOUND] = { 452, 236, 205, 38, 24, 19,  26 },
};
static const uint16_t unanswered_shares[CALL_STATUS_COUNT] = { 0, 0, 70, 11, 19, 0, 0 };

static const uint16_t area_shares[AREA_CODES] = { 64, 23, 13 };

/* Talk time in permille of its median: the quantiles of a log-normal with a sigma of 0.78. */
static const uint16_t talk_quantiles[] = {
     152,  212,  253,  287,  317,  345,  371,  396,  420,  443,  466,  489,  512,  534,  557,  580,
     602,  625,  648,  671,  695,  719,  743,  767,  793,  818,  844,  871,  898,  926,  955,  985,
    1015, 1047, 1079, 1113, 1148, 1185, 1222, 1262, 1303, 1346, 1392, 1439, 1490, 1543, 1600, 1660,
    1725, 1795, 1871, 1953, 2044, 2144, 2256, 2383, 2528, 2699, 2903, 3156, 3486, 3952, 4712, 6591,
};
/* clang-format on */

/* One account's day. */
struct making {
    const struct demo_plan *plan;
    const struct demo_client *client;
    int account;
    int32_t day;
    struct date date;
    struct rng rng;
    struct arena *arena;
};

static int32_t days_left(const struct making *m)
{
    return m->plan->last_day - m->day;
}

/* Whether the account has this trouble, and has had it for no more than `days` at the end. */
static bool suffers(const struct making *m, enum demo_trouble trouble, int32_t days)
{
    return m->client->trouble == trouble && days_left(m) < demo_trouble_days(m->plan, days);
}

static int64_t trouble_permille(const struct making *m)
{
    if (suffers(m, TROUBLE_IDLE, IDLE_DAYS)) return 0;
    if (suffers(m, TROUBLE_COLLAPSED, COLLAPSED_DAYS)) return COLLAPSED_TO_PERMILLE;
    return 1000;
}

static int64_t growth_permille(const struct making *m)
{
    return 1000 + (int64_t)m->client->growth_permille * m->day / m->plan->last_day;
}

static int64_t ramp_permille(const struct making *m)
{
    int32_t joined = demo_joining_day(m->plan, m->account), known_days = m->day - joined;

    if (joined < m->plan->first_call_day || known_days > RAMP_DAYS) return 1000;
    return RAMP_START_PERMILLE + (1000 - RAMP_START_PERMILLE) * known_days / (RAMP_DAYS + 1);
}

/* Most days are alike; now and then one is busy or dull. */
static int64_t noise_permille(struct rng *rng)
{
    int64_t noise = rng_between(rng, 870, 1130);

    if (demo_happens(rng, 60)) return noise * rng_between(rng, 1150, 1450) / 1000;
    if (demo_happens(rng, 60)) return noise * rng_between(rng, 550, 850) / 1000;
    return noise;
}

static int64_t count_calls(struct making *m)
{
    int64_t micros = (int64_t)m->client->calls_a_day * 1000;

    micros = micros * m->client->trade->weekdays[demo_weekday(m->date)] / 1000;
    micros = micros * growth_permille(m) / 1000 * ramp_permille(m) / 1000;
    micros = micros * noise_permille(&m->rng) / 1000 * trouble_permille(m) / 1000;
    return micros / 1000 + demo_happens(&m->rng, (int)(micros % 1000));
}

/* When a call began, before what it became. */
struct beginning {
    instant_t at;
    enum call_direction direction;
};

static int compare_beginnings(const void *a, const void *b)
{
    const struct beginning *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

static const uint16_t *hours_of(const struct making *m, enum call_direction direction)
{
    if (direction == CALL_OUTBOUND) return demo_hours_outbound;
    return demo_is_weekend(m->date) ? m->client->trade->weekend_hours : m->client->trade->hours;
}

/* Hours before the day's start are those of the night that ends it. */
static instant_t instant_in_hour(struct making *m, int hour)
{
    instant_t day_start = demo_day(m->plan, m->day).start;
    struct date date = m->date;
    struct clock_time time = { hour, (int32_t)rng_between(&m->rng, 0, 59), 0 };
    instant_t at = zone_instant(m->plan->zone, date, time);

    if (at < day_start) at = zone_instant(m->plan->zone, date_add_days(date, 1), time);
    return at;
}

static struct beginning begin_call(struct making *m)
{
    int inbound_permille = m->client->inbound_percent * 10;
    enum call_direction direction =
        demo_happens(&m->rng, inbound_permille) ? CALL_INBOUND : CALL_OUTBOUND;
    int hour = (int)demo_pick(&m->rng, hours_of(m, direction), HOURS_A_DAY);
    instant_t minute = instant_in_hour(m, hour);

    return (struct beginning){ minute + rng_between(&m->rng, 0, MINUTE * 1000 - 1) * 1000,
                               direction };
}

/* Lines that never close have just been called, whatever the hour. */
static bool rings_now(const struct making *m)
{
    return days_left(m) == 0 && m->client->trade->is_round_the_clock
        && m->client->trouble == TROUBLE_NONE;
}

static struct beginning begin_just_now(struct making *m)
{
    instant_t ago = rng_between(&m->rng, 5L * MINUTE, 11L * MINUTE) * MICROS_PER_SECOND;
    instant_t at = m->plan->now - ago, start = demo_day(m->plan, m->day).start;

    return (struct beginning){ at > start ? at : start, CALL_INBOUND };
}

static bool calls_on(const struct making *m, const struct beginning *beginning)
{
    return beginning->direction == CALL_INBOUND || demo_weekday(m->date) != 0;
}

static enum call_status pick_status(struct making *m, enum call_direction direction)
{
    const uint16_t *shares = status_shares[direction];

    if (suffers(m, TROUBLE_UNANSWERED, UNANSWERED_DAYS)) {
        int32_t lasts = demo_trouble_days(m->plan, UNANSWERED_DAYS);
        int permille = UNANSWERED_PERMILLE * (lasts - days_left(m)) / lasts;
        if (demo_happens(&m->rng, permille)) shares = unanswered_shares;
    }
    return (enum call_status)demo_pick(&m->rng, shares, CALL_STATUS_COUNT);
}

/* A stranger at a number of an area is always the same. */
static void meet(struct making *m, struct call_record *record, struct demo_subject *subject)
{
    size_t area = demo_pick(&m->rng, area_shares, AREA_CODES);
    int number = m->client->area_codes[area] * 1000 + (int)rng_between(&m->rng, 1, NUMBERS_AN_AREA);
    struct rng person = demo_chance(m->plan, m->account, STRANGER_STREAM + (uint64_t)number);
    struct str own = str_format(m->arena, "+1%d5550100", m->client->area_codes[0]);
    struct str other = str_format(m->arena, "+1%d55501%02d", number / 1000, number % 1000);

    subject->first_name = demo_pick_text(&person, demo_first_names);
    subject->last_name = demo_pick_text(&person, demo_last_names);
    record->from = record->direction == CALL_INBOUND ? other : own;
    record->to = record->direction == CALL_INBOUND ? own : other;
    record->contact = str_format(m->arena, "%s %s", subject->first_name, subject->last_name);
}

static seconds_t talk_seconds(struct rng *rng, int64_t median_seconds)
{
    enum { STEPS = 256 };
    int64_t drawn = rng_between(rng, 0, (int64_t)(COUNT_OF(talk_quantiles) - 1) * STEPS - 1);
    int64_t low = talk_quantiles[drawn / STEPS], high = talk_quantiles[drawn / STEPS + 1];
    seconds_t talk = median_seconds * (low + (high - low) * (drawn % STEPS) / STEPS) / 1000;

    if (talk < TALK_MIN_SECONDS) return TALK_MIN_SECONDS;
    return talk < TALK_MAX_SECONDS ? talk : TALK_MAX_SECONDS;
}

static const struct demo_topic *topic_of(struct making *m, const struct call_record *record)
{
    const struct demo_trade *trade = m->client->trade;

    switch ((enum call_status)record->status) {
    case CALL_VOICEMAIL: return demo_pick_topic(&m->rng, demo_voicemails);
    case CALL_TRANSFERRED: return demo_pick_topic(&m->rng, demo_transfers);
    case CALL_COMPLETED:
        if (record->direction == CALL_OUTBOUND) return demo_pick_topic(&m->rng, trade->outbound);
        if (demo_happens(&m->rng, STRAY_PERMILLE))
            return demo_pick_topic(&m->rng, demo_stray_calls);
        return demo_pick_topic(&m->rng, trade->inbound);
    default: return NULL;
    }
}

/* What was said and for how long, where somebody was reached. */
static void talk(struct making *m, struct call_record *record, const struct demo_subject *subject)
{
    const struct demo_topic *topic = topic_of(m, record);
    const uint16_t *moods;

    if (topic == NULL) return;
    if (record->status == CALL_VOICEMAIL)
        record->duration_seconds = rng_between(&m->rng, 9, 38);
    else
        record->duration_seconds = talk_seconds(
            &m->rng, (int64_t)m->client->talk_median_seconds * topic->pace_permille / 1000);
    record->outcome = str_from_c(topic->outcome);
    record->summary = demo_summary(m->arena, &m->rng, topic, subject);
    if (record->status == CALL_VOICEMAIL) return;
    moods = demo_moods[topic->mood];
    record->sentiment = str_from_c(demo_mood_names[demo_pick(&m->rng, moods, MOODS)]);
}

/* The line was open, and nobody was heard. */
static void fall_silent(struct call_record *record)
{
    record->duration_seconds = 0;
    record->outcome = STR_NONE;
    record->summary = STR_NONE;
    record->sentiment = STR_NONE;
}

static void break_off(struct making *m, struct call_record *record)
{
    if (!demo_happens(&m->rng, BROKEN_OFF_PERMILLE)) return;
    record->duration_seconds = rng_between(&m->rng, 3, 26);
    record->outcome = STR("Call dropped");
}

static int64_t ring_ms(struct making *m, const struct call_record *record)
{
    if (record->status == CALL_BUSY) return rng_between(&m->rng, 900, 3200);
    if (record->status == CALL_NO_ANSWER) return rng_between(&m->rng, 24000, 38000);
    return record->direction == CALL_INBOUND ? rng_between(&m->rng, 700, 2600)
                                             : rng_between(&m->rng, 5200, 21000);
}

static void set_times(struct making *m, struct call_record *record)
{
    instant_t picked_up = record->started_at + ring_ms(m, record) * 1000;
    bool has_talk =
        call_is_answered((enum call_status)record->status) || record->duration_seconds > 0;

    record->answered_at = has_talk ? picked_up : INSTANT_NONE;
    record->ended_at = picked_up + record->duration_seconds * MICROS_PER_SECOND
        + rng_between(&m->rng, 0, 940) * 1000;
}

static void name_things(const struct making *m, struct call_record *record)
{
    int32_t campaign = m->day / CAMPAIGN_DAYS % CAMPAIGNS;

    record->source = str_from_c(demo_agency.call_source);
    record->agent = str_from_c(m->client->agents[record->direction]);
    record->project = str_from_c(m->client->project);
    if (record->direction == CALL_OUTBOUND)
        record->campaign = str_from_c(m->client->campaigns[campaign]);
}

static struct call_record make_call(struct making *m, const struct beginning *beginning,
                                    size_t number)
{
    struct demo_subject subject = { .client = m->client, .date = m->date };
    struct call_record record = {
        .id = str_format(m->arena, "%04d%02d%02d-%02d-%04zu", m->date.year, m->date.month,
                         m->date.day, m->account, number),
        .tier = (int)m->client->tiers[beginning->direction],
        .direction = (int)beginning->direction,
        .status = (int)pick_status(m, beginning->direction),
        .started_at = beginning->at,
    };

    name_things(m, &record);
    meet(m, &record, &subject);
    talk(m, &record, &subject);
    if (record.status == CALL_FAILED) break_off(m, &record);
    if (record.status == CALL_COMPLETED && suffers(m, TROUBLE_SILENT, SILENT_DAYS)
        && demo_happens(&m->rng, SILENT_PERMILLE))
        fall_silent(&record);
    set_times(m, &record);
    return record;
}

static void add(struct demo_calls *calls, int account, const struct call_record *record)
{
    if (calls->n == calls->capacity) {
        size_t capacity = calls->capacity == 0 ? CALLS_CAPACITY : calls->capacity * 2;
        struct demo_call *at = ARENA_ARRAY(calls->arena, struct demo_call, capacity);
        if (calls->n > 0) memcpy(at, calls->at, calls->n * sizeof(*at));
        calls->at = at;
        calls->capacity = capacity;
    }
    calls->at[calls->n++] = (struct demo_call){ account, *record };
}

void demo_calls_add(const struct demo_plan *plan, int account, int32_t day, struct demo_calls *out)
{
    struct making m = {
        .plan = plan,
        .client = demo_account(account),
        .account = account,
        .day = day,
        .date = demo_date(plan, day),
        .rng = demo_chance(plan, account, (uint64_t)day),
        .arena = out->arena,
    };
    struct period span = demo_day(plan, day);

    if (day < plan->first_call_day || day <= demo_joining_day(plan, account)) return;
    size_t n = (size_t)count_calls(&m);
    struct beginning *beginnings = ARENA_ARRAY(out->arena, struct beginning, n + 1);
    for (size_t i = 0; i < n; i++)
        beginnings[i] = begin_call(&m);
    if (rings_now(&m)) beginnings[n++] = begin_just_now(&m);
    qsort(beginnings, n, sizeof(*beginnings), compare_beginnings);
    for (size_t i = 0; i < n; i++) {
        if (!calls_on(&m, &beginnings[i])) continue;
        struct call_record record = make_call(&m, &beginnings[i], i + 1);
        if (record.ended_at < span.end) add(out, account, &record);
    }
}

seconds_t demo_talk_ahead(const struct demo_plan *plan, int account, enum tier tier, int32_t from,
                          int32_t to)
{
    struct demo_calls calls = { .arena = arena_new(64L * 1024) };
    seconds_t sum = 0;

    for (int32_t day = from; day <= to && day <= plan->last_day; day++)
        demo_calls_add(plan, account, day, &calls);
    for (size_t i = 0; i < calls.n; i++) {
        if (calls.at[i].record.tier == (int)tier) sum += calls.at[i].record.duration_seconds;
    }
    arena_free(calls.arena);
    return sum;
}
