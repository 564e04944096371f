/* Sends the mail that was ordered (engine/mail.h): leases it, sends it, notes the result; each in a transaction of its
   own, so that a mail that takes long keeps nobody waiting. At least once: who dies between sending and noting lets
   the lease run out, and it is sent again. */
#ifndef JOBS_OUTBOX_H
#define JOBS_OUTBOX_H

#include "engine/writer.h"
#include "integrations/mailer.h"

enum {
    OUTBOX_POLL_MS = 500,            /* how often it looks for what is due */
    OUTBOX_LEASE_EXTRA_SECONDS = 60, /* beyond what sending may take */
    OUTBOX_REST_SECONDS_MAX = 60,    /* after a server could not be reached again and again */
    OUTBOX_NOTE_TRIES = 20,          /* of noting a result, one a second */
};

struct outbox_settings {
    struct db *db;
    struct writer *writer;
    struct mailer *mailer; /* the caller's; outlives it */
    struct str origin;     /* what links begin with; outlives it */
};

struct outbox;

/* Starts its thread, or aborts when there can be none. outbox_stop, which breaks off what is being sent, comes before
   writer_stop. */
struct outbox *outbox_start(const struct outbox_settings *settings);
void outbox_stop(struct outbox *outbox);

#endif
