/* How reservations end: by the record of their call, by their account's removal, or by running out. */
#include "engine/pairs.h"
#include "engine/reservations.h"

#include <stdlib.h>

const char *const hold_end_names[] = { "ended", "expired", "canceled", "taken", "unknown", NULL };

bool reservations_let_go(struct tx *tx, id64_t agency, struct reservation *const *all, size_t n,
                         struct actor actor)
{
    struct pairs wallets = pairs_new(tx->arena, n);
    seconds_t *seconds = ARENA_ARRAY(tx->arena, seconds_t, n + 1);

    for (size_t i = 0; i < n; i++)
        seconds[pairs_add(&wallets, all[i]->subaccount_id, all[i]->tier)] += all[i]->granted;
    return n == 0
        || (reservations_update(tx, agency, all, n)
            && holds_post(tx, agency, posting_for_release, &wallets, seconds, actor));
}

/* --- by a record --- */

static enum hold_end look(const struct reservation *reservation, id64_t subaccount)
{
    if (reservation->id == ID_NONE || reservation->subaccount_id != subaccount) return HOLD_UNKNOWN;
    if (reservation->call_id != ID_NONE) return HOLD_WAS_TAKEN;
    switch ((enum reservation_state)reservation->state) {
    case RESERVATION_OPEN: return HOLD_ENDED;
    case RESERVATION_EXPIRED: return HOLD_WAS_EXPIRED;
    case RESERVATION_CANCELED: return HOLD_WAS_CANCELED;
    case RESERVATION_ENDED: break;
    }
    return HOLD_WAS_TAKEN;
}

/* Also one that was over keeps the call that came late. */
static void end(struct reservation_end *end, struct reservation *reservation, instant_t now,
                bool *changed)
{
    end->held = 0;
    end->found = look(reservation, end->subaccount);
    if (end->found == HOLD_UNKNOWN || end->found == HOLD_WAS_TAKEN) return;
    reservation->call_id = end->call;
    *changed = true;
    if (end->found != HOLD_ENDED) return;
    reservation->state = RESERVATION_ENDED;
    reservation->ended_at = now;
    end->tier = (enum tier)reservation->tier;
    end->held = reservation->granted;
}

bool reservations_end(struct tx *tx, id64_t agency, struct reservation_end *ends, size_t n)
{
    struct pairs named = pairs_new(tx->arena, n);
    size_t n_changed = 0, *places = ARENA_ARRAY(tx->arena, size_t, n + 1);
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, n + 1);

    if (n == 0) return true;
    for (size_t i = 0; i < n; i++) {
        id64_t id = ID_NONE;
        id_parse(ID_RESERVATION, ends[i].name, &id);
        places[i] = pairs_add(&named, id, 0);
    }
    for (size_t i = 0; i < named.count; i++)
        ids[i] = named.at[i].a;
    struct reservation *all = ARENA_ARRAY(tx->arena, struct reservation, named.count);
    struct reservation **changed = ARENA_ARRAY(tx->arena, struct reservation *, n);

    if (!reservations_lock(tx, agency, ids, named.count, all)) return false;
    for (size_t i = 0; i < n; i++) {
        bool is_changed = false;
        end(&ends[i], &all[places[i]], tx->now, &is_changed);
        if (is_changed) changed[n_changed++] = &all[places[i]];
    }
    return reservations_update(tx, agency, changed, n_changed);
}

/* --- by themselves --- */

static void close_all(struct reservation *const *all, size_t n, enum reservation_state state,
                      instant_t now)
{
    for (size_t i = 0; i < n; i++) {
        all[i]->state = state;
        all[i]->ended_at = now;
    }
}

static struct reservation **pointers(struct tx *tx, const struct list *list)
{
    struct reservation **out = ARENA_ARRAY(tx->arena, struct reservation *, list->count + 1);

    for (size_t i = 0; i < list->count; i++)
        out[i] = &((struct reservation *)list->at)[i];
    return out;
}

bool reservations_release(struct tx *tx, id64_t agency, id64_t subaccount, struct actor actor)
{
    struct list open;

    if (!reservations_lock_open(tx, agency, subaccount, &open)) return false;
    struct reservation **all = pointers(tx, &open);

    close_all(all, open.count, RESERVATION_CANCELED, tx->now);
    return reservations_let_go(tx, agency, all, open.count, actor);
}

static int compare_agencies(const void *a, const void *b)
{
    const struct reservation *x = *(struct reservation *const *)a;
    const struct reservation *y = *(struct reservation *const *)b;

    if (x->agency_id != y->agency_id) return x->agency_id < y->agency_id ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

bool reservations_expire(struct tx *tx, size_t limit, int64_t *expired)
{
    struct list due;

    if (!reservations_lock_due(tx, limit, &due)) return false;
    struct reservation **all = pointers(tx, &due);

    *expired = (int64_t)due.count;
    close_all(all, due.count, RESERVATION_EXPIRED, tx->now);
    qsort(all, due.count, sizeof(struct reservation *), compare_agencies);
    for (size_t first = 0, next; first < due.count; first = next) {
        for (next = first; next < due.count && all[next]->agency_id == all[first]->agency_id;)
            next++;
        if (!reservations_let_go(tx, all[first]->agency_id, all + first, next - first,
                                 (struct actor){ 0 }))
            return false;
    }
    return true;
}
