/* How often somebody may try a password: tries that fail are counted per account and address, and,
   with more patience, per address. Beyond the free ones each next try waits twice as long. Nobody
   can lock another person out: what is tried from elsewhere counts elsewhere. Memory is bounded: a
   fixed table, in which the entry that was used the longest ago gives way.

   A second factor's code has six digits only: who knows the password could try them from a thousand
   addresses. So codes are counted per account wherever they come from, and callers make the
   password a part of the account's name: a new password begins anew, and nobody without the right
   one can make anybody wait. */
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
    TRIES_FREE_PER_CODE = 10,
    TRIES_ACCOUNT_WAIT_MAX_SECONDS = 15 * 60, /* of one account from one address */
    TRIES_ADDRESS_WAIT_MAX_SECONDS = 60,      /* of an address: a whole office may share it */
    TRIES_CODE_WAIT_MAX_SECONDS = 60,         /* some 1,500 codes of a million a day */
    TRIES_KEPT_SECONDS = 60 * 60,             /* after the last one */
};

enum tries_kind { TRIES_OF_ACCOUNT, TRIES_OF_ADDRESS, TRIES_OF_CODE, TRIES_KINDS };

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

/* The same for codes of a second factor, counted per account alone. */
bool tries_begin_code(struct tries *tries, struct str account, int64_t now_us, int64_t *wait_us);
void tries_code_succeeded(struct tries *tries, struct str account, int64_t now_us);

#endif
