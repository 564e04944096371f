/* The feed between the nodes of one PostgreSQL (store/feed.h): LISTEN and NOTIFY over a link of its own. */
#ifndef STORE_POSTGRES_FEED_H
#define STORE_POSTGRES_FEED_H

#include "store/feed.h"

#define PG_FEED_CHANNEL "minutebank_changes"

struct pg_feed;
struct pg_feed *pg_feed_start(struct db *db, struct feed_reader reader);
void pg_feed_stop(struct pg_feed *feed);

/* Tells all nodes, this one too, in a moment: a marks_taker whose context is the feed. A commit that notified by itself
   would wait for every other one that does, as PostgreSQL keeps notifications in the order of commits. */
void pg_feed_tell(void *context, struct marks *marks);

#endif
