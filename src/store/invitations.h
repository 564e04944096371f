/* Invitations' rows. Only a link's hash is kept. */
#ifndef STORE_INVITATIONS_H
#define STORE_INVITATIONS_H

#include "base/hash.h"
#include "domain/people.h"
#include "store/db.h"

struct invitation {
    id64_t agency_id, id;
    struct str email, email_key;
    int role, state;
    bool reaches_all;
    id64_t invited_by;
    instant_t created_at, sent_at, expires_at;
};

/* REASON_EMAIL_TAKEN when a pending one of the agency has the address, without harm to the transaction. */
bool invitation_insert(struct tx *tx, const struct invitation *invitation,
                       const struct hash *token_hash, const id64_t *subaccounts, size_t n);

bool invitation_load(struct tx *tx, id64_t agency, id64_t id,
                     struct invitation *out); /* NOT_FOUND */

/* By the link's hash; locks it until the transaction ends when that writes. */
bool invitation_find(struct tx *tx, const struct hash *token_hash, struct invitation *out,
                     bool *found);

/* A new link; the old one is forgotten. */
bool invitation_renew(struct tx *tx, const struct invitation *invitation,
                      const struct hash *token_hash);

/* From pending to another state: REASON_INVITATION_SETTLED when it is not pending any more. */
bool invitation_settle(struct tx *tx, const struct invitation *invitation,
                       enum invitation_state state);

/* The named sub-accounts that were not removed, ascending. */
bool invitation_grants(struct tx *tx, id64_t agency, id64_t id, const id64_t **ids, size_t *n);

/* Pending ones, expired too, newest first. */
struct invitation_filter {
    id64_t before; /* cursor; ID_NONE: from the newest */
    int64_t limit;
};
bool invitation_list(struct tx *tx, id64_t agency, const struct invitation_filter *filter,
                     struct list *out);

#endif
