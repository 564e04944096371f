#include "http/budget.h"

#include "base/fibonacci_hash.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 256 };

/* A sender who has some. */
struct share {
    struct share *next;
    uint64_t sender;
    size_t used;
};

struct budget {
    pthread_mutex_t lock;
    struct share *slots[SLOTS]; /* under lock, as is what follows */
    size_t used, bytes_max;
    uint64_t refused;
};

struct budget *budget_new(size_t bytes_max)
{
    struct budget *budget = calloc(1, sizeof(*budget));

    assert(budget != NULL);
    budget->bytes_max = bytes_max;
    pthread_mutex_init(&budget->lock, NULL);
    return budget;
}

void budget_free(struct budget *budget)
{
    if (budget == NULL) return;
    assert(budget->used == 0);
    pthread_mutex_destroy(&budget->lock);
    free(budget);
}

/* Where the list points to the sender's share, or would. */
static struct share **place_of(struct budget *budget, uint64_t sender)
{
    struct share **link = &budget->slots[fibonacci_hash(sender) >> 56];

    while (*link != NULL && (*link)->sender != sender)
        link = &(*link)->next;
    return link;
}

static struct share *share_of(struct budget *budget, uint64_t sender)
{
    struct share **place = place_of(budget, sender);

    if (*place == NULL) {
        *place = calloc(1, sizeof(**place));
        assert(*place != NULL);
        (*place)->sender = sender;
    }
    return *place;
}

static bool has_room(struct budget *budget, uint64_t sender, size_t bytes)
{
    const struct share *share = *place_of(budget, sender);
    size_t own = share == NULL ? 0 : share->used, left = budget->bytes_max - budget->used;

    return bytes <= left && own + bytes <= left - bytes;
}

bool budget_take(struct budget *budget, uint64_t sender, size_t bytes)
{
    pthread_mutex_lock(&budget->lock);
    bool fits = has_room(budget, sender, bytes);
    if (fits) {
        share_of(budget, sender)->used += bytes;
        budget->used += bytes;
    } else {
        budget->refused++;
    }
    pthread_mutex_unlock(&budget->lock);
    return fits;
}

void budget_give(struct budget *budget, uint64_t sender, size_t bytes)
{
    if (bytes == 0) return;
    pthread_mutex_lock(&budget->lock);
    struct share **place = place_of(budget, sender), *share = *place;
    assert(share != NULL && share->used >= bytes);
    share->used -= bytes;
    budget->used -= bytes;
    if (share->used == 0) {
        *place = share->next;
        free(share);
    }
    pthread_mutex_unlock(&budget->lock);
}

struct budget_stats budget_stats(struct budget *budget)
{
    pthread_mutex_lock(&budget->lock);
    struct budget_stats stats = { .used = budget->used, .refused = budget->refused };
    pthread_mutex_unlock(&budget->lock);
    return stats;
}
