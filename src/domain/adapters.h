/* Voice engines that report calls by webhook, one row each: how it signs, what its body looks like, and how that maps to
   a call record (domain/mapping.h). What several engines do alike is said in words, not in code. Pure. */
#ifndef DOMAIN_ADAPTERS_H
#define DOMAIN_ADAPTERS_H

#include "domain/mapping.h"

/* Stored by name: append and rename never. */
enum adapter_kind {
    ADAPTER_CLOUDEVENTS,
    ADAPTER_VAPI,
    ADAPTER_RETELL,
    ADAPTER_TWILIO,
    ADAPTER_ELEVENLABS,
    ADAPTER_ASTERISK,
    ADAPTER_GENERIC,
    ADAPTER_COUNT
};
extern const char *const adapter_names[];

/* Headers that some engine signs with or puts a CloudEvent's attributes into. */
enum adapter_header {
    HEADER_AUTHORIZATION,
    HEADER_VAPI_SECRET,
    HEADER_VAPI_SIGNATURE,
    HEADER_VAPI_TIMESTAMP,
    HEADER_SIGNATURE,
    HEADER_TIMESTAMP,
    HEADER_RETELL_SIGNATURE,
    HEADER_TWILIO_SIGNATURE,
    HEADER_ELEVENLABS_SIGNATURE,
    HEADER_CE_SPECVERSION,
    HEADER_CE_ID,
    HEADER_CE_SOURCE,
    HEADER_CE_TYPE,
    HEADER_CE_SUBJECT,
    HEADER_CE_TIME,
    ADAPTER_HEADER_COUNT
};
extern const char *const adapter_header_names[];

/* A delivery as it came. */
struct adapter_message {
    struct str url; /* whole, as the engine knows it */
    struct str content_type, body;
    struct str headers[ADAPTER_HEADER_COUNT]; /* absent where not sent */
};

struct adapter {
    /* REASON_NONE, REASON_BAD_SIGNATURE, or REASON_STALE_SIGNATURE for one that is too old. `secret` is absent when the
       connection has none, which only engines allow that do not need one. */
    enum reason (*verify)(struct arena *arena, const struct adapter_message *message,
                          struct str secret, instant_t now);

    /* The payloads in it, each as JSON text: one, or as many as were sent together. */
    bool (*split)(struct arena *arena, const struct adapter_message *message,
                  struct problem *problem, struct list *out); /* of struct str */

    const struct mapping *mapping; /* NULL: whoever connects it says */
    bool needs_secret;
    bool
        names_calls_apart; /* its ids are nobody else's: calls of all its connections are of one source */
};

const struct adapter *adapter_of(enum adapter_kind kind);

enum { ADAPTER_PAYLOADS_MAX = 1000 }; /* in one message */

/* How old a signature with a time may be, and how far ahead of our clock. */
#define SIGNATURE_AGE_MAX  (30 * 60 * MICROS_PER_SECOND)
#define SIGNATURE_SKEW_MAX (5 * 60 * MICROS_PER_SECOND)

#endif
