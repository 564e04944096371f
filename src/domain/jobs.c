#include "domain/jobs.h"

#include "domain/backoff.h"

#include <assert.h>

const char *const job_kind_names[] = {
#define JOB(name, text, subject, place, deletion) text,
#include "domain/jobs.def"
#undef JOB
    NULL,
};

enum { IN_WRITER, OUTSIDE };
enum { GOES_ON, RESTS };

static const struct {
    enum id_kind subject;
    bool goes_outside, rests;
} kinds[] = {
#define JOB(name, text, subject, place, deletion) \
    { ID_##subject, (place) == OUTSIDE, (deletion) == RESTS },
#include "domain/jobs.def"
#undef JOB
};

enum id_kind job_subject_kind(enum job_kind kind)
{
    assert(kind < JOB_KIND_COUNT);
    return kinds[kind].subject;
}

bool job_goes_outside(enum job_kind kind)
{
    assert(kind < JOB_KIND_COUNT);
    return kinds[kind].goes_outside;
}

bool job_rests_in_deletion(enum job_kind kind)
{
    assert(kind < JOB_KIND_COUNT);
    return kinds[kind].rests;
}

instant_t job_next_try(int64_t tries, instant_t now, struct rng *jitter)
{
    return tries >= JOB_TRIES_MAX ? INSTANT_NONE : backoff_next(tries, now, jitter);
}
