/* Calls' rows. */
#ifndef STORE_CALLS_H
#define STORE_CALLS_H

#include "domain/calls.h"
#include "store/db.h"

/* A call as it is stored. */
struct call {
    id64_t agency_id, id, subaccount_id, charged_id;
    int64_t source_id;
    struct str external_id, source; /* source: the name, when read */
    int64_t fingerprint;
    int tier, direction, status;
    instant_t started_at, answered_at, ended_at;
    seconds_t duration_seconds, billed_seconds;
    micros_t price, base_price;
    id64_t posting_id;
    instant_t recorded_at;
    struct str reservation, agent, project, campaign, contact, from, to;
    struct str outcome, sentiment, summary, recording_url;
    struct str subaccount_name; /* when read */
};

/* Inserts calls of one agency, ids ascending, in one statement; inserted[i] tells whether calls[i] is new: one with the
   same (agency, source, external id), stored already or earlier in `calls`, leaves it false. When the transaction bets,
   all are said to be new, and one that is not fails it with REASON_CONFLICT, now or at a later statement. */
bool calls_insert(struct tx *tx, struct call *const *calls, size_t n, bool *inserted);

/* The stored id and fingerprint of calls by their identity, for those that were not inserted; id ID_NONE when there is
   none. */
struct call_identity {
    int64_t source_id;
    struct str external_id;
    id64_t id;
    int64_t fingerprint;
};
bool calls_identify(struct tx *tx, id64_t agency, struct call_identity *identities, size_t n);

struct call_filter {
    id64_t subaccount;   /* ID_NONE: all within the reach */
    id64_t except;       /* this account's are left out; ID_NONE: nobody's */
    const id64_t *reach; /* with n_reach: only these accounts; NULL: all of the agency */
    size_t n_reach;
    instant_t from, to;          /* INSTANT_NONE: open */
    int status, direction, tier; /* -1: all */
    struct str agent, campaign;  /* absent: all */
    struct str search;           /* part of the sender's id or a number; absent: all */
    bool oldest_first;
    instant_t after_start; /* cursor: INSTANT_NONE for the first page */
    id64_t after_id;
    int64_t limit;
};

/* By start, newest first unless asked otherwise, with the names of source and sub-account. */
bool call_list(struct tx *tx, id64_t agency, const struct call_filter *filter, struct list *out);
bool call_load(struct tx *tx, id64_t agency, id64_t id, struct call *out); /* REASON_NOT_FOUND */

#endif
