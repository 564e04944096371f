/* The platform's staff signing in and out (api/platform_sessions.c); the pages of sign-in are the same as everybody's. */
#ifndef API_PLATFORM_SESSIONS_H
#define API_PLATFORM_SESSIONS_H

#include "http/request.h"

/* As sign_in (api/sign_in.h), outside every agency. */
bool staff_sign_in(struct request *r, id64_t user, int status);
bool staff_sign_out(struct request *r);
bool staff_end_session(struct request *r, id64_t session);

/* Notes what happened to the account of one of them. */
bool staff_record(struct request *r, id64_t user, const char *action);

/* Notes what the caller, one of them, did to a plan: JSON objects of before and after, absent: none. */
bool staff_record_plan(struct request *r, const char *action, struct str code, struct str before,
                       struct str after);

/* Answers `status` with who the caller is, inside an agency or outside (GET /v1/me). */
bool staff_me_reply(struct request *r, int status);

#endif
