#include "engine/setup.h"

#include "base/decimal.h"
#include "base/id.h"
#include "domain/prices.h"
#include "engine/base_prices.h"
#include "engine/plans.h"
#include "engine/renewals.h"
#include "store/agencies.h"
#include "store/plans.h"
#include "store/recharges.h"
#include "store/subaccounts.h"
#include "store/users.h"

#define PAYOUT_THRESHOLD_DEFAULT (100 * MICROS_PER_USD)

static const struct increment increment_default = { 1, 1 };

static bool insert_client_prices(struct tx *tx, id64_t agency, id64_t subaccount,
                                 const micros_t *prices)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_point_insert(tx, agency, subaccount, (enum tier)tier, 0, prices[tier]))
            return false;
    }
    return true;
}

static struct agency agency_of(const struct tx *tx, const struct setup *setup,
                               const struct zone *zone, const struct setup_result *ids)
{
    return (struct agency){
        .id = ids->agency,
        .name = setup->agency_name,
        .timezone = setup->timezone,
        .plan_code = setup->plan_code,
        .next_plan_code = STR_NONE,
        .next_plan_at = INSTANT_NONE,
        .status = AGENCY_ACTIVE,
        .deletes_at = INSTANT_NONE,
        .subscription_start = zone_date(zone, tx->now),
        .increment = increment_default,
        .default_prices = { MICROS_NONE, MICROS_NONE },
        .payout_threshold = PAYOUT_THRESHOLD_DEFAULT,
        .credit_limit = MICROS_NONE,
        .primary_id = ids->primary,
        .version = 1,
        .created_at = tx->now,
    };
}

static bool insert_primary(struct tx *tx, const struct setup *setup, const struct zone *zone,
                           const struct setup_result *ids)
{
    static const micros_t base[TIER_COUNT] = { MICROS_NONE, MICROS_NONE };
    const struct subaccount primary = {
        .agency_id = ids->agency,
        .id = ids->primary,
        .kind = SUBACCOUNT_PRIMARY,
        .status = SUBACCOUNT_ACTIVE,
        .name = setup->agency_name,
        .email = setup->email,
        .billing_anchor = zone_date(zone, tx->now),
        .created_at = tx->now,
    };
    return subaccount_insert(tx, &primary, 1)
        && insert_client_prices(tx, ids->agency, ids->primary, base);
}

static bool insert_owner(struct tx *tx, const struct setup *setup, struct str key,
                         const struct setup_result *ids)
{
    const struct user owner = {
        .agency_id = ids->agency,
        .id = ids->owner,
        .email = setup->email,
        .name = setup->owner_name,
        .password_hash = setup->password_hash,
        .role = ROLE_AGENCY_OWNER,
        .reaches_all = true,
        .created_at = tx->now,
    };
    return user_insert(tx, &owner, key);
}

bool agency_set_up(struct tx *tx, const struct setup *setup, struct setup_result *out)
{
    static const struct actor nobody = { ID_NONE, ID_NONE };
    const struct zone *zone = zone_find(setup->timezone);
    struct plan plan;
    struct str key;
    bool found;

    if (zone == NULL) return fail_as(tx->problem, REASON_BAD_TIMEZONE, "timezone");
    if (!email_key(tx->arena, setup->email, &key))
        return fail_as(tx->problem, REASON_BAD_EMAIL, "email");
    if (!plan_find(tx, setup->plan_code, &plan, &found)) return false;
    if (!found)
        return fail(tx->problem, REASON_UNKNOWN_PLAN, "plan",
                    "There is no plan with the code \"%.*s\".", STR_ARG(setup->plan_code));
    *out = (struct setup_result){ id_new(tx->now), id_new(tx->now), id_new(tx->now) };
    const struct agency agency = agency_of(tx, setup, zone, out);

    return agency_insert(tx, &agency) && base_prices_begin(tx, &agency)
        && insert_primary(tx, setup, zone, out) && insert_owner(tx, setup, key, out)
        && plan_begin(tx, &agency, &plan, PLAN_BEGINS_WITH_AGENCY, nobody)
        && renewals_begin(tx, out->agency, zone_date(zone, tx->now), zone);
}

/* Under the agency's lock, which agency_next_version took. */
static bool check_cap(struct tx *tx, const struct agency *agency)
{
    struct plan_room room;

    if (!plan_room_load(tx, agency, &room)) return false;
    enum reason reason = may_add_subaccount(room.cap, room.used);
    if (reason == REASON_NONE) return true;
    const char *plural = room.cap == 1 ? "" : "s";

    if (room.is_ordered)
        return fail(tx->problem, reason, NULL,
                    "%.*s, which you change to, has room for %lld sub-account%s, and all of it is"
                    " used. Remove one, or take the change of plan back.",
                    STR_ARG(room.plan_name), (long long)room.cap, plural);
    return fail(
        tx->problem, reason, NULL,
        "%.*s has room for %lld sub-account%s, and all of it is used. Remove one, or change to"
        " a larger plan.",
        STR_ARG(room.plan_name), (long long)room.cap, plural);
}

/* A price that was given is checked against base; one that was not is the agency's default, which base may have
   overtaken: the effective price is never below base anyway. */
static bool settle_prices(struct tx *tx, const struct agency *agency,
                          const struct new_subaccount *input, micros_t *out)
{
    const micros_t *given = input->prices;
    bool all_fine = true;

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t base;
        out[tier] = given[tier];
        if (given[tier] == MICROS_NONE) {
            out[tier] = input->applies_base_price ? MICROS_NONE : agency->default_prices[tier];
            continue;
        }
        if (!price_in_force_find(tx, agency->id, agency->id, (enum tier)tier, tx->now, &base))
            return false;
        enum reason reason = may_set_price(given[tier], base);
        if (reason == REASON_NONE) continue;
        all_fine = fail_field_as(tx->problem, reason,
                                 str_format(tx->arena, "prices.%s", tier_names[tier]));
    }
    return all_fine;
}

bool subaccount_create(struct tx *tx, id64_t agency_id, const struct new_subaccount *input,
                       struct subaccount *out)
{
    micros_t prices[TIER_COUNT];
    struct agency agency;
    int64_t version;

    if (!agency_next_version(tx, agency_id, &version) || !agency_load(tx, agency_id, &agency)
        || !check_cap(tx, &agency) || !settle_prices(tx, &agency, input, prices))
        return false;
    if (!str_is_absent(input->timezone) && zone_find(input->timezone) == NULL)
        return fail_field_as(tx->problem, REASON_BAD_TIMEZONE, STR("timezone"));
    const struct zone *zone = zone_find(agency.timezone);
    if (zone == NULL)
        return fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
    *out = (struct subaccount){
        .agency_id = agency_id,
        .id = id_new(tx->now),
        .kind = SUBACCOUNT_SECONDARY,
        .status = SUBACCOUNT_ACTIVE,
        .name = input->name,
        .email = input->email,
        .reference = input->reference,
        .timezone = input->timezone,
        .suspended_at = INSTANT_NONE,
        .billing_anchor = zone_date(zone, tx->now),
        .created_at = tx->now,
        .removed_at = INSTANT_NONE,
    };
    return subaccount_insert(tx, out, version)
        && insert_client_prices(tx, agency_id, out->id, prices);
}

/* Base at the same moment: each tier that is set must not be below it. */
static bool check_prices(struct tx *tx, const struct subaccount *account, const micros_t *prices)
{
    bool all_fine = true;

    for (int tier = 0; tier < TIER_COUNT; tier++) {
        micros_t base;
        if (prices[tier] == MICROS_NONE) continue;
        if (!price_in_force_find(tx, account->agency_id, account->agency_id, (enum tier)tier,
                                 tx->now, &base))
            return false;
        enum reason reason = may_set_price(prices[tier], base);
        if (reason == REASON_NONE) continue;
        struct str base_text = micros_format(tx->arena, base);
        all_fine =
            fail_field(tx->problem, reason, str_from_c(tier_names[tier]),
                       "%s The base price is %.*s.", reason_sentence(reason), STR_ARG(base_text));
    }
    return all_fine;
}

bool subaccount_set_prices(struct tx *tx, const struct subaccount *account,
                           const micros_t prices[TIER_COUNT])
{
    int64_t version;

    if (account->kind == SUBACCOUNT_PRIMARY)
        return fail_as(tx->problem, REASON_PRIMARY_PRICE_IS_BASE, NULL);
    if (account->status == SUBACCOUNT_REMOVED)
        return fail_as(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL);
    if (!agency_next_version(tx, account->agency_id, &version)
        || !check_prices(tx, account, prices))
        return false;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_point_insert(tx, account->agency_id, account->id, (enum tier)tier, tx->now,
                                prices[tier]))
            return false;
    }
    return subaccount_stamp(tx, account->agency_id, account->id, version)
        && recharge_order_look(tx, account->agency_id, account->id);
}
