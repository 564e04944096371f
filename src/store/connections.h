/* Rows of voice engines that report by webhook, and of their rules: which key is whose. */
#ifndef STORE_CONNECTIONS_H
#define STORE_CONNECTIONS_H

#include "base/hash.h"
#include "domain/adapters.h"
#include "store/db.h"

struct connection {
    id64_t agency_id, id;
    struct bytes token_sealed, secret_sealed; /* secret: absent when it has none */
    struct str name;
    int engine;         /* enum adapter_kind */
    int tier;           /* of calls that do not say theirs */
    id64_t fallback;    /* a sub-account; ID_NONE: what nothing tells waits */
    struct str mapping; /* JSON; absent: the engine's own */
    id64_t created_by;  /* a user */
    instant_t created_at;
    instant_t removed_at; /* INSTANT_NONE: it works */
};

struct connection_rule {
    struct str key;
    id64_t subaccount;
};

enum { ENGINE_CONNECTIONS_MAX = 100, ENGINE_RULES_MAX = 1000 }; /* of an agency, of a connection */

bool connection_insert(struct tx *tx, const struct connection *connection,
                       const struct hash *token_hash);

/* Name, secret, tier, fallback and mapping. */
bool connection_update(struct tx *tx, const struct connection *connection);

bool connection_remove(struct tx *tx, id64_t agency, id64_t id);

/* Also one that was removed: what waits of it can still be told whose it is. REASON_NOT_FOUND */
bool connection_load(struct tx *tx, id64_t agency, id64_t id, struct connection *out);

/* One that works. */
bool connection_find_by_token(struct tx *tx, const struct hash *token_hash, struct connection *out,
                              bool *found);

/* Those that work, the newest first: ENGINE_CONNECTIONS_MAX at most. A list of struct connection. */
bool connection_list(struct tx *tx, id64_t agency, struct list *out);

/* In the order of their keys. A list of struct connection_rule. */
bool connection_rules(struct tx *tx, id64_t agency, id64_t connection, struct list *out);

/* The account of one key; ID_NONE when it has none. */
bool connection_rule_find(struct tx *tx, id64_t agency, id64_t connection, struct str key,
                          id64_t *subaccount);

bool connection_rules_count(struct tx *tx, id64_t agency, id64_t connection, int64_t *out);

/* One rule more, or another account for the key that it has. */
bool connection_rule_set(struct tx *tx, id64_t agency, id64_t connection,
                         const struct connection_rule *rule);

bool connection_rules_clear(struct tx *tx, id64_t agency, id64_t connection);

#endif
