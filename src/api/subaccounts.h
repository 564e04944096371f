/* Replying with a sub-account. */
#ifndef API_SUBACCOUNTS_H
#define API_SUBACCOUNTS_H

#include "http/request.h"

bool subaccount_reply(struct request *r, int status, id64_t id);

#endif
