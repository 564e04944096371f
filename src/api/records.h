/* What audit events hold of a thing before and after. */
#ifndef API_RECORDS_H
#define API_RECORDS_H

#include "http/request.h"

/* A struct as JSON by a table that names nothing secret. */
struct str record_of(struct request *r, const struct field *fields, const void *in);

#endif
