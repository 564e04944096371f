/* Prepared statements of one connection by the address of their text: db.h asks for texts that live
   as long as the program, so that finding one costs a few instructions and no comparing. */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

#include "base/arena.h"

struct statements {
    struct arena *arena; /* where the table grows */
    struct statement_slot *slots;
    size_t capacity, count; /* capacity is a power of two */
};

/* What is kept for this text; NULL when there is nothing yet. */
void *statements_find(const struct statements *statements, const char *sql);

/* Keeps `statement` for a text that has none. */
void statements_add(struct statements *statements, const char *sql, void *statement);

/* Walks over all: start with `*position` 0; NULL at the end. */
void *statements_next(const struct statements *statements, size_t *position);

#endif
