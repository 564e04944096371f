#include "base/problem.h"

#include <stdarg.h>

void problem_init(struct problem *problem, struct arena *arena)
{
    *problem = (struct problem){ .arena = arena };
}

void problem_clear(struct problem *problem)
{
    problem_init(problem, problem->arena);
}

bool problem_is_set(const struct problem *problem)
{
    return problem->reason != REASON_NONE;
}

struct str problem_detail(const struct problem *problem)
{
    return str_is_absent(problem->detail) ? str_from_c(reason_sentence(problem->reason))
                                          : problem->detail;
}

static void append_field(struct problem *problem, struct str field, enum reason reason,
                         struct str detail)
{
    if (problem->n_fields == PROBLEM_FIELDS_MAX) return;
    problem->fields[problem->n_fields++] = (struct field_problem){
        .field = str_copy(problem->arena, str_cut(field, PROBLEM_PATH_MAX)),
        .reason = reason,
        .detail = detail,
    };
}

static void note_place(struct problem *problem, const char *file, int line)
{
    if (problem->file == NULL) {
        problem->file = file;
        problem->line = line;
    }
}

bool problem_set(struct problem *problem, enum reason reason, const char *field, const char *file,
                 int line, const char *format, ...)
{
    va_list args;

    if (problem_is_set(problem)) return false;
    note_place(problem, file, line);
    va_start(args, format);
    problem->detail = str_format_v(problem->arena, format, args);
    va_end(args);
    problem->reason = reason;
    if (field != NULL) append_field(problem, str_from_c(field), reason, problem->detail);
    return false;
}

bool problem_add_field(struct problem *problem, enum reason reason, struct str field,
                       const char *file, int line, const char *format, ...)
{
    va_list args;

    note_place(problem, file, line);
    va_start(args, format);
    append_field(problem, field, reason, str_format_v(problem->arena, format, args));
    va_end(args);
    if (problem->reason == REASON_NONE || problem->reason == REASON_INVALID)
        problem->reason = reason_status(reason) == 400 ? reason : REASON_INVALID;
    return false;
}
