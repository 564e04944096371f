/* Voice engines' connections: their secrets, which are sealed, and the mapping that counts. `secret_key` is the server's
   (http/server.h), absent when it has none: REASON_SECRET_KEY_MISSING. */
#ifndef ENGINE_CONNECTIONS_H
#define ENGINE_CONNECTIONS_H

#include "store/connections.h"

/* A fresh token into `connection`, whose ids are set; `*hash` is what it is found by. */
bool connection_seal_token(struct tx *tx, struct str secret_key, struct connection *connection,
                           struct str token, struct hash *hash);
bool connection_open_token(struct tx *tx, struct str secret_key,
                           const struct connection *connection, struct str *out);

/* The secret that the engine signs with; absent: none. */
bool connection_seal_secret(struct tx *tx, struct str secret_key, struct connection *connection,
                            struct str secret);
bool connection_open_secret(struct tx *tx, struct str secret_key,
                            const struct connection *connection, struct str *out);

/* Its own mapping, or else the engine's. */
bool connection_mapping(struct tx *tx, const struct connection *connection,
                        const struct mapping **out);

/* One rule more, or another account for the key that it has. REASON_TOO_MANY_RULES when it has ENGINE_RULES_MAX. */
bool connection_remember(struct tx *tx, const struct connection *connection,
                         const struct connection_rule *rule);

/* What its calls' source is called: by engines whose ids are nobody else's, the engine. */
struct str connection_source(struct arena *arena, const struct connection *connection);

#endif
