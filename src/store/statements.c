#include "store/statements.h"

#include "base/fibonacci_hash.h"

#include <assert.h>
#include <stdint.h>

enum {
    FIRST_CAPACITY = 256
}; /* slots: more than the program has statements of one kind of connection */

struct statement_slot {
    const char *sql; /* NULL: free */
    void *statement;
};

/* Addresses of literals differ in few middle bits. */
static size_t slot_of(const struct statements *statements, const char *sql)
{
    uint64_t mixed = fibonacci_hash((uint64_t)(uintptr_t)sql);
    size_t slot = (size_t)(mixed >> 32) & (statements->capacity - 1);

    while (statements->slots[slot].sql != NULL && statements->slots[slot].sql != sql)
        slot = (slot + 1) & (statements->capacity - 1);
    return slot;
}

void *statements_find(const struct statements *statements, const char *sql)
{
    return statements->capacity == 0 ? NULL : statements->slots[slot_of(statements, sql)].statement;
}

static void grow(struct statements *statements)
{
    struct statements grown = {
        .arena = statements->arena,
        .capacity = statements->capacity == 0 ? FIRST_CAPACITY : statements->capacity * 2,
        .count = statements->count,
    };

    grown.slots = ARENA_ARRAY(grown.arena, struct statement_slot, grown.capacity);
    for (size_t i = 0; i < statements->capacity; i++) {
        const struct statement_slot *slot = &statements->slots[i];

        if (slot->sql != NULL) grown.slots[slot_of(&grown, slot->sql)] = *slot;
    }
    *statements = grown;
}

void statements_add(struct statements *statements, const char *sql, void *statement)
{
    if (statements->count * 2 >= statements->capacity) grow(statements);

    struct statement_slot *slot = &statements->slots[slot_of(statements, sql)];

    assert(slot->sql == NULL);
    *slot = (struct statement_slot){ sql, statement };
    statements->count++;
}

void *statements_next(const struct statements *statements, size_t *position)
{
    while (*position < statements->capacity) {
        const struct statement_slot *slot = &statements->slots[(*position)++];

        if (slot->sql != NULL) return slot->statement;
    }
    return NULL;
}
