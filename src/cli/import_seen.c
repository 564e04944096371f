/* What a dry run remembers: the records that it would have charged (import.h). */
#include "cli/import.h"

#include "base/hash.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_SLOTS = 1 << 12, SLOTS_MAX = 1 << 23 };

struct sighting {
    int64_t identity, fingerprint; /* identity 0: free */
};

struct import_seen {
    struct sighting *slots;
    size_t n_slots, count;
};

static struct sighting *slots_new(size_t n)
{
    struct sighting *slots = calloc(n, sizeof(*slots));

    assert(slots != NULL);
    return slots;
}

struct import_seen *import_seen_new(void)
{
    struct import_seen *seen = malloc(sizeof(*seen));

    assert(seen != NULL);
    *seen = (struct import_seen){ .slots = slots_new(FIRST_SLOTS), .n_slots = FIRST_SLOTS };
    return seen;
}

void import_seen_free(struct import_seen *seen)
{
    if (seen == NULL) return;
    free(seen->slots);
    free(seen);
}

static struct sighting *slot_of(const struct import_seen *seen, int64_t identity)
{
    size_t i = (size_t)identity & (seen->n_slots - 1);

    while (seen->slots[i].identity != 0 && seen->slots[i].identity != identity)
        i = (i + 1) & (seen->n_slots - 1);
    return &seen->slots[i];
}

static void grow(struct import_seen *seen)
{
    struct sighting *old = seen->slots;
    size_t n_old = seen->n_slots;

    seen->n_slots *= 2;
    seen->slots = slots_new(seen->n_slots);
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].identity != 0) *slot_of(seen, old[i].identity) = old[i];
    }
    free(old);
}

static int64_t identity_of(const struct call_record *record)
{
    char text[4 * (128 + 64) + 1]; /* as long as both can be, in bytes */
    int len =
        snprintf(text, sizeof(text), "%.*s\n%.*s", STR_ARG(record->source), STR_ARG(record->id));
    struct hash hash = hash_of((struct str){ text, (size_t)len });
    int64_t identity = hash_to_int63(&hash);

    return identity == 0 ? 1 : identity;
}

enum call_outcome import_seen_add(struct import_seen *seen, const struct call_record *record)
{
    /* The account as it is named: the same line names it the same. */
    int64_t fingerprint =
        call_record_fingerprint(record, (id64_t)(str_hash(record->subaccount) >> 1));

    if (seen->count * 2 >= seen->n_slots && seen->n_slots < SLOTS_MAX) grow(seen);
    int64_t identity = identity_of(record);
    struct sighting *slot = slot_of(seen, identity);
    if (slot->identity != 0)
        return slot->fingerprint == fingerprint ? CALL_DUPLICATE : CALL_CONFLICT;
    if (seen->count * 2 < seen->n_slots) {
        *slot = (struct sighting){ identity, fingerprint };
        seen->count++;
    }
    return CALL_ACCEPTED;
}
