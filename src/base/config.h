/* Settings said once as a table: command line, MINUTEBANK_* variables, INI file, default; in that order. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/problem.h"
#include "base/str.h"

enum option_type { OPTION_TEXT, OPTION_INTEGER, OPTION_SWITCH };

struct option {
    const char *name; /* "public-url": --public-url, MINUTEBANK_PUBLIC_URL, public_url */
    enum option_type type;
    size_t offset;            /* of a struct str, int64_t or bool */
    const char *default_text; /* NULL: absent, 0 or false */
    int64_t min, max;         /* OPTION_INTEGER, both 0: no limit */
    const char *placeholder;  /* "HOST:PORT" */
    const char *help;         /* one line */
};

/* clang-format off */
#define OPTION_END { .name = NULL }
/* clang-format on */

/* What is not an option, in its order. */
struct positionals {
    struct str *at;
    size_t max, n;
};

/* Fills `out` from `argv` (without the command), the environment, the file named by --config (or
   MINUTEBANK_CONFIG; every command has it), and the defaults. `positionals` gets at most its
   `max`. Unknown options, missing or bad values: REASON_BAD_REQUEST with a
   sentence that names the option; so is an option given twice. Unknown keys of the file that no command of the program has are refused too;
   `all_known` lists tables whose keys are allowed in a shared file (NULL-terminated, may be NULL). */
bool options_read(const struct option *options, const struct option *const *all_known,
                  struct arena *arena, int argc, char *const *argv, struct problem *problem,
                  void *out, struct positionals *positionals);

/* Help text of a table, two columns, for --help. */
void options_print(const struct option *options);

#endif
