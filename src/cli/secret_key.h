/* The server's secret key, which secrets that must be read again are sealed with (base/seal.h). It is never in the store,
   and one store goes with one key: of all its nodes, for as long as it lasts. */
#ifndef CLI_SECRET_KEY_H
#define CLI_SECRET_KEY_H

#include "cli/command.h"

/* The fact by which a store knows its key (store/agencies.h). */
#define SECRET_KEY_FACT "secret_key_fingerprint"

enum { SECRET_KEY_CHARS_MIN = 32, SECRET_KEY_CHARS_MAX = 1024 };

/* What is in `file`, or, where that is absent and the store is a file, in the file beside it that ends in ".key", made
   when the store has no key yet. Absent in the end: a PostgreSQL store, whose nodes need to be given one. False when it
   cannot be read or made, or is not the one that the store was used with. */
bool secret_key_settle(struct command_run *run, struct db *db, struct str file, struct str *out);

#endif
