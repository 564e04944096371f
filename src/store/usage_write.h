/* The write side of usage rollups: by hour and by billing period, changed only with calls really inserted. */
#ifndef STORE_USAGE_WRITE_H
#define STORE_USAGE_WRITE_H

#include "domain/calls.h"
#include "domain/prices.h"
#include "store/db.h"

/* Calls that started in one hour, of one sub-account (or, with 0, of the whole agency). */
struct usage_hour {
    id64_t subaccount;
    instant_t hour_at;
    int64_t calls, answered, inbound;
    int64_t by_status[CALL_STATUS_COUNT];
    seconds_t talk_seconds, billed_seconds[TIER_COUNT];
    micros_t spent, cost;
};

/* Calls that started in one billing period of a sub-account. */
struct usage_period {
    id64_t subaccount;
    instant_t start_at, end_at;
    int64_t calls;
    seconds_t billed_seconds;
    micros_t spent, cost;
};

/* Adds to what is stored; one statement for all rows, which must be distinct. Sorts them into the order in which
   rows are locked. */
bool usage_hours_add(struct tx *tx, id64_t agency, struct usage_hour *hours, size_t n);
bool usage_periods_add(struct tx *tx, id64_t agency, struct usage_period *periods, size_t n);

/* Forgets an agency's periods, for whoever writes them anew in the same transaction. */
bool usage_periods_clear(struct tx *tx, id64_t agency);

#endif
