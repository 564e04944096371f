/* What events say (engine/events.h): how accounts stand, read once for all who look on. */
#ifndef ENGINE_EVENT_FIGURES_H
#define ENGINE_EVENT_FIGURES_H

#include "store/db.h"

enum event_kind {
    EVENT_ACCOUNT, /* one account: for whoever may see it */
    EVENT_AGENCY, /* all of them together: for whoever may look at the agency's calls in progress */
    EVENT_RESET,  /* something was missed: for everybody */
};
extern const char *const event_kind_names[];

struct event {
    enum event_kind kind;
    id64_t subaccount; /* EVENT_ACCOUNT */
    struct str data;   /* JSON */
};

enum { EVENT_RESERVATIONS_MAX = 100 }; /* that one event names */

/* An event for each account that is marked, with its newest figures, and one of the agency; in tx->arena. `told` keeps
   the risks that were told of each account, so that events can say when they begin and end. */
bool event_figures(struct tx *tx, id64_t agency, const struct mark *marks, size_t n,
                   struct marks *told, struct event **events, size_t *n_events);

#endif
