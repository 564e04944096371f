/* What went wrong, set once where it is known and passed up untouched (style.md "Errors").
   It leaves the API as application/problem+json (RFC 9457), the command line as one line. */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include "base/reason.h"
#include "base/str.h"

/* What a problem repeats of its input is bounded: how many fields, and bytes of a field's path. */
enum { PROBLEM_FIELDS_MAX = 16, PROBLEM_PATH_MAX = 256 };

struct field_problem {
    struct str field; /* path such as "prices.basic" or "3.started_at"; cut at PROBLEM_PATH_MAX */
    enum reason reason;
    struct str detail;
};

struct problem {
    struct arena *arena; /* where texts live; set by problem_init */
    enum reason reason;  /* REASON_NONE: nothing is wrong */
    struct str detail;   /* the sentence to show; absent: the reason's own */
    size_t n_fields;
    struct field_problem fields[PROBLEM_FIELDS_MAX];
    const char *file; /* where it was first set, for the log */
    int line;
};

void problem_init(struct problem *problem, struct arena *arena);
void problem_clear(struct problem *problem);
bool problem_is_set(const struct problem *problem);

/* The sentence to show: the detail, or the reason's own. */
struct str problem_detail(const struct problem *problem);

/* False, as compilers and analyzers can see too. */
static inline bool problem_told(bool set)
{
    (void)set;
    return false;
}

/* Sets the problem unless one is set already; always false, so that `return fail(...)` reads well.
   `field` may be NULL. 5xx details are for the log and never shown to clients. */
#define fail(problem, reason, field, ...) \
    problem_told(problem_set((problem), (reason), (field), __FILE__, __LINE__, __VA_ARGS__))
bool problem_set(struct problem *problem, enum reason reason, const char *field, const char *file,
                 int line, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same, said in the reason's own sentence. */
#define fail_as(problem, reason, field) \
    fail((problem), (reason), (field), "%s", reason_sentence(reason))

/* Adds one field's problem; the problem itself becomes REASON_INVALID, or, when `reason` is a 400,
   that reason. Several fields may be wrong at once and are all reported, up to PROBLEM_FIELDS_MAX. */
#define fail_field(problem, reason, field, ...) \
    problem_told(problem_add_field((problem), (reason), (field), __FILE__, __LINE__, __VA_ARGS__))
bool problem_add_field(struct problem *problem, enum reason reason, struct str field,
                       const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#define fail_field_as(problem, reason, field) \
    fail_field((problem), (reason), (field), "%s", reason_sentence(reason))

#endif
