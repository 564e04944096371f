#include "engine/setup.h"

#include "base/decimal.h"
#include "base/id.h"
#include "domain/ledger.h"
#include "domain/prices.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/subaccounts.h"
#include "store/users.h"

#define PAYOUT_THRESHOLD_DEFAULT (100 * MICROS_PER_USD)

static const struct increment increment_default = { 1, 1 };

static bool insert_base_prices(struct tx *tx, id64_t agency, const struct plan *plan)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        /* From the beginning of time: calls from before this store existed can be imported. */
        if (!price_point_insert(tx, agency, agency, (enum tier)tier, 0, plan->base_prices[tier]))
            return false;
    }
    return true;
}

static bool insert_client_prices(struct tx *tx, id64_t agency, id64_t subaccount,
                                 const micros_t *prices)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (!price_point_insert(tx, agency, subaccount, (enum tier)tier, 0, prices[tier]))
            return false;
    }
    return true;
}

static bool insert_agency(struct tx *tx, const struct setup *setup, const struct zone *zone,
                          const struct setup_result *ids)
{
    const struct agency agency = {
        .id = ids->agency,
        .name = setup->agency_name,
        .timezone = setup->timezone,
        .plan_code = setup->plan_code,
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
    return agency_insert(tx, &agency);
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

/* What the plan includes, to the primary. */
static bool grant_included(struct tx *tx, const struct plan *plan, const struct setup_result *ids)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (plan->included[tier] == 0) continue;
        struct posting grant =
            posting_for_plan_grant(id_new(tx->now), ids->agency, ids->primary, (enum tier)tier,
                                   plan->included[tier], tx->now);
        if (!ledger_post_one(tx, &grant)) return false;
    }
    return true;
}

bool agency_set_up(struct tx *tx, const struct setup *setup, struct setup_result *out)
{
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
    return insert_agency(tx, setup, zone, out) && insert_base_prices(tx, out->agency, &plan)
        && insert_primary(tx, setup, zone, out) && insert_owner(tx, setup, key, out)
        && grant_included(tx, &plan, out);
}

/* Under the agency's lock, which agency_next_version took. Accounts are counted only where there is a cap: an agency
   without one may have very many. */
static bool check_cap(struct tx *tx, const struct agency *agency)
{
    int64_t secondaries = 0, suspended;
    struct plan plan;

    if (!plan_find(tx, agency->plan_code, &plan, NULL)) return false;
    if (plan.subaccount_cap >= 0
        && !subaccounts_count_secondaries(tx, agency->id, &secondaries, &suspended))
        return false;
    enum reason reason = may_add_subaccount(plan.subaccount_cap, secondaries);
    if (reason == REASON_NONE) return true;
    return fail(
        tx->problem, reason, NULL,
        "The plan %.*s allows %lld sub-accounts and all are in use. Remove one or upgrade the plan.",
        STR_ARG(plan.name), (long long)plan.subaccount_cap);
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
    return subaccount_stamp(tx, account->agency_id, account->id, version);
}
