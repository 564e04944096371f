/* The mapping language: how what an engine sends becomes a call record (domain.md §9). A list of rules, each saying where a
   field's value stands in the payload (a JSON pointer, RFC 6901) or what it always is, in which unit, and what the
   engine's words are here. The first rule of a field that finds a value gives it. Pure. */
#ifndef DOMAIN_MAPPING_H
#define DOMAIN_MAPPING_H

#include "base/zone.h"
#include "domain/calls.h"

/* The fields of a call record in their order (call_record_fields), and then `key`: what the account may be told by. */
enum mapping_field {
    MAP_ID,
    MAP_SOURCE,
    MAP_SUBACCOUNT,
    MAP_TIER,
    MAP_DIRECTION,
    MAP_STATUS,
    MAP_STARTED_AT,
    MAP_ANSWERED_AT,
    MAP_ENDED_AT,
    MAP_DURATION,
    MAP_RESERVATION,
    MAP_AGENT,
    MAP_PROJECT,
    MAP_CAMPAIGN,
    MAP_CONTACT,
    MAP_FROM,
    MAP_TO,
    MAP_OUTCOME,
    MAP_SENTIMENT,
    MAP_SUMMARY,
    MAP_RECORDING_URL,
    MAP_RECORD_FIELDS,
    MAP_KEY = MAP_RECORD_FIELDS,
    MAP_FIELD_COUNT
};
extern const char *const mapping_field_names[];

/* What a value is, in the payload. */
enum mapping_form {
    FORM_TEXT,
    FORM_SECONDS, /* lengths of time: a begun second counts */
    FORM_MILLISECONDS,
    FORM_MINUTES,
    FORM_TIME, /* instants: RFC 3339 */
    FORM_EPOCH_SECONDS,
    FORM_EPOCH_MILLISECONDS,
    FORM_MAIL_TIME,  /* RFC 5322: "Sat, 28 Nov 2026 16:00:00 +0000" */
    FORM_LOCAL_TIME, /* "2026-11-28 16:00:00", in the agency's zone */
    FORM_COUNT
};
extern const char *const mapping_form_names[];

struct mapping_word {
    struct str from, to; /* what the engine says, and what that is here */
};

struct mapping_rule {
    int field;            /* enum mapping_field */
    int as;               /* enum mapping_form; -1: what the field usually is */
    struct str at, value; /* a pointer, or a constant: the other one is absent */
    struct list words;    /* of struct mapping_word; none: the value is taken as it is */
    struct str otherwise; /* for what is not among the words; absent: then there is no value */
};

/* Payloads in which one of these conditions for each place does not hold are of no call that is over. */
struct mapping_condition {
    struct str at, is;
};

struct mapping {
    struct list when;  /* of struct mapping_condition */
    struct list rules; /* of struct mapping_rule */
};
extern const struct field mapping_fields[];

enum {
    MAPPING_RULES_MAX = 100,
    MAPPING_WORDS_MAX = 200,
    MAPPING_CONDITIONS_MAX = 20,
    MAPPING_KEYS_MAX = 8,
    MAPPING_TEXT_MAX = 200,
    MAPPING_KEY_CHARS = 128,
};

/* Whether a decoded mapping makes sense; what does not is added to `problem`: "rules.3.at". */
bool mapping_check(const struct mapping *mapping, struct problem *problem);

/* What the payload does not say. */
struct mapping_defaults {
    const struct zone *zone; /* of FORM_LOCAL_TIME */
    instant_t now;
    int tier;
    struct str source;
};

struct mapped_call {
    struct call_record record; /* as far as it was found */
    struct str keys[MAPPING_KEYS_MAX];
    size_t n_keys;
};

enum mapping_outcome {
    MAPPING_CALL,
    MAPPING_IGNORED, /* a payload about something else, or about a call that is not over */
    MAPPING_FAULTY,  /* `problem` says which fields */
};
extern const char *const mapping_outcome_names[];

/* The record's account is not looked up here, and may be absent. What a call lasted follows from its times where the
   payload does not say, its start from its end and what it lasted; a call that nobody answered lasted nothing, however
   long it rang; texts that only describe it are cut where they are too long. */
enum mapping_outcome mapping_apply(const struct mapping *mapping, struct arena *arena,
                                   const struct mapping_defaults *defaults,
                                   const struct cJSON *payload, struct problem *problem,
                                   struct mapped_call *out);

#endif
