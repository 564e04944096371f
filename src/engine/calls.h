/* Recording calls after the fact (domain.md §9): deduplicate, rate, charge, summarise; a whole batch in a handful of
   statements: one insert, one update per wallet, one posting per wallet, one rollup update per hour and account. */
#ifndef ENGINE_CALLS_H
#define ENGINE_CALLS_H

#include "domain/calls.h"
#include "domain/ledger.h"
#include "engine/reservations.h"

enum call_outcome {
    CALL_ACCEPTED,
    CALL_DUPLICATE,
    CALL_CONFLICT,
    CALL_REJECTED,
    CALL_OUTCOME_COUNT
};
extern const char *const call_outcome_names[];

/* One record on its way in. */
struct call_submission {
    struct call_record record;
    enum reason
        malformed; /* cannot be charged, as its fields tell: REASON_NONE when they are fine */
    struct str malformed_field, malformed_detail; /* absent: none; the reason's own sentence */
    id64_t only_subaccount; /* the API key may record for this one only; ID_NONE: for all */

    /* What became of it. */
    enum call_outcome outcome;
    enum reason refused;       /* why it was rejected or is a conflict */
    struct str refused_field;  /* absent: none */
    id64_t call_id;            /* ours, also of the earlier record when it is a duplicate */
    id64_t charged_subaccount; /* whose wallet paid */
    seconds_t billed_seconds;
    bool named_reservation;    /* and then what became of that */
    enum hold_end reservation; /* engine/reservations.h */
};

/* Charges all records that can be charged, in order, each exactly once; every submission gets its outcome. False
   only when the store failed: then nothing of it happened. tx->cache is the connection's accounts_cache. */
bool calls_record(struct tx *tx, id64_t agency, struct call_submission **submissions, size_t n,
                  struct actor actor);

/* Counts what became of them, for /metrics: after the commit, as a transaction may be run more than once. */
void calls_count(const struct call_submission *submissions, size_t n);

/* Counts since the start. */
struct calls_stats {
    uint64_t charged, duplicates, conflicts, rejected;
};
struct calls_stats calls_stats(void);

#endif
