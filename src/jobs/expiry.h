/* Reservations that have run out (domain.md §9): what they held goes back. When one runs out stands in its row, so none is
   lost by a crash, and what ran out while nothing ran is given back at the start. */
#ifndef JOBS_EXPIRY_H
#define JOBS_EXPIRY_H

#include "engine/writer.h"

enum {
    EXPIRY_POLL_MS = 250, /* between looks, which only read */
    EXPIRY_BITE = 500,    /* reservations in one transaction */
};

struct expiry;

/* Starts its thread, or aborts when there can be none. Store and writer must outlive it: expiry_stop, which waits for the
   bite under way, comes before writer_stop. */
struct expiry *expiry_start(struct db *db, struct writer *writer);
void expiry_stop(struct expiry *expiry);

#endif
