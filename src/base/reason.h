/* Why something was refused or failed: one table (reasons.def) makes the enum, the stable `code` of
   the API, its HTTP status and its sentence. */
#ifndef BASE_REASON_H
#define BASE_REASON_H

enum reason {
#define REASON(name, status, code, sentence) REASON_##name,
#include "base/reasons.def"
#undef REASON
    REASON_COUNT
};

int reason_status(enum reason reason);           /* HTTP status; 0 for REASON_NONE */
const char *reason_code(enum reason reason);     /* stable, snake_case */
const char *reason_sentence(enum reason reason); /* a default sentence for people */

#endif
