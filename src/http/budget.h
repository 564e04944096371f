/* How much memory requests take that are on their way, by sender: bodies, and what decoding made of them. Beyond it they
   are refused before anything is kept of them. */
#ifndef HTTP_BUDGET_H
#define HTTP_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct budget;

struct budget *budget_new(size_t bytes_max);
void budget_free(struct budget *budget);

/* `bytes` more for a sender. False, and nothing is taken: it would then have more than what is left for all others
   (as in base/fair_queue.h). Any thread. */
bool budget_take(struct budget *budget, uint64_t sender, size_t bytes);
void budget_give(struct budget *budget, uint64_t sender, size_t bytes);

/* For /metrics. */
struct budget_stats {
    size_t used;
    uint64_t refused;
};
struct budget_stats budget_stats(struct budget *budget);

#endif
