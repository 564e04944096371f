/* What engines deliver by webhook: charged when its account is known, else kept until somebody says whose it is. Each call
   is charged once, however often and by whichever way it is delivered. */
#ifndef ENGINE_DELIVERIES_H
#define ENGINE_DELIVERIES_H

#include "engine/calls.h"
#include "engine/connections.h"
#include "store/deliveries.h"

enum delivery_outcome {
    DELIVERY_IS_ACCEPTED,  /* a call was charged */
    DELIVERY_IS_DUPLICATE, /* it was, or waits, or was dismissed already */
    DELIVERY_IS_UNMATCHED, /* it waits */
    DELIVERY_IS_IGNORED,   /* it is of no call that is over */
    DELIVERY_HAS_NO_ROOM,  /* it would wait, but as many do as may: it is not kept */
    DELIVERY_OUTCOME_COUNT
};

/* A connection at work. */
struct reception {
    const struct connection *connection;
    const struct mapping *mapping;
    const struct zone *zone;
    struct str subaccount; /* that the URL names; absent: none */
    bool has_counted;      /* what waits */
    int64_t waiting;
};

/* What a payload says. */
struct understood {
    enum mapping_outcome outcome;
    struct mapped_call call;
    struct problem problem; /* of MAPPING_FAULTY */
};

/* False when it is no JSON, with tx->problem. */
bool delivery_understand(struct tx *tx, const struct reception *reception, struct str payload,
                         struct understood *out);

/* The account that it is of, by its name, by the connection's rules, or else the connection's own; ID_NONE when none
   tells. */
bool delivery_account(struct tx *tx, const struct reception *reception,
                      const struct mapped_call *call, id64_t *out);

enum { DELIVERY_KEYS_MAX = MAPPING_KEYS_MAX + 2 };

/* What the account may be told by, as a JSON array: how the URL names it (absent: not at all), how the payload does, and
   the call's keys. */
struct str delivery_keys(struct arena *arena, struct str named, const struct mapped_call *call);

/* Takes one payload. `submission` is filled when a call was recorded (calls_count). Whoever sent one that has no room is
   to be told so, and to send it again. False when the store failed, or the payload is no JSON. */
bool delivery_receive(struct tx *tx, struct reception *reception, struct str payload,
                      enum delivery_outcome *outcome, struct call_submission *submission);

/* Charges one that waits to an account of the agency; `delivery` is locked. Refused: REASON_DELIVERY_SETTLED, what the
   mapping misses by its fields, REASON_CALL_CONFLICT. */
bool delivery_assign(struct tx *tx, struct delivery *delivery, const struct reception *reception,
                     id64_t subaccount, struct actor actor, struct call_submission *submission);

enum { OTHERS_MAX = 500, OTHERS_BYTES_MAX = 8 << 20 }; /* charged together; their payloads */

/* What became of others that waited with a key. */
struct assigned_others {
    int64_t charged, duplicates;
    int64_t
        waiting; /* still: too many for once, of another account by what they say, or they make no sense */
    size_t n; /* of `submissions` */
};

/* Charges those of the connection that wait, have `key`, and by the connection's rules of now are of this account, the
   oldest first; `submissions` has room for OTHERS_MAX. */
bool delivery_assign_others(struct tx *tx, const struct reception *reception, struct str key,
                            id64_t subaccount, struct actor actor,
                            struct call_submission *submissions, struct assigned_others *out);

/* Puts one that waits away, and why. */
bool delivery_dismiss(struct tx *tx, struct delivery *delivery, struct str note,
                      struct actor actor);

#endif
