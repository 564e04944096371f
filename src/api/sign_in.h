/* Sessions that begin and go on: for the sign-in page, the set-up page, and whatever makes somebody a user or changes
   how they sign in. */
#ifndef API_SIGN_IN_H
#define API_SIGN_IN_H

#include "http/request.h"
#include "store/users.h"

/* The agency that the caller is a user of; ID_NONE for the platform's staff, whatever they entered. */
id64_t caller_home(const struct request *r);

/* Notes what `who` did to their own account: in their agency's trail, or of the staff in platform_events. */
bool account_record(struct request *r, const struct user *who, const char *action);

/* In a WRITE stage: makes a session with a fresh secret, sends it as the cookie, records it, and answers `status` with
   who is signed in now. The browser's session until now, if it is the same user's, ends. */
bool sign_in(struct request *r, id64_t agency, id64_t user, int status);

/* In a WRITE stage: the caller's session goes on under a fresh secret, which is sent as the cookie. */
bool session_renew(struct request *r);

/* Answers `status` with the user, their role and what it allows (GET /v1/me). */
bool me_reply(struct request *r, id64_t agency, id64_t user, int status);

#endif
