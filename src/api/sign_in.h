/* Signing a user in: for the sign-in page, the set-up page, and whatever makes somebody a user. */
#ifndef API_SIGN_IN_H
#define API_SIGN_IN_H

#include "http/request.h"

/* In a WRITE stage: makes a session with a fresh secret, sends it as the cookie, records it, and answers `status` with
   who is signed in now. */
bool sign_in(struct request *r, id64_t agency, id64_t user, int status);

/* Answers `status` with the user, their role and what it allows (GET /v1/me). */
bool me_reply(struct request *r, id64_t agency, id64_t user, int status);

#endif
