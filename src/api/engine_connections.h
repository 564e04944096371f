/* What the routes of engines' connections share (api/engine_connections.c, api/engine_tests.c). */
#ifndef API_ENGINE_CONNECTIONS_H
#define API_ENGINE_CONNECTIONS_H

#include "engine/connections.h"
#include "http/request.h"

/* POST /v1/engine_connections/test: what a mapping makes of a payload. */
struct engine_test_input {
    int engine, tier;
    id64_t connection; /* whose rules count; ID_NONE: none */
    struct mapping *mapping;
    struct str payload, content_type;
};
extern const struct field engine_test_fields[];
bool engine_test(struct request *r);

#endif
