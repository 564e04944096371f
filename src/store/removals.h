/* What hangs on a sub-account and ends with it (domain.md §8). */
#ifndef STORE_REMOVALS_H
#define STORE_REMOVALS_H

#include "store/db.h"

/* How much of each there is, or was. */
struct ties {
    int64_t people;      /* users with a grant to it by name */
    int64_t deactivated; /* of them, those of sub-account roles who reach nothing else */
    int64_t invitations; /* pending ones that name it */
    int64_t revoked;     /* of them, those that name nothing else */
    int64_t api_keys;    /* bound to it and in force */
};

bool subaccount_ties_count(struct tx *tx, id64_t agency, id64_t subaccount, struct ties *out);

/* Ends them: grants go, whoever reaches nothing else is signed out, invitations to nothing else and keys are revoked.
   What an invitation named stays: accepting leaves removed accounts out. */
bool subaccount_ties_cut(struct tx *tx, id64_t agency, id64_t subaccount);

#endif
