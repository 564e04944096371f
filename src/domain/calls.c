/* Call records: their fields, what makes one acceptable, and its fingerprint (domain.md §9). */
#include "domain/calls.h"

#include "domain/limits.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_BYTES = 160 };

const char *const call_direction_names[] = { "inbound", "outbound", NULL };

const char *const call_status_names[] = {
    "completed", "voicemail", "no_answer", "busy", "failed", "canceled", "transferred", NULL,
};

/* What a status says about the talk that a call may have had. A failed call may have broken off. */
static const struct {
    bool is_answered, may_have_talk;
} statuses[CALL_STATUS_COUNT] = {
    [CALL_COMPLETED] = { true, true },   [CALL_VOICEMAIL] = { true, true },
    [CALL_NO_ANSWER] = { false, false }, [CALL_BUSY] = { false, false },
    [CALL_FAILED] = { false, true },     [CALL_CANCELED] = { false, false },
    [CALL_TRANSFERRED] = { true, true },
};

#define REQUIRED .flags = FIELD_REQUIRED
#define OPTIONAL .flags = FIELD_NULLABLE

/* clang-format off */
const struct field call_record_fields[] = {
    FIELD_TEXT(struct call_record, id, .min = 1, .max = 128, REQUIRED),
    FIELD_TEXT(struct call_record, source, .min = 1, .max = 64, OPTIONAL),
    FIELD_TEXT(struct call_record, subaccount, .min = 1, .max = 64, REQUIRED),
    FIELD_NAME(struct call_record, tier, tier_names, REQUIRED),
    FIELD_NAME(struct call_record, direction, call_direction_names, REQUIRED),
    FIELD_NAME(struct call_record, status, call_status_names, REQUIRED),
    FIELD_INSTANT(struct call_record, started_at, REQUIRED),
    FIELD_INSTANT(struct call_record, answered_at, OPTIONAL),
    FIELD_INSTANT(struct call_record, ended_at, OPTIONAL),
    FIELD_INTEGER(struct call_record, duration_seconds, .min = 0, .max = CALL_DURATION_MAX, REQUIRED),
    FIELD_TEXT(struct call_record, reservation, .max = 64, OPTIONAL),
    FIELD_TEXT(struct call_record, agent, .max = 120, OPTIONAL),
    FIELD_TEXT(struct call_record, project, .max = 120, OPTIONAL),
    FIELD_TEXT(struct call_record, campaign, .max = 120, OPTIONAL),
    FIELD_TEXT(struct call_record, contact, .max = 120, OPTIONAL),
    FIELD_TEXT(struct call_record, from, .max = 64, OPTIONAL),
    FIELD_TEXT(struct call_record, to, .max = 64, OPTIONAL),
    FIELD_TEXT(struct call_record, outcome, .max = 120, OPTIONAL),
    FIELD_TEXT(struct call_record, sentiment, .max = 32, OPTIONAL),
    FIELD_TEXT(struct call_record, summary, .max = 2000, OPTIONAL),
    FIELD_TEXT(struct call_record, recording_url, .max = 2048, OPTIONAL),
    FIELD_END,
};
/* clang-format on */

bool call_is_answered(enum call_status status)
{
    assert(status < CALL_STATUS_COUNT);
    return statuses[status].is_answered;
}

/* Where a record's problems are noted. */
struct checking {
    struct problem *problem;
    struct str path;
    bool is_fine;
};

static void refuse(struct checking *c, enum reason reason, const char *field, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

static void refuse(struct checking *c, enum reason reason, const char *field, const char *format,
                   ...)
{
    struct str name = str_format(c->problem->arena, "%.*s%s", STR_ARG(c->path), field);
    char sentence[SENTENCE_BYTES];
    va_list values;

    va_start(values, format);
    vsnprintf(sentence, sizeof(sentence), format, values);
    va_end(values);
    c->is_fine = false;
    fail_field(c->problem, reason, name, "%s", sentence);
}

static void check_not_in_future(struct checking *c, const char *field, instant_t time,
                                instant_t now)
{
    seconds_t ahead = limits()->clock_skew_seconds;

    if (time != INSTANT_NONE && time > now + ahead * MICROS_PER_SECOND)
        refuse(c, REASON_IN_FUTURE, field, "This time is more than %lld seconds in the future.",
               (long long)ahead);
}

static void check_order(struct checking *c, const struct call_record *record)
{
    if (record->answered_at != INSTANT_NONE && record->answered_at < record->started_at)
        refuse(c, REASON_ENDED_BEFORE_START, "answered_at",
               "This call was answered before it started.");
    if (record->ended_at == INSTANT_NONE) return;
    if (record->ended_at < record->started_at)
        refuse(c, REASON_ENDED_BEFORE_START, "ended_at", "This call ended before it started.");
    else if (record->answered_at != INSTANT_NONE && record->ended_at < record->answered_at)
        refuse(c, REASON_ENDED_BEFORE_START, "ended_at", "This call ended before it was answered.");
}

/* Engines round the times and the talk time each by themselves: a second more than the span is
   no lie. */
static void check_talk(struct checking *c, const struct call_record *record)
{
    if (record->duration_seconds > 0 && !statuses[record->status].may_have_talk)
        refuse(c, REASON_TALK_WITHOUT_ANSWER, "duration_seconds", "%s",
               reason_sentence(REASON_TALK_WITHOUT_ANSWER));
    if (record->ended_at == INSTANT_NONE || record->ended_at < record->started_at) return;
    if (record->duration_seconds > (record->ended_at - record->started_at) / MICROS_PER_SECOND + 1)
        refuse(c, REASON_TOO_LARGE, "duration_seconds",
               "The talk time is longer than from start to end.");
}

bool call_record_check(const struct call_record *record, instant_t now, struct str path,
                       struct problem *problem)
{
    assert(record->status >= 0 && record->status < CALL_STATUS_COUNT
           && record->started_at != INSTANT_NONE);
    struct checking c = { .problem = problem, .path = path, .is_fine = true };

    check_not_in_future(&c, "started_at", record->started_at, now);
    check_not_in_future(&c, "answered_at", record->answered_at, now);
    check_not_in_future(&c, "ended_at", record->ended_at, now);
    if (record->started_at < now - limits()->record_days * MICROS_PER_DAY)
        refuse(&c, REASON_TOO_OLD, "started_at", "This is more than %lld days ago.",
               (long long)limits()->record_days);
    if (record->duration_seconds > limits()->call_seconds)
        refuse(&c, REASON_TOO_LARGE, "duration_seconds", "A call has %lld seconds at most.",
               (long long)limits()->call_seconds);
    check_order(&c, record);
    check_talk(&c, record);
    return c.is_fine;
}

/* What a fingerprint is made from: numbers as 8 bytes, low byte first; texts as a 4-byte length
   plus one (0 is absent) and their bytes, or, when long, their hash. So no two contents share an
   encoding, on any machine. */
enum { LONG_TEXT_BYTES = 128, CONTENT_NUMBERS = 8, CONTENT_TEXTS = 11 };

struct content {
    size_t len;
    unsigned char at[CONTENT_NUMBERS * 8 + CONTENT_TEXTS * (4 + LONG_TEXT_BYTES)];
};

static_assert((int)HASH_BYTES <= (int)LONG_TEXT_BYTES,
              "a long text's hash takes the place of its bytes");

static void content_add_integer(struct content *content, uint64_t value, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        content->at[content->len++] = (unsigned char)(value >> (8 * i));
}

static void content_add_text(struct content *content, struct str text)
{
    content_add_integer(content, str_is_absent(text) ? 0 : (uint64_t)text.len + 1, 4);
    if (text.len > LONG_TEXT_BYTES) {
        struct hash hash = hash_of(text);

        memcpy(content->at + content->len, hash.at, HASH_BYTES);
        content->len += HASH_BYTES;
    } else if (text.len > 0) {
        memcpy(content->at + content->len, text.at, text.len);
        content->len += text.len;
    }
}

int64_t call_record_fingerprint(const struct call_record *record, id64_t subaccount_id)
{
    const int64_t numbers[CONTENT_NUMBERS] = {
        subaccount_id,      record->tier,        record->direction, record->status,
        record->started_at, record->answered_at, record->ended_at,  record->duration_seconds,
    };
    const struct str texts[CONTENT_TEXTS] = {
        record->reservation,   record->agent, record->project, record->campaign,  record->contact,
        record->from,          record->to,    record->outcome, record->sentiment, record->summary,
        record->recording_url,
    };
    struct content content;

    content.len = 0;
    for (size_t i = 0; i < CONTENT_NUMBERS; i++)
        content_add_integer(&content, (uint64_t)numbers[i], 8);
    for (size_t i = 0; i < CONTENT_TEXTS; i++)
        content_add_text(&content, texts[i]);

    struct hash hash = hash_of((struct str){ (const char *)content.at, content.len });

    return hash_to_int63(&hash);
}
