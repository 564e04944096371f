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
    instant_t two_factor_at; /* since when it is asked for; INSTANT_NONE: it is not */
};

/* `email_key` is the address as email_key (domain/accounts.h) makes it. REASON_EMAIL_TAKEN, without harm to the
   transaction, when anybody in the system has it. */
bool user_insert(struct tx *tx, const struct user *user, struct str email_key);

bool user_load(struct tx *tx, id64_t agency, id64_t id, struct user *out); /* REASON_NOT_FOUND */
bool user_find(struct tx *tx, id64_t agency, id64_t id, struct user *out, bool *found);

/* user_find, and nobody changes how this user signs in until the transaction ends. */
bool user_lock(struct tx *tx, id64_t agency, id64_t id, struct user *out, bool *found);
bool user_find_by_email(struct tx *tx, struct str email_key, struct user *out, bool *found);
/* Whether anybody signs in by the address: a user of any agency, or the platform's staff. */
bool email_is_taken(struct tx *tx, struct str email_key, bool *out);
bool email_refuse_taken(struct tx *tx);

/* Makes it `user`'s, with `agency` 0 one's of the staff; REASON_EMAIL_TAKEN as user_insert. */
bool email_claim(struct tx *tx, id64_t agency, id64_t user, struct str email_key);
bool user_rename(struct tx *tx, id64_t agency, id64_t id, struct str name);
bool user_set_password(struct tx *tx, id64_t agency, id64_t id, struct str password_hash);

/* Another address for `user`, whose key is `email_key`; REASON_EMAIL_TAKEN as user_insert. */
bool user_set_email(struct tx *tx, const struct user *user, struct str email, struct str email_key);

/* All of an agency's, by id. A list of struct user. */
bool user_list(struct tx *tx, id64_t agency, struct list *out);

/* A grant of one sub-account to one user. */
struct user_grant {
    id64_t user, subaccount;
    struct str subaccount_name;
};

/* The grants of several users with the accounts' names, those of one user together, in the order of `users`. A list of
   struct user_grant; removed accounts are left out. */
bool user_grants_of(struct tx *tx, id64_t agency, const id64_t *users, size_t n, struct list *out);

/* Role and reach. */
bool user_set_role(struct tx *tx, const struct user *user);

/* Exactly these grants from now on. */
bool user_set_grants(struct tx *tx, id64_t agency, id64_t user, const id64_t *subaccounts,
                     size_t n);

/* The user with their address, second factor, sessions, grants and kept replies; API keys they made end. Postings and audit events keep the id. */
bool user_delete(struct tx *tx, id64_t agency, id64_t user);

/* How many of these sub-accounts exist, are secondary and were not removed; `ids` distinct. */
bool grantable_count(struct tx *tx, id64_t agency, const id64_t *ids, size_t n, size_t *out);

#endif
