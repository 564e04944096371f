/* Jobs that are outside: each on a thread of its own, a few at once. */
#ifndef JOBS_OUTSIDE_H
#define JOBS_OUTSIDE_H

#include "jobs/unit.h"

struct outside;

/* `told` is called, on any thread, when there is room again. */
struct outside *outside_start(struct writer *writer, const struct job_work *const *works,
                              void (*told)(void *context), void *context);

/* Breaks off rests (unit->run.pause) and waits for what is outside. */
void outside_stop(struct outside *outside);

/* Units that are free, at most `n`, into `out`; the caller's until outside_begin or outside_return. */
size_t outside_borrow(struct outside *outside, struct unit **out, size_t n);
void outside_begin(struct outside *outside, struct unit *unit); /* goes outside with it */
void outside_return(struct outside *outside, struct unit *unit);

#endif
