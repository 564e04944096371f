/* Rows of what engines delivered, and what became of each. */
#ifndef STORE_DELIVERIES_H
#define STORE_DELIVERIES_H

#include "store/db.h"

/* Stored by number. */
enum delivery_state {
    DELIVERY_UNMATCHED, /* it waits for somebody to say whose it is */
    DELIVERY_CHARGED,
    DELIVERY_DUPLICATE, /* its call had been charged by another way */
    DELIVERY_DISMISSED,
    DELIVERY_STATE_COUNT
};
extern const char *const delivery_state_names[];

struct delivery {
    id64_t agency_id, id, connection;
    struct str key;
    int state;
    struct str payload;               /* JSON; absent once there is a call */
    struct str reason, field, detail; /* why it waits: a reason's code, a field of the record */
    struct str external_id, from, to; /* what is known of the call */
    instant_t started_at;
    seconds_t duration_seconds;
    struct str keys;  /* a JSON array */
    struct str named; /* how the URL named the account; absent: it did not */
    instant_t received_at;
    int64_t repeats; /* how often it came again */
    id64_t call;
    id64_t settled_by; /* a user; ID_NONE: it was settled when it came */
    instant_t settled_at;
    struct str note; /* why it was dismissed */
};

bool delivery_insert(struct tx *tx, const struct delivery *delivery);

/* State, payload, what is known, and what became of it. */
bool delivery_update(struct tx *tx, const struct delivery *delivery);

/* It came once more. */
bool delivery_repeat(struct tx *tx, const struct delivery *delivery);

/* Locked until the transaction ends. */
bool delivery_find(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                   struct delivery *out, bool *found);
bool delivery_lock(struct tx *tx, id64_t agency, id64_t id, struct delivery *out); /* NOT_FOUND */

bool delivery_load(struct tx *tx, id64_t agency, id64_t id, struct delivery *out); /* NOT_FOUND */

struct delivery_filter {
    int state;
    id64_t connection; /* ID_NONE: all */
    id64_t before;     /* cursor; ID_NONE: from the newest */
    int64_t limit;
};

/* The newest first, without their payloads. A list of struct delivery. */
bool delivery_list(struct tx *tx, id64_t agency, const struct delivery_filter *filter,
                   struct list *out);

/* How many wait. */
bool delivery_count_unmatched(struct tx *tx, id64_t agency, int64_t *out);

/* How many of a connection wait that have a key, and the oldest of them: a list of struct delivery, `limit` at most, of
   which the ids alone are filled. */
bool delivery_count_by_key(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                           int64_t *out);
bool delivery_list_by_key(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                          int64_t limit, struct list *out);

/* How long what is settled is kept. An engine that reports the same call later still charges nothing: the call is known;
   only what was dismissed would wait once more. */
#define DELIVERIES_KEPT (90 * MICROS_PER_DAY)

/* Deletes some of those that were settled longer ago; `*deleted` 0: none are left. */
bool deliveries_delete_settled(struct tx *tx, int64_t *deleted);

#endif
