/* What the plan's minutes leave to each client: at the last renewal, and at the next (domain.md §5). */
#include "engine/renewals.h"

#include "api/records.h"
#include "api/renewals.h"
#include "api/routes.h"
#include "domain/purchases.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/subaccounts.h"

struct distribution_input {
    seconds_t basic_seconds, premium_seconds;
};

struct distribution_view {
    bool counts;
    int64_t accounts;
    struct tier_seconds now, next, needed, included, primary;
    instant_t now_since, next_at;
};

/* clang-format off */
static const struct field distribution_input_fields[] = {
    FIELD_INTEGER(struct distribution_input, basic_seconds, .min = 0, .max = PURCHASE_SECONDS_MAX, .flags = FIELD_REQUIRED),
    FIELD_INTEGER(struct distribution_input, premium_seconds, .min = 0, .max = PURCHASE_SECONDS_MAX, .flags = FIELD_REQUIRED),
    FIELD_END,
};

const struct field tier_seconds_fields[] = {
    FIELD_INTEGER(struct tier_seconds, basic_seconds),
    FIELD_INTEGER(struct tier_seconds, premium_seconds),
    FIELD_END,
};

static const struct field distribution_fields[] = {
    FIELD_BOOLEAN(struct distribution_view, counts),
    FIELD_INTEGER(struct distribution_view, accounts),
    FIELD_OBJECT(struct distribution_view, now, tier_seconds_fields),
    FIELD_INSTANT(struct distribution_view, now_since),
    FIELD_OBJECT(struct distribution_view, next, tier_seconds_fields),
    FIELD_INSTANT(struct distribution_view, next_at),
    FIELD_OBJECT(struct distribution_view, needed, tier_seconds_fields),
    FIELD_OBJECT(struct distribution_view, included, tier_seconds_fields),
    FIELD_OBJECT(struct distribution_view, primary, tier_seconds_fields),
    FIELD_END,
};

static const struct field distribution_record[] = {
    FIELD_OBJECT(struct distribution_view, next, tier_seconds_fields),
    FIELD_END,
};
/* clang-format on */

struct tier_seconds tier_seconds(const seconds_t seconds[TIER_COUNT])
{
    return (struct tier_seconds){ seconds[TIER_BASIC], seconds[TIER_PREMIUM] };
}

/* In 128 bits, and at most what a number holds: many accounts times much. */
static seconds_t needed(int64_t accounts, seconds_t each)
{
    __int128 product = (__int128)accounts * each;

    return product > JSON_INTEGER_MAX ? JSON_INTEGER_MAX : (seconds_t)product;
}

static bool load_view(struct request *r, struct distribution_view *out)
{
    struct distribution distribution;
    struct renewing_agency agency;
    struct wallet primary;
    int64_t suspended;

    if (!distribution_load(r->tx, r->caller.agency, &distribution)
        || !renewing_agency_load(r->tx, r->caller.agency, &agency)
        || !ledger_wallets(r->tx, agency.id, &agency.primary_id, 1, &primary)
        || !subaccounts_count_secondaries(r->tx, agency.id, &out->accounts, &suspended))
        return false;
    out->counts = distribution.counts;
    out->now = tier_seconds(distribution.now);
    out->now_since = distribution.now_since;
    out->next = tier_seconds(distribution.next);
    out->next_at = distribution.next_at;
    out->primary = tier_seconds(primary.seconds);
    out->needed = (struct tier_seconds){ needed(out->accounts, out->next.basic_seconds),
                                         needed(out->accounts, out->next.premium_seconds) };
    out->included =
        agency.included_monthly ? tier_seconds(agency.included) : (struct tier_seconds){ 0, 0 };
    return true;
}

static bool read_distribution(struct request *r)
{
    struct distribution_view view;

    return load_view(r, &view) && request_reply(r, 200, distribution_fields, &view);
}

/* Nobody adds or removes an account between the figures before and those after. */
static bool set_distribution(struct request *r)
{
    const struct distribution_input *input = r->input;
    const seconds_t share[TIER_COUNT] = {
        [TIER_BASIC] = input->basic_seconds, [TIER_PREMIUM] = input->premium_seconds
    };
    struct distribution_view before, after;

    return agency_hold(r->tx, r->caller.agency) && load_view(r, &before)
        && distribution_set(r->tx, r->caller.agency, share, request_actor(r).user)
        && load_view(r, &after)
        && request_record(r, "agency.distribution_set", ID_AGENCY, r->caller.agency,
                          record_of(r, distribution_record, &before),
                          record_of(r, distribution_record, &after))
        && request_reply(r, 200, distribution_fields, &after);
}

/* clang-format off */
const struct route distribution_routes[] = {
    {GET, "/v1/agency/distribution", CAN_ALLOCATION_MANAGE, {{READ, read_distribution}}, .name = "getDistribution"},
    {PUT, "/v1/agency/distribution", CAN_ALLOCATION_MANAGE, {{WRITE, set_distribution}},
     .input = distribution_input_fields, .input_size = sizeof(struct distribution_input), .name = "setDistribution"},
    ROUTE_END,
};
/* clang-format on */
