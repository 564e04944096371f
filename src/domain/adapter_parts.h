/* What rows of the adapters' table are made of (domain/adapters.c alone). */
#ifndef DOMAIN_ADAPTER_PARTS_H
#define DOMAIN_ADAPTER_PARTS_H

#include "domain/adapters.h"

/* --- adapter_signatures.c --- */

/* "Authorization: Bearer SECRET", where the connection has a secret; else whoever knows the URL may. */
enum reason verify_bearer(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now);

/* The secret itself in X-Vapi-Secret or as a bearer, or HMAC-SHA256 of the body in hex in X-Vapi-Signature, with
   "sha256=" before it or not. */
enum reason verify_vapi(struct arena *arena, const struct adapter_message *message,
                        struct str secret, instant_t now);

/* "v=MILLISECONDS,d=HEX": HMAC-SHA256 of body and milliseconds. */
enum reason verify_retell(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now);

/* Base64 of HMAC-SHA1 of the URL and the form's names and values, sorted by name. */
enum reason verify_twilio(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now);

/* "t=SECONDS,v0=HEX": HMAC-SHA256 of seconds, a dot and the body. */
enum reason verify_elevenlabs(struct arena *arena, const struct adapter_message *message,
                              struct str secret, instant_t now);

/* --- adapter_bodies.c --- */

/* One JSON object, or an array of them. */
bool split_json(struct arena *arena, const struct adapter_message *message, struct problem *problem,
                struct list *out);

/* application/x-www-form-urlencoded: an object of texts. */
bool split_form(struct arena *arena, const struct adapter_message *message, struct problem *problem,
                struct list *out);

/* CloudEvents 1.0: an event, a batch of them, or one whose attributes are headers. */
bool split_events(struct arena *arena, const struct adapter_message *message,
                  struct problem *problem, struct list *out);

/* Lines of Asterisk's Master.csv as objects of texts by cdr_csv's names; or JSON. */
bool split_cdr(struct arena *arena, const struct adapter_message *message, struct problem *problem,
               struct list *out);

struct form_field {
    struct str name, value;
};

/* Decoded, in the order of the body; false when it is none. A list of struct form_field. */
bool form_read(struct arena *arena, struct str body, struct list *out);

/* Sorted by name, and then by value, as bytes. */
void form_sort(struct list *form);

/* --- adapter_mappings.c --- */

extern const struct mapping cloudevents_mapping, vapi_mapping, retell_mapping, twilio_mapping,
    elevenlabs_mapping, asterisk_mapping;

#endif
