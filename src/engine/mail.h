/* Mail that must go out (architecture.md "Jobs and the outbox"): ordered in the transaction of its cause, sent after it by
   jobs/outbox.c. An order names ids and no secret: what the mail says is looked up, and the token of its link made, when
   it is sent. */
#ifndef ENGINE_MAIL_H
#define ENGINE_MAIL_H

#include "domain/mail.h"
#include "store/outbox.h"

enum { MAIL_DETAIL_MAX_CHARS = 200 };

struct mail_order {
    id64_t to; /* the user, at the address they have when it is sent; ID_NONE: see `address` */
    struct str
        address; /* goes before the user's: the old or new one of a change; absent, and `to` ID_NONE: what
                           `about` names has one (an invitation) */
    id64_t
        about; /* whom or what it is about, as the template's facts want it (engine/mail_facts.c) */
    id64_t by; /* the user who did it, whose name it says; ID_NONE: nobody */
    struct str detail; /* one line, shown as it is: the device of a new sign-in; absent: none */
    instant_t due_at;  /* when what it announces happens; 0: nothing */
    struct str
        once; /* names the cause: ordered once for each; absent: each transaction is one of its own */
};

/* Orders one mail, or does nothing when mail is not configured. Older ones of a template with a link that wait and are
   about the same are dropped: their link would die with the new one. */
bool mail_post(struct tx *tx, id64_t agency, enum mail_template template,
               const struct mail_order *order);

/* Whether this process sends mail. Set before threads start; false in commands other than serve. */
void mail_set_configured(bool is_configured);
bool mail_is_configured(void);

/* What a leased mail says. For a template with a link its token is made here, and stored as a hash in this transaction:
   the link of an earlier try dies. facts->is_void when it has become pointless. `origin` is not filled. */
bool mail_facts_load(struct tx *tx, const struct outbox_item *item, struct mail_facts *out);

/* For /metrics. Counts since the start; the first two as the store has them, looked at now and then. */
struct mail_stats {
    int64_t waiting, failed_kept;
    uint64_t sent, retried, failed, dropped;
};
struct mail_stats mail_stats(void);

/* For jobs/outbox.c: how a try ended, and how the outbox stands. */
enum mail_ending { MAIL_SENT, MAIL_RETRIED, MAIL_FAILED, MAIL_DROPPED, MAIL_ENDING_COUNT };
void mail_count_ending(enum mail_ending ending);
void mail_note_counts(const struct outbox_counts *counts);

#endif
