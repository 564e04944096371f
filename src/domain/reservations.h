/* Reservations (domain.md §9): minutes held for a call, from before it begins until its record, and how long. Pure. */
#ifndef DOMAIN_RESERVATIONS_H
#define DOMAIN_RESERVATIONS_H

#include "domain/calls.h"
#include "domain/effective.h"
#include "domain/hold_settings.h"

/* Stored as numbers: append only. */
enum reservation_state {
    RESERVATION_OPEN,
    RESERVATION_ENDED,    /* by the record of its call */
    RESERVATION_CANCELED, /* given back: there was no call, or its account was removed */
    RESERVATION_EXPIRED,  /* nobody ended or extended it in time */
};
extern const char *const reservation_state_names[];

/* Of one reservation, its extensions included: a call lasts no longer. */
#define RESERVATION_SECONDS_MAX CALL_DURATION_MAX

struct reservation {
    id64_t agency_id, id, subaccount_id;
    int tier, direction, state;
    seconds_t granted; /* in all; held while it is open */
    instant_t expires_at, created_at;
    instant_t ended_at; /* INSTANT_NONE while it is open */
    id64_t call_id;     /* whose record named it, also when that came late; ID_NONE: none did */
    struct str agent, campaign;
};

/* What the answer to "may this call begin" rests on. */
struct hold_facts {
    bool account_is_known;
    enum subaccount_status account;
    enum agent_state agent; /* effective */
    enum campaign_state campaign;
    int64_t calls_in_progress, concurrency_limit; /* CONCURRENCY_UNLIMITED: any number */
    seconds_t wallet;                             /* of the call's tier */
};

/* Whether a call may begin, inbound or outbound, and how much of `wanted` is held for it: all, or what is left. What is
   wrong with the account comes before what is wrong inside it, and that before what passes by itself:
   REASON_UNKNOWN_SUBACCOUNT, _SUBACCOUNT_REMOVED, _SUBACCOUNT_SUSPENDED, _AGENT_INACTIVE, _CAMPAIGN_PAUSED,
   _CONCURRENCY_LIMIT, _INSUFFICIENT_MINUTES. */
enum reason may_hold(const struct hold_facts *facts, seconds_t wanted, seconds_t *granted);

/* Whether one may be extended at `now`, and by how much of `wanted`: REASON_RESERVATION_ENDED, _RESERVATION_CANCELED,
   _RESERVATION_EXPIRED, _SUBACCOUNT_REMOVED, _SUBACCOUNT_SUSPENDED, _CALL_TOO_LONG, _INSUFFICIENT_MINUTES. */
enum reason may_extend(const struct reservation *reservation, enum subaccount_status account,
                       seconds_t wallet, seconds_t wanted, instant_t now, seconds_t *granted);

/* Whether one may be given back: REASON_NONE, also when nothing is held any more, or REASON_RESERVATION_ENDED. */
enum reason may_cancel(const struct reservation *reservation);

/* When one that was granted at `now` runs out. */
instant_t hold_expiry(instant_t now, seconds_t granted, seconds_t grace);

/* `expires_at` after so much more was granted. */
instant_t hold_expiry_extended(instant_t expires_at, seconds_t granted);

/* An account's own limit, or else the agency's. */
int64_t concurrency_limit_of(int64_t own, int64_t agency);

#endif
