/* Walking a store's invariants (store/check.h): each is looked at, whatever the others found. */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include "store/check.h"

enum {
    FAULTS_SHOWN = 20,      /* rows told of one invariant */
    FAULTS_COUNTED = 10000, /* beyond so many it is "more" */
};

/* What was found about one invariant; its texts live until the listener returns. */
struct check_finding {
    const struct invariant *invariant;
    int64_t counted[CHECK_SUBJECTS_MAX]; /* of its subjects */
    int64_t n_faults;                    /* FAULTS_COUNTED: as many, or more */
    size_t n_shown;
    struct str shown[FAULTS_SHOWN];
    struct str unreadable; /* why it could not be looked at; absent: it could */
};

static inline bool check_is_kept(const struct check_finding *finding)
{
    return finding->n_faults == 0 && str_is_absent(finding->unreadable);
}

typedef void (*check_listener)(void *context, const struct check_finding *finding);

/* Looks at every invariant in one snapshot and tells each to the listener, in a fixed order. False,
   with the problem, when the store cannot be looked at: it is not this program's, or of another
   version, or went away. A row that cannot be read counts against its invariant alone. */
bool check_store(struct db *db, struct problem *problem, check_listener listener, void *context);

#endif
