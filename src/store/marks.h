/* What transactions changed, as far as somebody who looks on wants to know (engine/events.h): which account of which
   agency, and what kind of thing about it. A writer's connection gathers it while a transaction runs; what is gathered of
   a unit that is undone stays, as telling too much costs one read and telling too little a figure that is wrong. */
#ifndef STORE_MARKS_H
#define STORE_MARKS_H

#include "base/str.h"
#include "base/types.h"

enum mark_kind {
    CHANGED_BALANCE = 1, /* its minutes, its prices */
    CHANGED_CALLS = 2,   /* calls were recorded */
    CHANGED_HOLDS = 4,   /* calls began, went on or ended */
    CHANGED_STATE = 8,   /* its status, its name */
    CHANGED_ACCESS = 16, /* who may see what: of the agency, or with ID_NONE of anybody */
};

struct mark {
    id64_t agency;
    id64_t subaccount; /* ID_NONE: of the agency as a whole */
    unsigned kinds;    /* bit set of enum mark_kind */
};

/* A set of them: one entry for each account, `most` (a power of two) at most. One that is full stays as it is and says
   that something was lost. */
struct marks;
struct marks *marks_new(size_t most);
void marks_free(struct marks *marks);

void marks_add(struct marks *marks, id64_t agency, id64_t subaccount, unsigned kinds);
void marks_add_all(struct marks *marks, const struct marks *others);
void marks_lose(struct marks *marks);
void marks_clear(struct marks *marks);

size_t marks_count(const struct marks *marks);
bool marks_are_lost(const struct marks *marks);
bool marks_are_empty(const struct marks *marks); /* nothing in it, nothing lost */

/* The account's position, if it has an entry. */
bool marks_find(const struct marks *marks, id64_t agency, id64_t subaccount, size_t *position);

/* In the order in which they were first added. */
struct mark *marks_at(struct marks *marks, size_t position);

/* The account's entry, made when it is new; NULL when there is no room for it. Valid until another is made. */
struct mark *marks_of(struct marks *marks, id64_t agency, id64_t subaccount);

/* Changes as text that other nodes read, some at a time: from *next on, as much as fits; false when none are left. */
enum { MARKS_TEXT_MAX = 7900 }; /* bytes: a notification of PostgreSQL has less than 8,000 */
bool marks_to_text(struct marks *marks, size_t *next, struct buffer *out);
bool marks_from_text(struct marks *marks, struct str text); /* false: it is none */

#endif
