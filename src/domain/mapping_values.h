/* Values of payloads as those of call records (domain/mapping.h). Pure. */
#ifndef DOMAIN_MAPPING_VALUES_H
#define DOMAIN_MAPPING_VALUES_H

#include "domain/mapping.h"

/* The value at a JSON pointer (RFC 6901), NULL when there is none. */
const struct cJSON *pointer_find(struct arena *arena, const struct cJSON *payload,
                                 struct str pointer);
bool pointer_is_valid(struct str pointer);

/* A length of time in whole seconds, a begun one counted; false when the text is no such number. */
bool form_read_seconds(enum mapping_form form, struct str text, seconds_t *out);

/* An instant; false when the text is none of this form. */
bool form_read_instant(enum mapping_form form, const struct zone *zone, struct str text,
                       instant_t *out);

#endif
