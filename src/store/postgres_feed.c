#include "store/postgres_feed.h"

#include "base/log.h"
#include "store/postgres.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    FEED_MARKS_MAX = 65536,
    FEED_ARENA_BYTES = 64 * 1024,
    GATHER_MS = 25,       /* one notification for all commits in this time */
    LINK_CHECK_MS = 5000, /* looks whether the link lives, when nothing happens */
    LINK_RETRY_MS = 500,
};

static const char settings[] = "SET synchronous_commit = off; LISTEN " PG_FEED_CHANNEL;
/* What says that something was missed instead of what it was. */
static const char lost_text[] = "lost";

struct pg_feed {
    const struct db *db;
    struct feed_reader reader;
    struct arena *arena; /* the thread's, as is what follows */
    PGconn *link;        /* NULL: down */
    struct marks *sending, *heard;
    bool owes_lost; /* something that was to be sent was not: the others must hear that */
    pthread_t thread;
    pthread_mutex_t lock;
    struct marks *waiting; /* under lock: to be sent */
    int wake_fd;
    atomic_bool stopping;
};

static void sleep_ms(int ms)
{
    const struct timespec pause = { .tv_nsec = ms * 1000000L };

    nanosleep(&pause, NULL);
}

static void wake(const struct pg_feed *feed)
{
    const uint64_t one = 1;
    ssize_t written = write(feed->wake_fd, &one, sizeof(one));

    (void)written; /* it only fails when it is awake already */
}

void pg_feed_tell(void *context, struct marks *marks)
{
    struct pg_feed *feed = context;

    pthread_mutex_lock(&feed->lock);
    bool was_empty = marks_are_empty(feed->waiting);
    marks_add_all(feed->waiting, marks);
    pthread_mutex_unlock(&feed->lock);
    if (was_empty) wake(feed);
}

static bool run(struct pg_feed *feed, const char *sql)
{
    PGresult *result = PQexec(feed->link, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void link_drop(struct pg_feed *feed)
{
    if (feed->link == NULL) return;
    log_event(LOG_WARN, "feed_lost", LOG_TEXT("detail", str_from_c(PQerrorMessage(feed->link))));
    PQfinish(feed->link);
    feed->link = NULL;
    feed->owes_lost = true;
}

/* What was missed is not known, so all of it may have been. */
static bool link_make(struct pg_feed *feed)
{
    feed->link = pg_link_open(feed->db, feed->arena);
    if (PQstatus(feed->link) == CONNECTION_OK && run(feed, settings)) {
        feed->reader.lost(feed->reader.context);
        return true;
    }
    PQfinish(feed->link);
    feed->link = NULL;
    return false;
}

/* Our own texts: hexadecimal numbers and commas, nothing to be escaped. */
static bool notify(struct pg_feed *feed, struct str text)
{
    return run(feed,
               str_to_c(feed->arena,
                        str_format(feed->arena, "SELECT pg_notify('%s', '%.*s')", PG_FEED_CHANNEL,
                                   STR_ARG(text))));
}

static void take_waiting(struct pg_feed *feed)
{
    struct marks *empty = feed->sending;

    pthread_mutex_lock(&feed->lock);
    feed->sending = feed->waiting;
    feed->waiting = empty;
    pthread_mutex_unlock(&feed->lock);
}

static bool send_waiting(struct pg_feed *feed)
{
    struct buffer text = buffer_new(feed->arena, MARKS_TEXT_MAX);
    size_t next = 0;
    bool sent = true;

    take_waiting(feed);
    for (; sent && marks_to_text(feed->sending, &next, &text); text.len = 0)
        sent = notify(feed, buffer_str(&text));
    if (sent && (feed->owes_lost || marks_are_lost(feed->sending))) {
        sent = notify(feed, str_from_c(lost_text));
        feed->owes_lost = !sent;
    }
    feed->owes_lost = feed->owes_lost || !sent;
    marks_clear(feed->sending);
    return sent;
}

static void hear_one(struct pg_feed *feed, const char *text)
{
    if (str_equal_c(str_from_c(text), lost_text))
        marks_lose(feed->heard);
    else if (!marks_from_text(feed->heard, str_from_c(text)))
        log_event(LOG_WARN, "feed_not_understood");
}

static bool hear(struct pg_feed *feed)
{
    if (PQconsumeInput(feed->link) != 1) return false;
    for (PGnotify *one = PQnotifies(feed->link); one != NULL; one = PQnotifies(feed->link)) {
        hear_one(feed, one->extra);
        PQfreemem(one);
    }
    if (!marks_are_empty(feed->heard)) feed->reader.take(feed->reader.context, feed->heard);
    marks_clear(feed->heard);
    return PQstatus(feed->link) == CONNECTION_OK;
}

/* Whether there is something to be sent. */
static bool wait_for_work(struct pg_feed *feed)
{
    struct pollfd fds[] = { { .fd = feed->wake_fd, .events = POLLIN },
                            { .fd = PQsocket(feed->link), .events = POLLIN } };
    uint64_t count;

    poll(fds, COUNT_OF(fds), LINK_CHECK_MS);
    if ((fds[0].revents & POLLIN) == 0) return false;
    ssize_t got = read(feed->wake_fd, &count, sizeof(count));
    (void)got;
    return true;
}

static void go_round(struct pg_feed *feed)
{
    arena_reset(feed->arena);
    if (feed->link == NULL && !link_make(feed)) {
        sleep_ms(LINK_RETRY_MS);
        return;
    }
    bool has_work = wait_for_work(feed) || feed->owes_lost;
    if (has_work) sleep_ms(GATHER_MS);
    if ((has_work && !send_waiting(feed)) || !hear(feed)) link_drop(feed);
}

static void *thread_main(void *context)
{
    struct pg_feed *feed = context;

    while (!atomic_load(&feed->stopping))
        go_round(feed);
    if (feed->link != NULL) send_waiting(feed);
    return NULL;
}

struct pg_feed *pg_feed_start(struct db *db, struct feed_reader reader)
{
    struct pg_feed *feed = calloc(1, sizeof(*feed));

    assert(feed != NULL);
    feed->db = db;
    feed->reader = reader;
    feed->arena = arena_new(FEED_ARENA_BYTES);
    feed->sending = marks_new(FEED_MARKS_MAX);
    feed->heard = marks_new(FEED_MARKS_MAX);
    feed->waiting = marks_new(FEED_MARKS_MAX);
    feed->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&feed->lock, NULL);
    int failed = pthread_create(&feed->thread, NULL, thread_main, feed);
    assert(feed->wake_fd >= 0 && failed == 0);
    (void)failed;
    return feed;
}

void pg_feed_stop(struct pg_feed *feed)
{
    atomic_store(&feed->stopping, true);
    wake(feed);
    pthread_join(feed->thread, NULL);
    if (feed->link != NULL) PQfinish(feed->link);
    pthread_mutex_destroy(&feed->lock);
    close(feed->wake_fd);
    marks_free(feed->waiting);
    marks_free(feed->heard);
    marks_free(feed->sending);
    arena_free(feed->arena);
    free(feed);
}
