/* Periodic maintenance of the store: what has run out is deleted, in bounded bites, through the writer like every
   other change, so that requests pass in between. */
#ifndef JOBS_JANITOR_H
#define JOBS_JANITOR_H

#include "engine/writer.h"

enum {
    JANITOR_INTERVAL_SECONDS = 60, /* from the end of one round to the next */
    JANITOR_BITES_MAX = 200,       /* of one kind in one round: the rest waits for the next */
};

struct janitor;

/* Starts its thread, or aborts when there can be none. The writer must outlive it: janitor_stop, which waits for the
   bite under way, comes before writer_stop. */
struct janitor *janitor_start(struct writer *writer);
void janitor_stop(struct janitor *janitor);

#endif
