/* Who did what (console.md "Audit"): append-only. */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "store/db.h"

struct audit_event {
    id64_t agency_id, id;
    instant_t at;
    struct str action;
    id64_t user_id, api_key_id;
    struct str actor_name;
    struct str target_kind; /* an id prefix: "sub" */
    id64_t target_id;
    struct str address, user_agent, request_id;
    struct str before, after; /* JSON objects, or absent */
};

bool audit_insert(struct tx *tx, const struct audit_event *event);

struct audit_filter {
    struct str action;    /* absent: all */
    id64_t target, actor; /* ID_NONE: all; actor is a user or an API key */
    instant_t from, to;   /* INSTANT_NONE: open */
    id64_t before;        /* cursor: only older ones */
    int64_t limit;
};

/* Newest first. */
bool audit_list(struct tx *tx, id64_t agency, const struct audit_filter *filter, struct list *out);

#endif
