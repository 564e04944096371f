/* What commits change, of this process and, on PostgreSQL, of every other one on the same store (store/marks.h). */
#ifndef STORE_FEED_H
#define STORE_FEED_H

#include "store/db.h"

/* On SQLite `take` is called on the writer's thread, after the commit; on PostgreSQL on the feed's, in the order of the
   commits as far as they change who may see what, and others some tens of milliseconds later. `lost`: something may have
   been missed, as the link to PostgreSQL was down. */
struct feed_reader {
    marks_taker take;
    void (*lost)(void *context);
    void *context;
};

/* Before anything is written; closed when no writer is left. */
struct feed;
struct feed *feed_open(struct db *db, struct feed_reader reader);
void feed_close(struct feed *feed);

/* In the transaction itself, right before its commit: who may see what is told in the order of the commits, so that
   nobody is shown on another node what they lost sight of before. What a transaction of commands changes of it is told
   too, though they keep no feed. */
bool feed_notify_access(struct tx *tx);

#endif
