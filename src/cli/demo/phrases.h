/* Templates of the story as sentences. */
#ifndef CLI_DEMO_PHRASES_H
#define CLI_DEMO_PHRASES_H

#include "base/str.h"
#include "cli/demo/plan.h"

/* Whom and what a call is about. */
struct demo_subject {
    const struct demo_client *client;
    const char *first_name, *last_name;
    struct date date;
};

/* One topic of a list that ends with a weight of 0. */
const struct demo_topic *demo_pick_topic(struct rng *rng, const struct demo_topic *topics);

/* One of the topic's summaries with its words filled in. */
struct str demo_summary(struct arena *arena, struct rng *rng, const struct demo_topic *topic,
                        const struct demo_subject *subject);

#endif
