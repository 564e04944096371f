/* The platform's staff signing in and out (api/platform_sessions.c); the pages of sign-in are the same as everybody's. */
#ifndef API_PLATFORM_SESSIONS_H
#define API_PLATFORM_SESSIONS_H

#include "http/request.h"
#include "store/users.h"

/* Somebody of the staff as a user without an agency: for whoever is no user of one. */
bool staff_find_by_email(struct request *r, struct str email_key, struct user *out, bool *found);

/* As sign_in (api/sign_in.h), outside every agency; `looked_at` has the password that was proven. One that was changed
   meanwhile is a wrong one. */
bool staff_sign_in(struct request *r, const struct user *looked_at, int status);
bool staff_sign_out(struct request *r);
bool staff_end_session(struct request *r, id64_t session);

/* Notes what the caller did to their own account. */
bool staff_record(struct request *r, const char *action);

/* Answers `status` with who the caller is, inside an agency or outside (GET /v1/me). */
bool staff_me_reply(struct request *r, int status);

#endif
