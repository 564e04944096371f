/* The test clock (architecture.md "Time and chance"): only with serve --test-clock, which listens on loopback alone. */
#include "api/routes.h"
#include "base/time.h"
#include "engine/jobs.h"
#include "http/request.h"
#include "http/server.h"

struct clock_input {
    instant_t now;
    int64_t advance_seconds;
};

struct clock_view {
    instant_t now;
};

#define ADVANCE_SECONDS_MAX (INT64_C(10) * 366 * 86400)

/* clang-format off */
static const struct field clock_input_fields[] = {
    FIELD_INSTANT(struct clock_input, now),
    FIELD_INTEGER(struct clock_input, advance_seconds, .min = 1, .max = ADVANCE_SECONDS_MAX),
    FIELD_END,
};

static const struct field clock_fields[] = {
    FIELD_INSTANT(struct clock_view, now),
    FIELD_END,
};
/* clang-format on */

/* Time goes forward alone, as for everybody else. */
static bool read_target(struct request *r, instant_t *target)
{
    const struct clock_input *input = r->input;
    bool is_advance = request_has(r, "advance_seconds"), is_instant = request_has(r, "now");
    instant_t now = clock_now();

    if (is_advance == is_instant)
        return fail_field(&r->problem, is_advance ? REASON_EXCLUSIVE_FIELDS : REASON_REQUIRED,
                          STR("now"), "Give the time, or by how much to advance it.");
    *target = is_instant ? input->now : now + input->advance_seconds * MICROS_PER_SECOND;
    return *target >= now
        || fail_field(&r->problem, REASON_TOO_OLD, STR("now"), "The clock cannot go back.");
}

static bool set_clock(struct request *r)
{
    struct clock_view view;

    if (!server_settings(r->server)->test_clock) return request_allow(r, REASON_NOT_FOUND, NULL);
    if (!read_target(r, &view.now)) return false;
    clock_set_test(view.now);
    jobs_wake();
    return request_reply(r, 200, clock_fields, &view);
}

/* clang-format off */
const struct route test_clock_routes[] = {
    {POST, "/v1/test/clock", CAN_ANYONE, {{INLINE, set_clock}}, .input = clock_input_fields,
     .input_size = sizeof(struct clock_input), .name = "setTestClock"},
    ROUTE_END,
};
/* clang-format on */
