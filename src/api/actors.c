#include "api/actors.h"

#include "base/id.h"
#include "store/names.h"
#include "store/platform.h"

#include <string.h>

enum { ACTOR_USER, ACTOR_API_KEY, ACTOR_SYSTEM, ACTOR_PLATFORM };
static const char *const actor_kind_names[] = { "user", "api_key", "system", "platform", NULL };

/* clang-format off */
const struct field actor_fields[] = {
    FIELD_NAME(struct actor_view, kind, actor_kind_names),
    FIELD_TEXT(struct actor_view, id),
    FIELD_TEXT(struct actor_view, name),
    FIELD_END,
};
/* clang-format on */

static id64_t id_of(struct actor actor)
{
    return actor.user != ID_NONE ? actor.user : actor.api_key;
}

struct actor_view staff_view(struct arena *arena, id64_t user, struct str name)
{
    return (struct actor_view){
        .kind = ACTOR_PLATFORM,
        .id = id_format(arena, ID_PLATFORM_USER, user),
        .name = name,
    };
}

struct actor_view actor_view(struct arena *arena, struct actor actor, struct str name)
{
    bool is_user = actor.user != ID_NONE;

    if (id_of(actor) == ID_NONE)
        return (struct actor_view){ .kind = ACTOR_SYSTEM,
                                    .name = name.len == 0 ? STR("Minutebank") : name };
    return (struct actor_view){
        .kind = is_user ? ACTOR_USER : ACTOR_API_KEY,
        .id = id_format(arena, is_user ? ID_USER : ID_API_KEY, id_of(actor)),
        .name = str_is_absent(name) ? STR("Somebody who left") : name,
    };
}

bool actors_view(struct request *r, const struct actor *actors, size_t n, struct actor_view *views)
{
    id64_t *ids = ARENA_ARRAY(r->arena, id64_t, n);
    struct str *names = ARENA_ARRAY(r->arena, struct str, n);
    bool *are_staff = ARENA_ARRAY(r->arena, bool, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = id_of(actors[i]);
    if (!names_find(r->tx, r->caller.agency, ids, n, names)
        || !platform_users_among(r->tx, ids, n, are_staff))
        return false;
    for (size_t i = 0; i < n; i++)
        views[i] = are_staff[i] ? staff_view(r->arena, ids[i], names[i])
                                : actor_view(r->arena, actors[i], names[i]);
    return true;
}

static id64_t id_at(const char *row, size_t offset)
{
    id64_t id;

    memcpy(&id, row + offset, sizeof(id));
    return id;
}

bool actors_fill(struct request *r, void *rows, size_t n, size_t size,
                 const struct actor_place *place)
{
    struct actor *actors = ARENA_ARRAY(r->arena, struct actor, n);
    struct actor_view *named = ARENA_ARRAY(r->arena, struct actor_view, n);
    char *first = rows;

    for (size_t i = 0; i < n; i++) {
        actors[i].user = id_at(first + i * size, place->user);
        actors[i].api_key = place->api_key == 0 ? ID_NONE : id_at(first + i * size, place->api_key);
    }
    if (!actors_view(r, actors, n, named)) return false;
    for (size_t i = 0; i < n; i++)
        memcpy(first + i * size + place->view, &named[i], sizeof(named[i]));
    return true;
}
