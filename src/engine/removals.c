#include "engine/removals.h"

#include "engine/allocation_runs.h"
#include "engine/knowledge.h"
#include "engine/moves.h"
#include "engine/recharge_runs.h"
#include "engine/reservations.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/refunds.h"
#include "store/subaccounts.h"

/* What is left once all that is held has been given back. */
static void count_held(struct wallet *wallet, struct removal *out)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        out->held[tier] = wallet->held[tier];
        wallet->seconds[tier] += wallet->held[tier];
    }
}

/* Minutes that are owed are settled first. */
static bool allow_wallet(struct tx *tx, const struct wallet *wallet)
{
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        if (wallet->seconds[tier] < 0) return fail_as(tx->problem, REASON_WALLET_OVERDRAWN, NULL);
    }
    return true;
}

/* A refund that fails gives its minutes back, for which there must be a wallet. */
static bool refuse_refund_pending(struct tx *tx, id64_t agency, id64_t subaccount)
{
    bool is_pending;

    if (!refund_is_pending_for(tx, agency, subaccount, &is_pending)) return false;
    return !is_pending
        || fail(tx->problem, REASON_REFUND_ON_ITS_WAY, NULL,
                "A refund of this sub-account's is on its way. Wait until it has arrived.");
}

/* `wallet`: with what is held. */
static bool load(struct tx *tx, id64_t agency, id64_t subaccount, struct removal *out,
                 struct wallet *wallet)
{
    *out = (struct removal){ .minutes_to = ID_NONE };
    if (!subaccount_load(tx, agency, subaccount, &out->account)) return false;
    enum reason refused = may_remove(&out->account);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    if (!ledger_wallets(tx, agency, &subaccount, 1, wallet)
        || !reservations_count_open(tx, agency, &subaccount, 1, &out->calls_in_progress)
        || !ledger_balance(tx, agency, LEDGER_KNOWLEDGE, subaccount, &out->knowledge)
        || !subaccount_ties_count(tx, agency, subaccount, &out->ties))
        return false;
    count_held(wallet, out);
    return allow_wallet(tx, wallet) && refuse_refund_pending(tx, agency, subaccount);
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
        struct move_order order = order_of(out, (enum tier)tier, wallet.seconds[tier]);
        order.returning = out->held[tier];
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

static bool return_knowledge(struct tx *tx, const struct removal *removal, struct actor actor)
{
    struct knowledge_transfer transfer = { .agency_id = removal->account.agency_id,
                                           .from_id = removal->account.id };
    struct agency agency;

    if (!agency_load(tx, transfer.agency_id, &agency)) return false;
    transfer.to_id = agency.primary_id;
    return knowledge_returned(tx, &transfer, actor);
}

static bool release_calls(struct tx *tx, const struct removal *removal, enum removal_force force,
                          struct actor actor)
{
    if (removal->held[TIER_BASIC] == 0 && removal->held[TIER_PREMIUM] == 0) return true;
    if (force == REMOVAL_WAITS) return fail_as(tx->problem, REASON_CALLS_IN_PROGRESS, NULL);
    return reservations_release(tx, removal->account.agency_id, removal->account.id, actor);
}

/* The version first: it locks the agency's row, which every move, price change and call takes, too. */
bool subaccount_remove(struct tx *tx, id64_t agency, id64_t subaccount, id64_t minutes_to,
                       const seconds_t received[TIER_COUNT], enum removal_force force,
                       struct actor actor, struct removal *out)
{
    struct wallet wallet;
    int64_t version;

    if (!agency_next_version(tx, agency, &version) || !load(tx, agency, subaccount, out, &wallet)
        || !release_calls(tx, out, force, actor))
        return false;
    if (has_minutes(&wallet) && minutes_to == ID_NONE)
        return fail_field_as(tx->problem, REASON_REQUIRED, STR("minutes_to"));
    out->minutes_to = has_minutes(&wallet) ? minutes_to : ID_NONE;
    if (!move_minutes(tx, out, &wallet, received, actor) || !return_knowledge(tx, out, actor)
        || !subaccount_ties_cut(tx, agency, subaccount))
        return false;

    struct subaccount removed = out->account;

    removed.status = SUBACCOUNT_REMOVED;
    removed.removed_at = tx->now;
    removed.suspension_note = STR_NONE;
    removed.suspended_at = INSTANT_NONE;
    return recharge_end(tx, agency, subaccount) && allocation_end(tx, agency, subaccount)
        && subaccount_set_status(tx, &removed, version);
}
