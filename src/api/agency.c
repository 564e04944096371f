/* The agency: what it is and its settings (api.md "agency"). */
#include "engine/agencies.h"

#include "api/records.h"
#include "api/routes.h"
#include "api/views.h"
#include "domain/cycles.h"
#include "domain/limits.h"
#include "domain/reservations.h"
#include "engine/events.h"
#include "http/server.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/plans.h"

/* Nested objects begin with which of their members were given: a merge patch leaves the others alone. */
struct branding_patch {
    uint64_t given;
    struct str name, colour;
};

struct increment_patch {
    uint64_t given;
    int64_t first_seconds, step_seconds;
};

struct default_prices_patch {
    uint64_t given;
    micros_t basic, premium;
};

struct holds_patch {
    uint64_t given;
    seconds_t hold_seconds, extension_seconds, grace_seconds;
    int64_t concurrency_limit; /* null: CONCURRENCY_UNLIMITED */
};

struct agency_patch {
    struct str name, timezone;
    struct branding_patch branding;
    struct increment_patch billing_increment;
    struct default_prices_patch default_prices;
    struct holds_patch reservations;
    bool two_factor_required;
};

struct limits_view {
    int64_t batch_records, body_bytes;
    seconds_t call_seconds, hold_seconds, extension_seconds, clock_skew_seconds;
    int64_t record_days;
    struct str requests_per_second; /* JSON: a number or null */
    int64_t queue_share, listeners, node_listeners, unmatched_calls;
};

struct holds_view {
    struct hold_settings settings;
    struct str concurrency_limit; /* JSON: a number or null */
};

struct agency_view {
    struct agency_card card;
    struct increment billing_increment;
    struct tier_amounts default_prices, base_prices;
    struct plan_view plan;
    instant_t subscription_start, renewal_at;
    micros_t payout_threshold, credit_limit, credit;
    bool two_factor_required;
    struct holds_view reservations;
    struct limits_view limits;
};

/* clang-format off */
static const struct field branding_patch_fields[] = {
    FIELD_TEXT(struct branding_patch, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_NULLABLE | FIELD_LINE),
    FIELD_TEXT(struct branding_patch, colour, .min = 7, .max = 7, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field increment_patch_fields[] = {
    FIELD_INTEGER(struct increment_patch, first_seconds, .min = 1, .max = SECONDS_PER_HOUR),
    FIELD_INTEGER(struct increment_patch, step_seconds, .min = 1, .max = SECONDS_PER_HOUR),
    FIELD_END,
};

static const struct field default_prices_patch_fields[] = {
    FIELD_MONEY(struct default_prices_patch, basic, .min = 1, .max = PRICE_MAX, .flags = FIELD_NULLABLE),
    FIELD_MONEY(struct default_prices_patch, premium, .min = 1, .max = PRICE_MAX, .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field holds_patch_fields[] = {
    FIELD_INTEGER(struct holds_patch, hold_seconds, .min = 1, .max = RESERVATION_SECONDS_MAX),
    FIELD_INTEGER(struct holds_patch, extension_seconds, .min = 1, .max = RESERVATION_SECONDS_MAX),
    FIELD_INTEGER(struct holds_patch, grace_seconds, .min = 0, .max = HOLD_GRACE_SECONDS_MAX),
    FIELD_INTEGER(struct holds_patch, concurrency_limit, .min = 1, .max = CONCURRENCY_LIMIT_MAX,
                  .flags = FIELD_NULLABLE),
    FIELD_END,
};

static const struct field agency_patch_fields[] = {
    FIELD_TEXT(struct agency_patch, name, .min = 1, .max = NAME_MAX_CHARS, .flags = FIELD_LINE),
    FIELD_TEXT(struct agency_patch, timezone, .min = 1, .max = 64),
    FIELD_OBJECT(struct agency_patch, branding, branding_patch_fields, .flags = FIELD_TELLS),
    FIELD_OBJECT(struct agency_patch, billing_increment, increment_patch_fields, .flags = FIELD_TELLS),
    FIELD_OBJECT(struct agency_patch, default_prices, default_prices_patch_fields, .flags = FIELD_TELLS),
    FIELD_OBJECT(struct agency_patch, reservations, holds_patch_fields, .flags = FIELD_TELLS),
    FIELD_BOOLEAN(struct agency_patch, two_factor_required),
    FIELD_END,
};

static const struct field increment_fields[] = {
    FIELD_INTEGER(struct increment, first_seconds),
    FIELD_INTEGER(struct increment, step_seconds),
    FIELD_END,
};

static const struct field holds_fields[] = {
    FIELD_AS("hold_seconds", struct holds_view, settings.hold_seconds, FIELD_IS_INTEGER),
    FIELD_AS("extension_seconds", struct holds_view, settings.extension_seconds, FIELD_IS_INTEGER),
    FIELD_AS("grace_seconds", struct holds_view, settings.grace_seconds, FIELD_IS_INTEGER),
    FIELD_JSON(struct holds_view, concurrency_limit),
    FIELD_END,
};

static const struct field limits_fields[] = {
    FIELD_INTEGER(struct limits_view, batch_records),
    FIELD_INTEGER(struct limits_view, body_bytes),
    FIELD_INTEGER(struct limits_view, call_seconds),
    FIELD_INTEGER(struct limits_view, hold_seconds),
    FIELD_INTEGER(struct limits_view, extension_seconds),
    FIELD_INTEGER(struct limits_view, clock_skew_seconds),
    FIELD_INTEGER(struct limits_view, record_days),
    FIELD_JSON(struct limits_view, requests_per_second),
    FIELD_INTEGER(struct limits_view, queue_share),
    FIELD_INTEGER(struct limits_view, listeners),
    FIELD_INTEGER(struct limits_view, node_listeners),
    FIELD_INTEGER(struct limits_view, unmatched_calls),
    FIELD_END,
};

static const struct field agency_fields[] = {
    AGENCY_CARD_FIELDS(struct agency_view, card),
    FIELD_OBJECT(struct agency_view, billing_increment, increment_fields),
    FIELD_OBJECT(struct agency_view, default_prices, tier_amounts_fields),
    FIELD_OBJECT(struct agency_view, base_prices, tier_amounts_fields),
    FIELD_OBJECT(struct agency_view, plan, plan_fields),
    FIELD_INSTANT(struct agency_view, subscription_start),
    FIELD_INSTANT(struct agency_view, renewal_at),
    FIELD_AS("payout_threshold_usd", struct agency_view, payout_threshold, FIELD_IS_MONEY),
    FIELD_AS("credit_limit_usd", struct agency_view, credit_limit, FIELD_IS_MONEY),
    FIELD_AS("credit_usd", struct agency_view, credit, FIELD_IS_MONEY),
    FIELD_BOOLEAN(struct agency_view, two_factor_required),
    FIELD_OBJECT(struct agency_view, reservations, holds_fields),
    FIELD_OBJECT(struct agency_view, limits, limits_fields),
    FIELD_END,
};

/* What the audit trail keeps of a change. */
const struct field agency_record[] = {
    FIELD_TEXT(struct agency, name),
    FIELD_TEXT(struct agency, timezone),
    FIELD_TEXT(struct agency, branding_name),
    FIELD_TEXT(struct agency, branding_colour),
    FIELD_OBJECT(struct agency, increment, increment_fields),
    FIELD_AS("default_price_basic", struct agency, default_prices[TIER_BASIC], FIELD_IS_MONEY),
    FIELD_AS("default_price_premium", struct agency, default_prices[TIER_PREMIUM], FIELD_IS_MONEY),
    FIELD_BOOLEAN(struct agency, two_factor_required),
    FIELD_INTEGER(struct agency, holds.hold_seconds),
    FIELD_INTEGER(struct agency, holds.extension_seconds),
    FIELD_INTEGER(struct agency, holds.grace_seconds),
    FIELD_INTEGER(struct agency, holds.concurrency_limit),
    FIELD_END,
};
/* clang-format on */

static bool load_base_prices(struct request *r, struct tier_amounts *out)
{
    micros_t base[TIER_COUNT];

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_in_force_find(r->tx, r->caller.agency, r->caller.agency, (enum tier)tier,
                                 r->tx->now, &base[tier]))
            return false;
    }
    *out = tier_amounts(base);
    return true;
}

static struct limits_view limits_view(struct request *r, const struct agency *agency)
{
    const struct limits *set = limits();
    const int64_t own_requests = agency->requests_per_second;

    return (struct limits_view){
        .batch_records = (int64_t)server_settings(r->server)->batch_records_max,
        .body_bytes = BODY_BYTES_MAX,
        .call_seconds = set->call_seconds,
        .hold_seconds = set->hold_seconds,
        .extension_seconds = set->extension_seconds,
        .clock_skew_seconds = set->clock_skew_seconds,
        .record_days = set->record_days,
        .requests_per_second =
            json_limit(r->arena, own_requests > 0 ? own_requests : set->agency_requests),
        .queue_share = agency->queue_share,
        .listeners = set->agency_listeners,
        .node_listeners = set->listeners,
        .unmatched_calls = set->unmatched_calls,
    };
}

static bool reply_whole(struct request *r, const struct agency *agency)
{
    const struct zone *zone = zone_find(agency->timezone);
    struct plan plan;
    struct agency_view view = {
        .card = agency_card(r, agency),
        .billing_increment = agency->increment,
        .default_prices = tier_amounts(agency->default_prices),
        .subscription_start = zone_midnight(zone, agency->subscription_start),
        .renewal_at = cycle_at(agency->subscription_start, zone, r->now).end,
        .payout_threshold = agency->payout_threshold,
        .credit_limit = agency->credit_limit,
        .two_factor_required = agency->two_factor_required,
        .reservations = { agency->holds, json_limit(r->arena, agency->holds.concurrency_limit) },
        .limits = limits_view(r, agency),
    };

    if (!plan_find(r->tx, agency->plan_code, &plan, NULL) || !load_base_prices(r, &view.base_prices)
        || !ledger_balance(r->tx, agency->id, LEDGER_CREDIT, agency->id, &view.credit))
        return false;
    view.plan = plan_view(r->arena, &plan);
    return request_reply(r, 200, agency_fields, &view);
}

/* A member sees name and branding only (permissions.csv, agency.view). */
static bool read_agency(struct request *r)
{
    struct agency agency;

    if (!agency_load(r->tx, r->caller.agency, &agency)) return false;
    if (role_grant(r->caller.role, CAN_AGENCY_VIEW) != GRANT_OWN) return reply_whole(r, &agency);
    const struct agency_card card = agency_card(r, &agency);
    return request_reply(r, 200, agency_card_fields, &card);
}

static bool given(uint64_t present, const struct field *fields, const char *name)
{
    return (present & field_bit(fields, name)) != 0;
}

static void patch_holds(const struct holds_patch *patch, struct hold_settings *out)
{
    if (given(patch->given, holds_patch_fields, "hold_seconds"))
        out->hold_seconds = patch->hold_seconds;
    if (given(patch->given, holds_patch_fields, "extension_seconds"))
        out->extension_seconds = patch->extension_seconds;
    if (given(patch->given, holds_patch_fields, "grace_seconds"))
        out->grace_seconds = patch->grace_seconds;
    if (given(patch->given, holds_patch_fields, "concurrency_limit"))
        out->concurrency_limit = patch->concurrency_limit;
}

/* A merge patch: what is given replaces, null takes away. */
static void patch(const struct request *r, struct agency *agency)
{
    const struct agency_patch *input = r->input;
    const uint64_t branding = input->branding.given, prices = input->default_prices.given;
    const struct increment_patch *increment = &input->billing_increment;

    if (request_has(r, "name")) agency->name = input->name;
    if (request_has(r, "timezone")) agency->timezone = input->timezone;
    if (given(branding, branding_patch_fields, "name"))
        agency->branding_name = input->branding.name;
    if (given(branding, branding_patch_fields, "colour"))
        agency->branding_colour = input->branding.colour;
    if (given(increment->given, increment_patch_fields, "first_seconds"))
        agency->increment.first_seconds = increment->first_seconds;
    if (given(increment->given, increment_patch_fields, "step_seconds"))
        agency->increment.step_seconds = increment->step_seconds;
    if (given(prices, default_prices_patch_fields, "basic"))
        agency->default_prices[TIER_BASIC] = input->default_prices.basic;
    if (given(prices, default_prices_patch_fields, "premium"))
        agency->default_prices[TIER_PREMIUM] = input->default_prices.premium;
    patch_holds(&input->reservations, &agency->holds);
    if (request_has(r, "two_factor_required"))
        agency->two_factor_required = input->two_factor_required;
}

/* What an engine gets that asks for no number is not more than one may ask for. */
static bool check_holds(struct request *r)
{
    const struct agency_patch *input = r->input;
    const struct holds_patch *holds = &input->reservations;
    const struct limits *set = limits();

    if (holds->hold_seconds > set->hold_seconds)
        fail_field(&r->problem, REASON_TOO_LARGE, STR("reservations.hold_seconds"),
                   "This may be %lld seconds at most.", (long long)set->hold_seconds);
    if (holds->extension_seconds > set->extension_seconds)
        fail_field(&r->problem, REASON_TOO_LARGE, STR("reservations.extension_seconds"),
                   "This may be %lld seconds at most.", (long long)set->extension_seconds);
    return !problem_is_set(&r->problem);
}

/* What nobody could set up is not to be asked for. */
static bool may_require_two_factor(struct request *r, const struct agency *agency)
{
    return !agency->two_factor_required || !str_is_absent(server_settings(r->server)->secret_key)
        || request_allow(r, REASON_SECRET_KEY_MISSING, "two_factor_required");
}

static bool update_agency(struct request *r)
{
    struct agency before, after;
    int64_t version;

    if (!agency_next_version(r->tx, r->caller.agency, &version)
        || !agency_load(r->tx, r->caller.agency, &before))
        return false;
    after = before;
    patch(r, &after);
    return may_require_two_factor(r, &after) && agency_change(r->tx, &before, &after)
        && request_record(r, "agency.updated", ID_AGENCY, after.id,
                          record_of(r, agency_record, &before), record_of(r, agency_record, &after))
        && reply_whole(r, &after);
}

/* clang-format off */
const struct route agency_routes[] = {
    {GET, "/v1/agency", CAN_AGENCY_VIEW, {{READ, read_agency}}, .key_scopes = 1u << SCOPE_READ, .name = "getAgency"},
    {PATCH, "/v1/agency", CAN_AGENCY_UPDATE, {{WRITE, update_agency}}, .input = agency_patch_fields,
     .input_size = sizeof(struct agency_patch), .check = check_holds, .name = "updateAgency"},
    ROUTE_END,
};
/* clang-format on */
