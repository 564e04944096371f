/* What a job's thread rests on between rounds: it wakes when the time is over, somebody wakes it, or the job is to stop. */
#ifndef JOBS_PAUSE_H
#define JOBS_PAUSE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct pause {
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool is_stopping, is_woken; /* under lock */
};

void pause_init(struct pause *pause);
void pause_destroy(struct pause *pause);

/* Rests so long, on a clock that nobody sets; false, at once, when the job is to stop. */
bool pause_for(struct pause *pause, int64_t duration_us);

/* Ends the rest under way, or else the next one at once. Any thread. */
void pause_wake(struct pause *pause);

/* From here on there is no rest. Any thread. */
void pause_stop(struct pause *pause);
bool pause_is_stopping(struct pause *pause);

#endif
