/* Query strings, percent-decoded strictly and read by a route's field table. */
#ifndef HTTP_QUERY_H
#define HTTP_QUERY_H

#include "base/field.h"

/* Percent-decodes; '+' is a space in queries. False when an escape is broken or the result is not text. */
bool percent_decode(struct arena *arena, struct str text, bool plus_is_space, struct str *out);

/* Reads "a=1&b=2" into `out` (cleared first). `fields` NULL: no parameter is allowed. Every parameter that is unknown,
   repeated or wrong is named in `problem`. */
bool query_read(const struct field *fields, struct arena *arena, struct str query,
                struct problem *problem, void *out);

#endif
