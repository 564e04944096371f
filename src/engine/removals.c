#include "engine/removals.h"

#include "engine/moves.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/subaccounts.h"

/* Minutes that are owed are settled first, those of calls in progress are not free to go. */
static bool allow_wallet(struct tx *tx, const struct wallet *wallet)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (wallet->held[tier] != 0) return fail_as(tx->problem, REASON_CALLS_IN_PROGRESS, NULL);
        if (wallet->seconds[tier] < 0) return fail_as(tx->problem, REASON_WALLET_OVERDRAWN, NULL);
    }
    return true;
}

static bool load(struct tx *tx, id64_t agency, id64_t subaccount, struct removal *out,
                 struct wallet *wallet)
{
    *out = (struct removal){ .minutes_to = ID_NONE };
    if (!subaccount_load(tx, agency, subaccount, &out->account)) return false;
    enum reason refused = may_remove(&out->account);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    return ledger_wallets(tx, agency, &subaccount, 1, wallet) && allow_wallet(tx, wallet)
        && subaccount_ties_count(tx, agency, subaccount, &out->ties);
}

static struct move_order order_of(const struct removal *removal, enum tier tier, seconds_t seconds)
{
    return (struct move_order){ .agency = removal->account.agency_id,
                                .from = removal->account.id,
                                .to = removal->minutes_to,
                                .tier = tier,
                                .sent = seconds,
                                .to_field = "minutes_to" };
}

static bool has_minutes(const struct wallet *wallet)
{
    return wallet->seconds[TIER_BASIC] > 0 || wallet->seconds[TIER_PREMIUM] > 0;
}

bool removal_look(struct tx *tx, id64_t agency_id, id64_t subaccount, id64_t minutes_to,
                  struct removal *out)
{
    struct wallet wallet;
    struct agency agency;

    if (!agency_load(tx, agency_id, &agency) || !load(tx, agency_id, subaccount, out, &wallet))
        return false;
    if (!has_minutes(&wallet)) return true;
    out->minutes_to = minutes_to != ID_NONE ? minutes_to : agency.primary_id;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        const struct move_order order = order_of(out, (enum tier)tier, wallet.seconds[tier]);
        if (order.sent > 0 && !move_quoted(tx, &order, &out->moves[tier])) return false;
    }
    return true;
}

/* The second tier is quoted after the first has moved, so that both rest on the credit that is left. */
static bool move_minutes(struct tx *tx, struct removal *out, const struct wallet *wallet,
                         const seconds_t received[TIER_COUNT], struct actor actor)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        const struct move_order order = order_of(out, (enum tier)tier, wallet->seconds[tier]);

        if (order.sent == 0) {
            if (received[tier] != 0) return fail_as(tx->problem, REASON_QUOTE_CHANGED, NULL);
        } else if (!move_made(tx, &order, received[tier], actor, &out->moves[tier])) {
            return false;
        }
    }
    return true;
}

/* The version first: it locks the agency's row, which every move and price change takes, too. */
bool subaccount_remove(struct tx *tx, id64_t agency, id64_t subaccount, id64_t minutes_to,
                       const seconds_t received[TIER_COUNT], struct actor actor,
                       struct removal *out)
{
    struct wallet wallet;
    int64_t version;

    if (!agency_next_version(tx, agency, &version) || !load(tx, agency, subaccount, out, &wallet))
        return false;
    if (has_minutes(&wallet) && minutes_to == ID_NONE)
        return fail_field_as(tx->problem, REASON_REQUIRED, STR("minutes_to"));
    out->minutes_to = has_minutes(&wallet) ? minutes_to : ID_NONE;
    if (!move_minutes(tx, out, &wallet, received, actor)
        || !subaccount_ties_cut(tx, agency, subaccount))
        return false;

    struct subaccount removed = out->account;

    removed.status = SUBACCOUNT_REMOVED;
    removed.removed_at = tx->now;
    removed.suspension_note = STR_NONE;
    removed.suspended_at = INSTANT_NONE;
    return subaccount_set_status(tx, &removed, version);
}
