#include "engine/recharge_runs.h"

#include "domain/prices.h"
#include "domain/recharge.h"
#include "engine/automatic_purchases.h"
#include "engine/by_itself.h"
#include "engine/purchases.h"
#include "engine/recharges.h"
#include "store/agencies.h"
#include "store/automatic_purchases.h"
#include "store/jobs.h"
#include "store/ledger.h"
#include "store/recharges.h"
#include "store/subaccounts.h"

/* What the trail says of a payment that failed. */
struct failure_record {
    struct str failure;
    int64_t failures;
    instant_t waits_until;
};

/* clang-format off */
static const struct field failure_record[] = {
    FIELD_TEXT(struct failure_record, failure),
    FIELD_INTEGER(struct failure_record, failures),
    FIELD_AS("next_try_at", struct failure_record, waits_until, FIELD_IS_INSTANT),
    FIELD_END,
};
/* clang-format on */

static bool charged_worth(const struct tx *tx, const struct charged_agency *agency,
                          const struct charged_account *account, const struct wallet *wallet,
                          micros_t *out)
{
    micros_t prices[TIER_COUNT];

    for (int tier = 0; tier < TIER_COUNT; tier++)
        prices[tier] = price_effective(price_in_force(agency->base[tier], tx->now),
                                       price_in_force(account->client[tier], tx->now));
    return wallet_worth(wallet->seconds, prices, out);
}

bool recharge_check_wallets(struct tx *tx, const struct charged_agency *agency,
                            struct charged_account *const *accounts, const struct wallet *wallets,
                            size_t n)
{
    for (size_t i = 0; i < n; i++) {
        micros_t worth;

        if (accounts[i]->recharge_below == MICROS_NONE) continue;
        if (!charged_worth(tx, agency, accounts[i], &wallets[i], &worth))
            return fail_as(tx->problem, REASON_OVERFLOW, NULL);
        if (worth < accounts[i]->recharge_below
            && !job_post(tx, agency->id, JOB_AUTO_RECHARGE, accounts[i]->id, tx->now))
            return false;
    }
    return true;
}

bool recharge_check_charged(struct tx *tx, const struct charged_agency *agency,
                            struct charged_account *const *accounts, size_t n)
{
    id64_t *ids = ARENA_ARRAY(tx->arena, id64_t, n + 1);
    struct wallet *wallets = ARENA_ARRAY(tx->arena, struct wallet, n + 1);

    if (n == 0) return true;
    for (size_t i = 0; i < n; i++)
        ids[i] = accounts[i]->id;
    return ledger_wallets(tx, agency->id, ids, n, wallets)
        && recharge_check_wallets(tx, agency, accounts, wallets, n);
}

/* Charging looks at the account again: whether it is armed may be another. */
static bool save(struct tx *tx, const struct recharge *recharge)
{
    int64_t version;

    return agency_next_version(tx, recharge->agency_id, &version) && recharge_save(tx, recharge)
        && subaccount_stamp(tx, recharge->agency_id, recharge->subaccount_id, version);
}

static bool tell_turned_off(struct tx *tx, const struct recharge *recharge)
{
    struct str once = str_format(tx->arena, "%lld at %lld", (long long)recharge->subaccount_id,
                                 (long long)tx->now);

    return tell_admins(tx, recharge->agency_id, MAIL_AUTO_RECHARGE_OFF, recharge->subaccount_id,
                       recharge->failure, once);
}

static bool note_failure(struct tx *tx, struct recharge *recharge, struct str failure)
{
    bool turned_off = recharge_failed(recharge, failure, tx->now);
    const struct failure_record record = { failure, recharge->failures, recharge->waits_until };

    return save(tx, recharge)
        && record_by_itself(tx, recharge->agency_id,
                            turned_off ? "auto_recharge.turned_off" : "auto_recharge.failed",
                            ID_SUBACCOUNT, recharge->subaccount_id, failure_record, &record)
        && (!turned_off || tell_turned_off(tx, recharge))
        && (recharge->waits_until == INSTANT_NONE
            || job_post(tx, recharge->agency_id, JOB_AUTO_RECHARGE, recharge->subaccount_id,
                        recharge->waits_until));
}

/* A price or an amount that buys nothing any more is a failure like any other. */
static bool buy(struct tx *tx, struct recharge *recharge)
{
    const struct purchase_order order = {
        .agency = recharge->agency_id,
        .subaccount = recharge->subaccount_id,
        .tier = (enum tier)recharge->tier,
        .amount = recharge->amount,
        .origin = ORIGIN_AUTO_RECHARGE,
        .payer = recharge->subaccount_id,
    };
    struct purchase purchase;
    enum reason refused;

    if (!purchase_by_itself(tx, &order, &purchase, &refused)) return false;
    if (refused != REASON_NONE) return note_failure(tx, recharge, str_from_c(reason_code(refused)));
    recharge_begun(recharge, purchase.id);
    return save(tx, recharge);
}

static bool load_facts(struct tx *tx, id64_t agency_id, id64_t subaccount,
                       struct recharge_facts *out)
{
    struct agency agency;
    struct subaccount account;
    micros_t prices[TIER_COUNT];

    if (!agency_load(tx, agency_id, &agency)
        || !subaccount_load(tx, agency_id, subaccount, &account))
        return false;
    *out = (struct recharge_facts){
        .is_active = account.status == SUBACCOUNT_ACTIVE,
        .zone = zone_find(agency.timezone),
        .now = tx->now,
    };
    if (out->zone == NULL)
        return fail(tx->problem, REASON_INTERNAL, NULL, "the agency's time zone is not known");
    return recharge_balance(tx, agency_id, subaccount, &out->balance, prices)
        && recharges_begun_since(tx, agency_id, subaccount,
                                 zone_midnight(out->zone, zone_date(out->zone, tx->now)),
                                 &out->begun_today);
}

static bool wait(struct tx *tx, struct recharge *recharge, instant_t until)
{
    if (recharge->waits_until == until) return true;
    recharge->waits_until = until;
    return save(tx, recharge);
}

bool recharge_look(struct tx *tx, id64_t agency, id64_t subaccount, instant_t *again_at)
{
    struct recharge recharge;
    struct recharge_facts facts;
    instant_t until;

    *again_at = INSTANT_NONE;
    if (!recharge_load(tx, agency, subaccount, &recharge)
        || !load_facts(tx, agency, subaccount, &facts))
        return false;
    switch (recharge_judge(&recharge, &facts, &until)) {
    case RECHARGE_DUE: return buy(tx, &recharge);
    case RECHARGE_WAITS: *again_at = until; return wait(tx, &recharge, until);
    case RECHARGE_NOT_NEEDED:
        return wait(tx, &recharge, INSTANT_NONE)
            && price_next_change(tx, agency, subaccount, again_at);
    case RECHARGE_OFF:
    case RECHARGE_IN_FLIGHT:
    case RECHARGE_INACTIVE: break;
    }
    return true;
}

/* What it bought may still leave less than the threshold. Where it was turned off meanwhile, no failure matters. */
bool recharge_settled(struct tx *tx, const struct purchase *purchase)
{
    struct recharge recharge;

    if (!recharge_load(tx, purchase->agency_id, purchase->subaccount_id, &recharge)) return false;
    if (recharge.purchase_id != purchase->id) return true;
    if (recharge.enabled && purchase->state != PURCHASE_SUCCEEDED)
        return note_failure(tx, &recharge, purchase_failure(purchase));
    recharge_succeeded(&recharge);
    return save(tx, &recharge)
        && recharge_order_look(tx, purchase->agency_id, purchase->subaccount_id);
}

bool recharge_end(struct tx *tx, id64_t agency, id64_t subaccount)
{
    struct recharge recharge;

    if (!recharge_load(tx, agency, subaccount, &recharge)) return false;
    if (!recharge.enabled && recharge.purchase_id == ID_NONE) return true;
    recharge_set(&recharge, false, tx->now);
    return save(tx, &recharge) && purchase_call_off(tx, agency, recharge.purchase_id)
        && job_cancel(tx, agency, JOB_AUTO_RECHARGE, subaccount);
}
