/* The grammar of RFC 8259, checked strictly before a lenient parser builds the tree. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/reason.h"
#include "base/str.h"

/* REASON_NONE when `text` is exactly one JSON value of allowed depth with white space around it, without NUL, raw
   or escaped; else REASON_BAD_JSON, REASON_TOO_DEEP or REASON_BAD_TEXT, and where in *offset. UTF-8 is checked by
   the caller. */
enum reason json_scan(struct str text, int depth_max, size_t *offset);

#endif
