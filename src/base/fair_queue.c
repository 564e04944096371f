#include "base/fair_queue.h"

#include "base/fibonacci_hash.h"

#include <assert.h>
#include <stdlib.h>

enum { SLOTS = 1024 };

/* A sender who has something waiting. */
struct flow {
    struct flow *next_in_slot; /* or in the list of spare ones */
    struct flow *next_in_round;
    struct queued *first, **last;
    uint64_t sender;
    uint32_t share; /* as its last item has it */
    size_t waiting;
    uint64_t credit; /* what it may still spend in this round */
};

struct fair_queue {
    struct flow *slots[SLOTS];
    struct flow *round, **round_end; /* in the order of their turns */
    struct flow *spare;              /* kept: as many as ever waited at once */
    size_t waiting, items_max, senders;
    uint32_t quantum;
};

struct fair_queue *fair_queue_new(size_t items_max, uint32_t quantum)
{
    struct fair_queue *queue = calloc(1, sizeof(*queue));

    assert(queue != NULL && quantum > 0);
    queue->round_end = &queue->round;
    queue->items_max = items_max;
    queue->quantum = quantum;
    return queue;
}

void fair_queue_free(struct fair_queue *queue)
{
    if (queue == NULL) return;
    assert(queue->waiting == 0);
    while (queue->spare != NULL) {
        struct flow *next = queue->spare->next_in_slot;
        free(queue->spare);
        queue->spare = next;
    }
    free(queue);
}

static struct flow **slot_of(struct fair_queue *queue, uint64_t sender)
{
    return &queue->slots[fibonacci_hash(sender) >> 54];
}

static struct flow *flow_find(struct fair_queue *queue, uint64_t sender)
{
    struct flow *flow = *slot_of(queue, sender);

    while (flow != NULL && flow->sender != sender)
        flow = flow->next_in_slot;
    return flow;
}

static void round_append(struct fair_queue *queue, struct flow *flow)
{
    flow->next_in_round = NULL;
    *queue->round_end = flow;
    queue->round_end = &flow->next_in_round;
}

static void round_remove_first(struct fair_queue *queue)
{
    queue->round = queue->round->next_in_round;
    if (queue->round == NULL) queue->round_end = &queue->round;
}

static uint32_t share_of(const struct queued *item)
{
    return item->share == 0 ? 1 : item->share;
}

/* A sender who comes back begins with one round's credit: what it left unspent, or owed, does not stay. */
static struct flow *flow_add(struct fair_queue *queue, const struct queued *item)
{
    struct flow **slot = slot_of(queue, item->sender);
    struct flow *flow = queue->spare;

    if (flow != NULL)
        queue->spare = flow->next_in_slot;
    else
        flow = malloc(sizeof(*flow));
    assert(flow != NULL);
    *flow = (struct flow){
        .next_in_slot = *slot,
        .sender = item->sender,
        .credit = (uint64_t)queue->quantum * share_of(item),
    };
    flow->last = &flow->first;
    *slot = flow;
    round_append(queue, flow);
    queue->senders++;
    return flow;
}

/* Of the sender whose turn it is. */
static void flow_remove_first(struct fair_queue *queue)
{
    struct flow *flow = queue->round;
    struct flow **link = slot_of(queue, flow->sender);

    while (*link != flow)
        link = &(*link)->next_in_slot;
    *link = flow->next_in_slot;
    round_remove_first(queue);
    flow->next_in_slot = queue->spare;
    queue->spare = flow;
    queue->senders--;
}

bool fair_queue_put(struct fair_queue *queue, struct queued *item)
{
    struct flow *flow = flow_find(queue, item->sender);
    size_t own = flow == NULL ? 0 : flow->waiting, free_places = queue->items_max - queue->waiting;

    if (own >= free_places * share_of(item)) return false;
    if (flow == NULL) flow = flow_add(queue, item);
    flow->share = share_of(item);
    item->next = NULL;
    *flow->last = item;
    flow->last = &item->next;
    flow->waiting++;
    queue->waiting++;
    return true;
}

static uint64_t cost_of(const struct queued *item)
{
    return item->cost == 0 ? 1 : item->cost;
}

/* The sender whose item is next. Each time round all get their share of quanta; alone nobody needs to save up. */
static struct flow *whose_turn(struct fair_queue *queue)
{
    struct flow *flow = queue->round;

    while (queue->senders > 1 && cost_of(flow->first) > flow->credit) {
        flow->credit += (uint64_t)queue->quantum * flow->share;
        round_remove_first(queue);
        round_append(queue, flow);
        flow = queue->round;
    }
    return flow;
}

struct queued *fair_queue_take(struct fair_queue *queue)
{
    if (queue->waiting == 0) return NULL;

    struct flow *flow = whose_turn(queue);
    struct queued *item = flow->first;
    uint64_t cost = cost_of(item);

    flow->credit -= cost < flow->credit ? cost : flow->credit;
    flow->first = item->next;
    flow->waiting--;
    queue->waiting--;
    if (flow->first == NULL) flow_remove_first(queue);
    return item;
}

size_t fair_queue_waiting(const struct fair_queue *queue)
{
    return queue->waiting;
}

size_t fair_queue_senders(const struct fair_queue *queue)
{
    return queue->senders;
}
