/* People: rows of users, and their addresses, which are unique in the whole system. */
#ifndef STORE_USERS_H
#define STORE_USERS_H

#include "domain/roles.h"
#include "store/db.h"

struct user {
    id64_t agency_id, id;
    struct str email, name, password_hash;
    int role;
    bool reaches_all;
    instant_t created_at, last_seen_at;
};

/* `email_key` is the address as email_key (domain/accounts.h) makes it. REASON_EMAIL_TAKEN, without harm to the
   transaction, when anybody in the system has it. */
bool user_insert(struct tx *tx, const struct user *user, struct str email_key);

bool user_load(struct tx *tx, id64_t agency, id64_t id, struct user *out); /* REASON_NOT_FOUND */
bool user_find_by_email(struct tx *tx, struct str email_key, struct user *out, bool *found);
bool user_rename(struct tx *tx, id64_t agency, id64_t id, struct str name);

#endif
