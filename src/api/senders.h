/* Requests of one commit that are carried out together (engine/writer.h `gather`): those of one sender at once, as what
   they post has one actor. */
#ifndef API_SENDERS_H
#define API_SENDERS_H

#include "http/request.h"

/* Calls `run` with the requests of each sender, in order of arrival; false as soon as it is. */
bool senders_each(struct tx *tx, struct job **jobs, size_t n,
                  bool (*run)(struct tx *tx, struct request **requests, size_t n));

/* Keeps those that `allow` lets through, in order; it has their problem say why it does not. False only when the store
   failed. */
bool senders_keep_allowed(struct tx *tx, struct request **requests, size_t *n,
                          bool (*allow)(struct request *r));

/* The one sub-account that an API key may act for; ID_NONE: it is not bound to one. */
id64_t sender_only_subaccount(const struct caller *caller);

#endif
