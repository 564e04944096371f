/* The read side of usage: whole hours from the rollups, single calls where an hour is cut, and what was paid. */
#ifndef STORE_USAGE_READ_H
#define STORE_USAGE_READ_H

#include "store/usage_write.h"

/* `subaccount` ID_NONE: the whole agency. Ranges are [from, to). */

typedef void (*usage_hour_function)(void *context, const struct usage_hour *hour);

/* Hours that start in the range, in order of time. */
bool usage_hours_each(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from, instant_t to,
                      usage_hour_function take, void *context);

/* What a sum needs to know of a call. */
struct usage_call {
    instant_t started_at;
    int tier, status, direction;
    seconds_t duration_seconds, billed_seconds;
    micros_t price, base_price;
};

typedef void (*usage_call_function)(void *context, const struct usage_call *call);

/* Calls that started in the range. */
bool usage_calls_each(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from, instant_t to,
                      usage_call_function take, void *context);

/* A purchase that succeeded. */
struct usage_purchase {
    instant_t succeeded_at;
    micros_t paid, profit;
};

typedef void (*usage_purchase_function)(void *context, const struct usage_purchase *purchase);

/* Purchases that succeeded in the range. */
bool usage_purchases_each(struct tx *tx, id64_t agency, id64_t subaccount, instant_t from,
                          instant_t to, usage_purchase_function take, void *context);

/* An account that has been used, and the first and last hour in which it was. */
struct usage_span {
    id64_t subaccount;
    instant_t first_hour_at, last_hour_at;
};

/* A list of struct usage_span: every account that has calls. */
bool usage_spans(struct tx *tx, id64_t agency, struct list *out);

#endif
