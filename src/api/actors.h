/* Who did something, as the API tells it: {kind, id, name}. */
#ifndef API_ACTORS_H
#define API_ACTORS_H

#include "domain/ledger.h"
#include "http/request.h"

struct actor_view {
    int kind;
    struct str id; /* absent: the system */
    struct str name;
};

extern const struct field actor_fields[];

/* `name` absent: of something that is no longer there. What neither a user nor a key did has the name that it was
   written down under, or the program's. */
struct actor_view actor_view(struct arena *arena, struct actor actor, struct str name);

/* Of one of the platform's staff. */
struct actor_view staff_view(struct arena *arena, id64_t user, struct str name);

/* Reads the names of actors in one go: `actors` and `views` have n rows. */
bool actors_view(struct request *r, const struct actor *actors, size_t n, struct actor_view *views);

/* Where a row says who did it and where its view of them goes, in bytes from the row's beginning. */
struct actor_place {
    size_t view, user;
    size_t api_key; /* 0: a key never does it */
};

/* The same for n rows of `size` bytes each, in place. */
bool actors_fill(struct request *r, void *rows, size_t n, size_t size,
                 const struct actor_place *place);

#endif
