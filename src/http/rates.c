#include "http/rates.h"

#include "base/fibonacci_hash.h"
#include "base/types.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 1024 };

/* Kept for good: only senders that the store knows are counted (http/senders.c). */
struct rate {
    struct rate *next;
    uint64_t sender;
    struct sender_terms terms;
    int64_t due_us; /* when the next request would come at an even pace */
};

struct rates {
    pthread_mutex_t lock;
    struct rate *slots[SLOTS]; /* under lock, as is what follows */
    uint64_t refused;
};

struct rates *rates_new(void)
{
    struct rates *rates = calloc(1, sizeof(*rates));

    assert(rates != NULL);
    pthread_mutex_init(&rates->lock, NULL);
    return rates;
}

void rates_free(struct rates *rates)
{
    if (rates == NULL) return;
    for (size_t i = 0; i < SLOTS; i++) {
        while (rates->slots[i] != NULL) {
            struct rate *next = rates->slots[i]->next;
            free(rates->slots[i]);
            rates->slots[i] = next;
        }
    }
    pthread_mutex_destroy(&rates->lock);
    free(rates);
}

static struct rate **slot_of(struct rates *rates, uint64_t sender)
{
    return &rates->slots[fibonacci_hash(sender) >> 54];
}

/* NULL: there is none, and it is as all. */
static struct rate *rate_find(struct rates *rates, uint64_t sender)
{
    struct rate *rate = *slot_of(rates, sender);

    while (rate != NULL && rate->sender != sender)
        rate = rate->next;
    return rate;
}

static struct rate *rate_of(struct rates *rates, uint64_t sender)
{
    struct rate **slot = slot_of(rates, sender), *found = rate_find(rates, sender);

    if (found != NULL) return found;
    struct rate *added = calloc(1, sizeof(*added));
    assert(added != NULL);
    *added = (struct rate){ .next = *slot, .sender = sender };
    *slot = added;
    return added;
}

void rates_set_terms(struct rates *rates, uint64_t sender, struct sender_terms terms)
{
    bool as_all = terms.per_second == 0 && terms.share <= 1;

    pthread_mutex_lock(&rates->lock);
    struct rate *rate = as_all ? rate_find(rates, sender) : rate_of(rates, sender);
    if (rate != NULL) rate->terms = terms;
    pthread_mutex_unlock(&rates->lock);
}

uint32_t rates_share(struct rates *rates, uint64_t sender)
{
    pthread_mutex_lock(&rates->lock);
    const struct rate *rate = rate_find(rates, sender);
    uint32_t share = rate == NULL || rate->terms.share == 0 ? 1 : rate->terms.share;
    pthread_mutex_unlock(&rates->lock);
    return share;
}

static bool take(struct rate *rate, int64_t per_second, int64_t now_us)
{
    int64_t pace_us = MICROS_PER_SECOND / per_second;
    int64_t due_us = rate->due_us > now_us ? rate->due_us : now_us;

    if (due_us + pace_us > now_us + MICROS_PER_SECOND) return false;
    rate->due_us = due_us + pace_us;
    return true;
}

bool rates_take(struct rates *rates, uint64_t sender, int64_t per_second, int64_t now_us)
{
    bool fits = true;

    pthread_mutex_lock(&rates->lock);
    const struct rate *known = rate_find(rates, sender);
    if (known != NULL && known->terms.per_second > 0) per_second = known->terms.per_second;
    if (per_second > 0) fits = take(rate_of(rates, sender), per_second, now_us);
    rates->refused += !fits;
    pthread_mutex_unlock(&rates->lock);
    return fits;
}

uint64_t rates_refused(struct rates *rates)
{
    pthread_mutex_lock(&rates->lock);
    uint64_t refused = rates->refused;
    pthread_mutex_unlock(&rates->lock);
    return refused;
}
