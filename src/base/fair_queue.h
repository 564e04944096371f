/* A bounded queue that many senders share: deficit round robin (Shreedhar and Varghese, SIGCOMM 1995), so that each
   sender who waits gets the same amount of work done in a round, however many items it has put in. Not locked: whoever
   owns it has a lock. Putting in and taking out take the same time however much waits. */
#ifndef BASE_FAIR_QUEUE_H
#define BASE_FAIR_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What waits embeds this. */
struct queued {
    struct queued *next; /* the queue's */
    uint64_t sender;     /* whose turn it takes: items of one sender stay in order */
    uint32_t share;      /* of turns and places, as a multiple of the others'; 0 counts as 1 */
    uint32_t cost;       /* how much work it is, in units of the queue's quantum; 0 counts as 1 */
};

struct fair_queue;

/* At most `items_max` wait. A sender may have as many waiting as places are free (Choudhury and Hahne's dynamic
   threshold): alone half of all, of two each a third, and whoever comes last still finds room. `quantum` is the cost
   that a sender may spend in each round. Of a share of n both are n times as much. */
struct fair_queue *fair_queue_new(size_t items_max, uint32_t quantum);

/* Nothing may wait in it. */
void fair_queue_free(struct fair_queue *queue);

/* False: the sender has its share waiting, or the queue is full; the item is then the caller's again. */
bool fair_queue_put(struct fair_queue *queue, struct queued *item);

/* The item whose turn it is, or NULL. */
struct queued *fair_queue_take(struct fair_queue *queue);

/* How many items wait. */
size_t fair_queue_waiting(const struct fair_queue *queue);

/* How many senders have something waiting. */
size_t fair_queue_senders(const struct fair_queue *queue);

#endif
