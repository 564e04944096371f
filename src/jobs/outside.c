#include "jobs/outside.h"

#include "jobs/scheduler.h"

#include <pthread.h>
#include <stdlib.h>

enum slot_state { SLOT_FREE, SLOT_BORROWED, SLOT_OUTSIDE };

struct slot {
    struct unit unit; /* first */
    struct outside *outside;
    pthread_t thread;
    enum slot_state state; /* under the lock */
};

struct outside {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_stopping; /* under the lock */
    struct pause pause;
    void (*told)(void *context);
    void *context;
    struct slot slots[SCHEDULER_OUTSIDE_MAX];
};

/* False when stopping. */
static bool await_unit(struct slot *slot)
{
    struct outside *outside = slot->outside;

    pthread_mutex_lock(&outside->lock);
    while (slot->state != SLOT_OUTSIDE && !outside->is_stopping)
        pthread_cond_wait(&outside->changed, &outside->lock);
    bool has_unit = slot->state == SLOT_OUTSIDE;
    pthread_mutex_unlock(&outside->lock);
    return has_unit;
}

static void set_state(struct slot *slot, enum slot_state state)
{
    pthread_mutex_lock(&slot->outside->lock);
    slot->state = state;
    pthread_cond_broadcast(&slot->outside->changed);
    pthread_mutex_unlock(&slot->outside->lock);
}

static void *work(void *context)
{
    struct slot *slot = context;

    while (await_unit(slot)) {
        unit_go_outside(&slot->unit);
        set_state(slot, SLOT_FREE);
        slot->outside->told(slot->outside->context);
    }
    return NULL;
}

struct outside *outside_start(struct writer *writer, const struct job_work *const *works,
                              void (*told)(void *context), void *context)
{
    struct outside *outside = calloc(1, sizeof(*outside));

    if (outside == NULL) abort();
    outside->told = told;
    outside->context = context;
    pause_init(&outside->pause);
    pthread_mutex_init(&outside->lock, NULL);
    pthread_cond_init(&outside->changed, NULL);
    for (size_t i = 0; i < SCHEDULER_OUTSIDE_MAX; i++) {
        struct slot *slot = &outside->slots[i];

        unit_open(&slot->unit, writer, works, &outside->pause);
        slot->outside = outside;
        if (pthread_create(&slot->thread, NULL, work, slot) != 0) abort();
    }
    return outside;
}

void outside_stop(struct outside *outside)
{
    pause_stop(&outside->pause);
    pthread_mutex_lock(&outside->lock);
    outside->is_stopping = true;
    pthread_cond_broadcast(&outside->changed);
    pthread_mutex_unlock(&outside->lock);
    for (size_t i = 0; i < SCHEDULER_OUTSIDE_MAX; i++) {
        pthread_join(outside->slots[i].thread, NULL);
        unit_close(&outside->slots[i].unit);
    }
    pthread_cond_destroy(&outside->changed);
    pthread_mutex_destroy(&outside->lock);
    pause_destroy(&outside->pause);
    free(outside);
}

size_t outside_borrow(struct outside *outside, struct unit **out, size_t n)
{
    size_t found = 0;

    pthread_mutex_lock(&outside->lock);
    for (size_t i = 0; i < SCHEDULER_OUTSIDE_MAX && found < n; i++) {
        if (outside->slots[i].state != SLOT_FREE) continue;
        outside->slots[i].state = SLOT_BORROWED;
        out[found++] = &outside->slots[i].unit;
    }
    pthread_mutex_unlock(&outside->lock);
    return found;
}

static struct slot *slot_of(struct unit *unit)
{
    return (struct slot *)(void *)unit;
}

void outside_begin(struct outside *outside, struct unit *unit)
{
    (void)outside;
    set_state(slot_of(unit), SLOT_OUTSIDE);
}

void outside_return(struct outside *outside, struct unit *unit)
{
    (void)outside;
    set_state(slot_of(unit), SLOT_FREE);
}
