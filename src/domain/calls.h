/* Call records (domain.md §9): their fields, and what makes one acceptable. Pure. */
#ifndef DOMAIN_CALLS_H
#define DOMAIN_CALLS_H

#include "base/field.h"
#include "base/hash.h"
#include "domain/tier.h"

enum call_direction { CALL_INBOUND, CALL_OUTBOUND, CALL_DIRECTION_COUNT };
extern const char *const call_direction_names[];

enum call_status {
    CALL_COMPLETED,
    CALL_VOICEMAIL,
    CALL_NO_ANSWER,
    CALL_BUSY,
    CALL_FAILED,
    CALL_CANCELED,
    CALL_TRANSFERRED,
    CALL_STATUS_COUNT
};
extern const char *const call_status_names[];

/* Whether somebody (or a machine) picked up: completed, voicemail, transferred. */
bool call_is_answered(enum call_status status);

/* A record as a voice engine sends it. */
struct call_record {
    struct str id, source; /* identity within the agency; source defaults to "api" */
    struct str subaccount; /* an id (sub_...) or the account's reference */
    int tier, direction, status;
    instant_t started_at, answered_at, ended_at;
    seconds_t duration_seconds; /* talk time */
    struct str reservation, agent, project, campaign, contact, from, to;
    struct str outcome, sentiment, summary, recording_url;
};

extern const struct field call_record_fields[];

#define CALL_DURATION_MAX INT64_C(86400)               /* a day */
#define CALL_CLOCK_SKEW   (5 * 60 * MICROS_PER_SECOND) /* how far ahead an engine's clock may be */
#define CALL_AGE_MAX      (INT64_C(3660) * MICROS_PER_DAY) /* ten years: history can be imported */

/* Whether a decoded record makes sense at `now`; what does not is added to `problem` under
   `path` ("" or "3."): any time in the future, a start too old, answered or ended before it
   started, longer than from start to end (a second of rounding allowed), talk time without an
   answer (no_answer, busy, canceled). */
bool call_record_check(const struct call_record *record, instant_t now, struct str path,
                       struct problem *problem);

/* A fingerprint of the content, the id and source left out: the same record again is a
   duplicate, other content under the same id a conflict. `subaccount_id` stands for however the
   account was named. */
int64_t call_record_fingerprint(const struct call_record *record, id64_t subaccount_id);

#endif
