#include "store/feed.h"

#include "store/postgres_feed.h"

#include <assert.h>
#include <stdlib.h>

struct feed {
    struct db *db;
    struct pg_feed *link; /* NULL on SQLite: one process writes */
};

struct feed *feed_open(struct db *db, struct feed_reader reader)
{
    struct feed *feed = calloc(1, sizeof(*feed));

    assert(feed != NULL);
    feed->db = db;
    if (db_kind(db) == DB_POSTGRES) {
        feed->link = pg_feed_start(db, reader);
        db_watch(db, pg_feed_tell, feed->link);
    } else {
        db_watch(db, reader.take, reader.context);
    }
    return feed;
}

void feed_close(struct feed *feed)
{
    db_watch(feed->db, NULL, NULL);
    if (feed->link != NULL) pg_feed_stop(feed->link);
    free(feed);
}

static bool notify(struct tx *tx, const struct mark *mark)
{
    struct str text = str_format(tx->arena, "%llx,0,%x", (unsigned long long)mark->agency,
                                 (unsigned)CHANGED_ACCESS);

    return db_run(tx, "SELECT pg_notify('" PG_FEED_CHANNEL "', $1)", ARGS(db_text(text)), NULL);
}

bool feed_notify_access(struct tx *tx)
{
    if (tx->marks == NULL || db_kind(tx->db) != DB_POSTGRES) return true;
    for (size_t i = 0; i < marks_count(tx->marks); i++) {
        const struct mark *mark = marks_at(tx->marks, i);
        if ((mark->kinds & CHANGED_ACCESS) != 0 && !notify(tx, mark)) return false;
    }
    return true;
}
