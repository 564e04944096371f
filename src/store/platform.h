/* The platform's own staff: its users and their sessions, outside every agency and its tables. Their addresses are in
   user_emails with the agency 0, so that one address signs in one person of the whole system. */
#ifndef STORE_PLATFORM_H
#define STORE_PLATFORM_H

#include "store/sessions.h"

struct platform_user {
    id64_t id;
    struct str email, name, password_hash;
    instant_t created_at, last_seen_at;
    instant_t two_factor_at; /* since when it is asked for; INSTANT_NONE: it is not */
};

/* REASON_EMAIL_TAKEN, without harm to the transaction, when anybody in the system has the address. */
bool platform_user_insert(struct tx *tx, const struct platform_user *user, struct str email_key);
bool platform_user_load(struct tx *tx, id64_t id, struct platform_user *out); /* REASON_NOT_FOUND */

/* As user_lock (store/users.h). */
bool platform_user_lock(struct tx *tx, id64_t id, struct platform_user *out, bool *found);
bool platform_user_find_by_email(struct tx *tx, struct str email_key, struct platform_user *out,
                                 bool *found);
bool platform_user_rename(struct tx *tx, id64_t id, struct str name);
bool platform_user_set_password(struct tx *tx, id64_t id, struct str password_hash);

/* Which of these ids are platform users'. */
bool platform_users_among(struct tx *tx, const id64_t *ids, size_t n, bool *are);

/* As session_find (store/sessions.h), of platform users: identity.is_platform, and identity.agency is the agency that
   the session entered, or ID_NONE. */
bool platform_session_find(struct tx *tx, const struct hash *token_hash, struct identity *out,
                           bool *found);
bool platform_session_insert(struct tx *tx, const struct hash *token_hash, id64_t id, id64_t user,
                             struct str address, struct str user_agent);
bool platform_session_touch(struct tx *tx, id64_t session); /* and the user's last_seen_at */

/* Goes on under a new secret, in an agency or, with ID_NONE, in none. REASON_NOT_FOUND */
bool platform_session_move(struct tx *tx, id64_t session, const struct hash *token_hash,
                           id64_t agency);

/* Who of the staff is inside an agency: their sessions entered it and have not ended. A list of struct platform_user with
   id and name, by name. */
bool platform_users_inside(struct tx *tx, id64_t agency, struct list *out);

/* A person's sessions that have not ended, newest first. A list of struct session_row. */
bool platform_session_list(struct tx *tx, id64_t user, const struct session_filter *filter,
                           struct list *out);

/* `*entered` is the agency that it was in, or ID_NONE. REASON_NOT_FOUND */
bool platform_session_delete(struct tx *tx, id64_t user, id64_t session, id64_t *entered);

/* All but one; ID_NONE: all. */
bool platform_sessions_delete_others(struct tx *tx, id64_t user, id64_t kept);

/* Deletes some of those that ended; `*deleted` 0: none are left. */
bool platform_sessions_delete_expired(struct tx *tx, int64_t *deleted);

/* What a platform admin did to an account of the platform, or to a plan. */
struct platform_event {
    const char *action;
    id64_t user; /* whose account it is, or who changed the target */
    struct str address, user_agent, request_id;
    struct str target, before, after; /* a plan's code and JSON objects; absent: of an account */
};
bool platform_event_insert(struct tx *tx, const struct platform_event *event);

#endif
