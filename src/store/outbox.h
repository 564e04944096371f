/* The outbox's rows: mail that waits to be sent, and what became of it. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "domain/mail.h"
#include "store/db.h"

enum outbox_state { OUTBOX_WAITING, OUTBOX_DONE, OUTBOX_FAILED, OUTBOX_DROPPED };
extern const char *const outbox_state_names[];

/* What was settled is kept so long. */
#define OUTBOX_KEPT (30 * MICROS_PER_DAY)

struct outbox_item {
    id64_t agency_id, id;
    int template; /* enum mail_template; -1: one that a newer version ordered */
    id64_t user_id, about_id, by_id;
    struct str address, detail;
    instant_t due_at;
    int64_t tries;
    instant_t give_up_at, created_at;
};

/* A new one that waits; nothing, when the agency has one with this key. */
bool outbox_insert(struct tx *tx, const struct outbox_item *item, struct str once_key);

/* Those of one template about one thing that still wait are dropped: a newer one says what is true now. */
bool outbox_supersede(struct tx *tx, id64_t agency, enum mail_template template, id64_t about);

/* Leases the mail that is due the longest: nobody else gets it before `lease_until`. */
bool outbox_claim(struct tx *tx, instant_t lease_until, struct outbox_item *out, bool *found);

/* The end of a try, by whoever leased it last: `*held` tells whether that was this one, else nothing changes. */
bool outbox_settle(struct tx *tx, const struct outbox_item *item, enum outbox_state state,
                   struct str error, bool *held);
bool outbox_try_again(struct tx *tx, const struct outbox_item *item, instant_t next_try_at,
                      struct str error, bool *held);

/* How the newest mail about each of these stands, in their order; dropped ones left out. */
struct outbox_standing {
    int state;             /* enum outbox_state; -1: there is none (any more) */
    struct str last_error; /* of its last try; absent: none failed, or it was sent after all */
};
bool outbox_standings(struct tx *tx, id64_t agency, const id64_t *about, size_t n,
                      struct outbox_standing *out);

/* How it stands. `due`: how many could be tried now, at most one is counted. */
struct outbox_counts {
    int64_t waiting, failed, due;
};
bool outbox_count(struct tx *tx, struct outbox_counts *out);

/* A bite of what was settled long ago. */
bool outbox_delete_settled(struct tx *tx, int64_t *deleted);

#endif
