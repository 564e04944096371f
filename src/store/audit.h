/* Who did what (console.md "Audit"): append-only, a chain of hashes per agency (domain/audit.h). */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "domain/audit.h"
#include "store/db.h"

/* Appends the event to its agency's chain: fills event->seq. */
bool audit_insert(struct tx *tx, struct audit_event *event);

struct audit_filter {
    struct str action;  /* absent: all */
    id64_t target;      /* ID_NONE: all; a sub-account's purchases are taken for it, too */
    id64_t actor;       /* ID_NONE: all; a user or an API key */
    instant_t from, to; /* INSTANT_NONE: open */
    id64_t before;      /* cursor: only older ones */
    int64_t limit;
};

/* Newest first. */
bool audit_list(struct tx *tx, id64_t agency, const struct audit_filter *filter, struct list *out);

/* What events about these targets left behind (after_json), in the order of `targets`; absent where there is none. Of a
   target with several, any. */
bool audit_records_of(struct tx *tx, id64_t agency, const id64_t *targets, size_t n,
                      struct str *out);

#endif
