#include "base/reason.h"

#include <assert.h>

static const struct {
    int status;
    const char *code, *sentence;
} reasons[REASON_COUNT] = {
#define REASON(name, status, code, sentence) [REASON_##name] = { status, code, sentence },
#include "base/reasons.def"
#undef REASON
};

int reason_status(enum reason reason)
{
    assert(reason < REASON_COUNT);
    return reasons[reason].status;
}

const char *reason_code(enum reason reason)
{
    assert(reason < REASON_COUNT);
    return reasons[reason].code;
}

const char *reason_sentence(enum reason reason)
{
    assert(reason < REASON_COUNT);
    return reasons[reason].sentence;
}
