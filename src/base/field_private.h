/* What the files behind base/field.h share. */
#ifndef BASE_FIELD_PRIVATE_H
#define BASE_FIELD_PRIVATE_H

#include "base/field.h"

/* Sets one field to its type's null. */
void field_clear(const struct field *field, void *out);

/* Where a value stands and what it is checked for. */
struct field_place {
    struct arena *arena;
    struct problem *problem;
    struct str parent, name; /* "prices" and "basic"; parent is empty at the top */
};

/* "prices.basic": put together only when there is something to say. */
struct str field_place_path(const struct field_place *place);

/* Checks of values that are the same wherever they come from. Each stores the value or reports what is wrong. */
bool field_take_integer(const struct field *field, const struct field_place *place, int64_t number,
                        void *at);
bool field_take_text(const struct field *field, const struct field_place *place, struct str text,
                     void *at);

#endif
