/* What the story leaves in the audit trail: as if its owner had done it in the console. */
#ifndef CLI_DEMO_TRAIL_H
#define CLI_DEMO_TRAIL_H

#include "base/id.h"
#include "store/db.h"

/* A thing as it was or is: a struct and the table of what the trail keeps of it. fields NULL: nothing. */
struct demo_record {
    const struct field *fields;
    const void *of;
};
#define DEMO_NO_RECORD ((struct demo_record){ NULL, NULL })

struct demo_deed {
    id64_t agency, owner;
    const char *action;
    enum id_kind kind;
    id64_t target;
    struct demo_record before, after;
};

/* At tx->now. */
bool demo_trail_add(struct tx *tx, const struct demo_deed *deed);

#endif
