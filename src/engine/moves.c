#include "engine/moves.h"

#include "base/id.h"
#include "engine/credit.h"
#include "store/agencies.h"
#include "store/ledger.h"
#include "store/minute_moves.h"
#include "store/subaccounts.h"

/* One end of a move: there, and not removed. A suspended account gives and receives. */
static bool load_end(struct tx *tx, const struct move_order *order, id64_t id, const char *field,
                     micros_t *base, micros_t *price)
{
    struct subaccount account;
    struct tier_prices prices;
    bool found;

    if (!subaccount_find(tx, order->agency, id, &account, &found)) return false;
    if (!found) return fail_field_as(tx->problem, REASON_UNKNOWN_SUBACCOUNT, str_from_c(field));
    if (!subaccount_prices(tx, order->agency, id, tx->now, &prices)) return false;
    *base = prices.base[order->tier];
    *price = prices.effective[order->tier];
    return account.status != SUBACCOUNT_REMOVED
        || fail(tx->problem, REASON_SUBACCOUNT_REMOVED, NULL, "%.*s was removed.",
                STR_ARG(account.name));
}

static bool require_minutes(struct tx *tx, const struct move_order *order)
{
    struct wallet wallet;

    if (!ledger_wallets(tx, order->agency, &order->from, 1, &wallet)) return false;
    return wallet.seconds[order->tier] >= order->sent
        || fail(tx->problem, REASON_INSUFFICIENT_MINUTES, NULL,
                "%lld seconds of %s minutes are left in the wallet.",
                (long long)wallet.seconds[order->tier], tier_names[order->tier]);
}

static const char *to_field(const struct move_order *order)
{
    return order->to_field != NULL ? order->to_field : "to";
}

static bool quote(struct tx *tx, const struct move_order *order, const struct credit *credit,
                  struct minute_move *out)
{
    *out = (struct minute_move){
        .agency_id = order->agency,
        .from_id = order->from,
        .to_id = order->to,
        .tier = order->tier,
        .sent = order->sent,
    };
    if (order->from == order->to)
        return fail_field_as(tx->problem, REASON_SAME_SUBACCOUNT, str_from_c(to_field(order)));
    if (!load_end(tx, order, order->from, "from", &out->base_price, &out->price_from)
        || !load_end(tx, order, order->to, to_field(order), &out->base_price, &out->price_to)
        || !require_minutes(tx, order))
        return false;
    enum reason refused = move_quote(out, credit_available(credit));

    return refused == REASON_NONE || fail_as(tx->problem, refused, NULL);
}

bool move_quoted(struct tx *tx, const struct move_order *order, struct minute_move *out)
{
    struct credit credit;

    return credit_load(tx, order->agency, &credit) && quote(tx, order, &credit, out);
}

static bool post(struct tx *tx, struct minute_move *move, struct actor actor)
{
    struct posting posting;

    move->id = id_new(tx->now);
    move->posting_id = id_new(tx->now);
    move->created_by = actor.user;
    move->created_at = tx->now;
    enum reason refused = posting_for_move(move, tx->now, &posting);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    posting.actor = actor;
    return ledger_post_one(tx, &posting) && minute_move_insert(tx, move);
}

/* The lock on credit also keeps prices as they are: whoever changes them takes the agency's row. */
bool move_made(struct tx *tx, const struct move_order *order, seconds_t received,
               struct actor actor, struct minute_move *out)
{
    struct credit credit;

    if (!credit_lock(tx, order->agency, &credit) || !quote(tx, order, &credit, out)) return false;
    enum reason refused = may_move(out, received);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    return credit_require(tx, &credit, out->adjustment) && post(tx, out, actor);
}
