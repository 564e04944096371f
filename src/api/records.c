#include "api/records.h"

enum { RECORD_BYTES = 512 };

struct str record_of(struct request *r, const struct field *fields, const void *in)
{
    struct buffer text = buffer_new(r->arena, RECORD_BYTES);

    fields_to_json(fields, in, &text);
    return buffer_str(&text);
}
