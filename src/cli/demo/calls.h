/* The calls of an account on a day: how many, when, with whom, how they ended and what was said. */
#ifndef CLI_DEMO_CALLS_H
#define CLI_DEMO_CALLS_H

#include "base/arena.h"
#include "cli/demo/plan.h"
#include "domain/calls.h"

struct demo_call {
    int account;
    struct call_record record; /* without the sub-account's id */
};

struct demo_calls {
    struct arena *arena;
    struct demo_call *at;
    size_t n, capacity;
};

/* Adds the calls that began and ended on the day. The same for the same plan, however often and in whatever order it
   is asked: so what an account will use is known beforehand. */
void demo_calls_add(const struct demo_plan *plan, int account, int32_t day, struct demo_calls *out);

/* Talk time of the calls of a tier over some days, both included. */
seconds_t demo_talk_ahead(const struct demo_plan *plan, int account, enum tier tier, int32_t from,
                          int32_t to);

#endif
