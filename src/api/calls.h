/* What the routes of calls share (api/calls.c, api/calls_record.c). */
#ifndef API_CALLS_H
#define API_CALLS_H

#include "http/request.h"

/* Decodes the body of POST /v1/calls in one of its forms. */
bool calls_decode(struct request *r);

/* Records the calls of all requests in one commit together. */
extern const struct gather calls_gather;

/* After the commit: counts them. */
bool calls_recorded(struct request *r);

#endif
