/* What happens on a day of the story, in order: who joins, what changes, who buys and pays, when calls are reported. */
#ifndef CLI_DEMO_AGENDA_H
#define CLI_DEMO_AGENDA_H

#include "cli/demo/calls.h"
#include "cli/demo/life.h"

enum demo_event_kind { EVENT_JOINS, EVENT_CHANGES, EVENT_BUYS, EVENT_PAYS, EVENT_REPORTS };

struct demo_event {
    instant_t at;
    enum demo_event_kind kind;
    int account;
    enum tier tier;                   /* of what is bought or paid */
    seconds_t seconds;                /* bought: one of both, */
    micros_t amount;                  /* the other 0 */
    instant_t pays_at;                /* when what is bought will be paid */
    const struct demo_change *change; /* what changes */
    size_t first_call, n_calls;       /* of the agenda's calls: what is reported */
};

enum { DEMO_EVENTS_MAX = 512 };

struct demo_agenda {
    struct period span;
    struct demo_event events[DEMO_EVENTS_MAX];
    size_t n;
    struct demo_calls calls; /* of all accounts, by their end */
};

/* By what is known when the day begins. */
void demo_agenda_make(const struct demo_life *life, int32_t day, struct arena *arena,
                      struct demo_agenda *out);

#endif
