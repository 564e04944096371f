/* Whoever signs in: a user of an agency, or, under the agency ID_NONE, one of the platform's staff told as a struct user.
   What signing in reads and changes of either; their second factors are in the same tables (store/second_factors.h). */
#ifndef STORE_PRINCIPALS_H
#define STORE_PRINCIPALS_H

#include "store/users.h"

bool principal_load(struct tx *tx, id64_t agency, id64_t id,
                    struct user *out); /* REASON_NOT_FOUND */
bool principal_find_by_email(struct tx *tx, struct str email_key, struct user *out, bool *found);

/* As user_lock: nobody changes how they sign in until the transaction ends. `found` NULL: REASON_NOT_FOUND. */
bool principal_lock(struct tx *tx, id64_t agency, id64_t id, struct user *out, bool *found);

bool principal_set_password(struct tx *tx, const struct user *who, struct str password_hash);

/* Since when a code is asked for; INSTANT_NONE: from now on none is. */
bool principal_set_two_factor(struct tx *tx, id64_t agency, id64_t id, instant_t since);

/* Their sessions but one; ID_NONE: all. */
bool principal_sessions_delete_others(struct tx *tx, id64_t agency, id64_t id, id64_t kept);

/* Of every agency and of the staff, those with a second factor: for commands. A list of struct user, of which agency_id
   and id alone are filled. */
bool principals_with_second_factor(struct tx *tx, struct list *out);

#endif
