/* How often somebody may try a password: tries that fail are counted per account and address, and,
   with more patience, per address. Beyond the free ones each next try waits twice as long. Nobody
   can lock another person out: what is tried from elsewhere counts elsewhere. Memory is bounded: a
   fixed table, in which the entry that was used the longest ago gives way. */
#ifndef API_TRIES_H
#define API_TRIES_H

#include "base/str.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    TRIES_SETS = 1024,
    TRIES_WAYS = 8,
    TRIES_FREE_PER_ACCOUNT = 5,
    TRIES_FREE_PER_ADDRESS = 50,
    TRIES_ACCOUNT_WAIT_MAX_SECONDS = 15 * 60, /* of one account from one address */
    TRIES_ADDRESS_WAIT_MAX_SECONDS = 60,      /* of an address: a whole office may share it */
    TRIES_KEPT_SECONDS = 60 * 60,             /* after the last one */
};

enum { TRIES_OF_ACCOUNT, TRIES_OF_ADDRESS, TRIES_KINDS };

struct tries_entry {
    int64_t key;
    int64_t count;   /* tries that did not succeed, so far */
    int64_t last_us; /* when the last one was; 0: the entry is free */
};

struct tries {
    pthread_mutex_t lock;
    char secret[16]; /* so that nobody can work out which keys share a set */
    bool has_secret;
    struct tries_entry entries[TRIES_KINDS][TRIES_SETS][TRIES_WAYS];
};

#define TRIES_EMPTY                       \
    {                                     \
        .lock = PTHREAD_MUTEX_INITIALIZER \
    }

/* Counts a try before it is known how it ends, so that many at once cannot slip through. False when
   it has to wait, `*wait_us` long; it is not counted then. `now_us` is monotonic. */
bool tries_begin(struct tries *tries, struct str account, struct str address, int64_t now_us,
                 int64_t *wait_us);

/* The try that began was right: what failed for this account from this address is forgotten. */
void tries_succeeded(struct tries *tries, struct str account, struct str address, int64_t now_us);

#endif
