#include "cli/demo/phrases.h"

#include <assert.h>

enum { SUMMARY_BYTES = 256, DAYS_AHEAD_MAX = 12, HOUSE_NUMBER_MAX = 940, PARTY_MAX = 8 };

struct filling {
    struct buffer *out;
    struct rng *rng;
    const struct demo_subject *subject;
};

static void add_name(const struct filling *f)
{
    buffer_add_format(f->out, "%s %s", f->subject->first_name, f->subject->last_name);
}

static void add_first_name(const struct filling *f)
{
    buffer_add_c(f->out, f->subject->first_name);
}

static void add_staff(const struct filling *f)
{
    buffer_add_c(f->out, f->subject->client->staff[rng_between(f->rng, 0, STAFF - 1)]);
}

static void add_service(const struct filling *f)
{
    buffer_add_c(f->out, demo_pick_text(f->rng, f->subject->client->trade->services));
}

static void add_time(const struct filling *f)
{
    buffer_add_c(f->out, demo_pick_text(f->rng, f->subject->client->trade->times));
}

static void add_amount(const struct filling *f)
{
    buffer_add_c(f->out, demo_pick_text(f->rng, f->subject->client->trade->amounts));
}

static void add_count(const struct filling *f)
{
    buffer_add_int(f->out, rng_between(f->rng, 2, PARTY_MAX));
}

static void add_street(const struct filling *f)
{
    buffer_add_format(f->out, "%lld %s", (long long)rng_between(f->rng, 3, HOUSE_NUMBER_MAX),
                      demo_pick_text(f->rng, demo_streets));
}

/* A day soon, on which people work unless the trade has its best days at the weekend. */
static void add_day(const struct filling *f)
{
    static const char *const names[DAYS_A_WEEK] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday" };
    const uint16_t *weekdays = f->subject->client->trade->weekdays;
    int weekday;

    do {
        int32_t ahead = (int32_t)rng_between(f->rng, 1, DAYS_AHEAD_MAX);
        weekday = demo_weekday(date_add_days(f->subject->date, ahead));
    } while (weekdays[weekday] < 500);
    buffer_add_c(f->out, names[weekday]);
}

static const struct {
    struct str key;
    void (*add)(const struct filling *f);
} words[] = {
    { STR("name"), add_name },     { STR("first"), add_first_name },
    { STR("staff"), add_staff },   { STR("service"), add_service },
    { STR("day"), add_day },       { STR("time"), add_time },
    { STR("amount"), add_amount }, { STR("count"), add_count },
    { STR("street"), add_street },
};

static void add_word(const struct filling *f, struct str key)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!str_equal(words[i].key, key)) continue;
        words[i].add(f);
        return;
    }
    assert(!"a word that no list has");
}

/* Sentences begin with a capital, whatever word was filled in first. */
static void raise_first_letter(const struct buffer *text)
{
    if (text->len > 0 && text->at[0] >= 'a' && text->at[0] <= 'z')
        text->at[0] = (char)(text->at[0] - 'a' + 'A');
}

struct str demo_summary(struct arena *arena, struct rng *rng, const struct demo_topic *topic,
                        const struct demo_subject *subject)
{
    struct buffer out = buffer_new(arena, SUMMARY_BYTES);
    const struct filling filling = { &out, rng, subject };
    struct str rest = str_from_c(demo_pick_text(rng, topic->summaries)), part;

    while (str_split(&rest, '{', &part)) {
        buffer_add(&out, part);
        if (str_split(&rest, '}', &part)) add_word(&filling, part);
    }
    raise_first_letter(&out);
    return buffer_str(&out);
}

const struct demo_topic *demo_pick_topic(struct rng *rng, const struct demo_topic *topics)
{
    int64_t sum = 0;

    for (const struct demo_topic *topic = topics; topic->weight > 0; topic++)
        sum += topic->weight;
    int64_t drawn = rng_between(rng, 1, sum);
    const struct demo_topic *topic = topics;
    while ((drawn -= topic->weight) > 0)
        topic++;
    return topic;
}
