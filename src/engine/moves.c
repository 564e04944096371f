#include "engine/moves.h"

#include "base/id.h"
#include "engine/credit.h"
#include "engine/minute_desk.h"
#include "engine/minutes.h"
#include "store/agencies.h"
#include "store/minute_moves.h"
#include "store/subaccounts.h"

static const char *to_field(const struct move_order *order)
{
    return order->to_field != NULL ? order->to_field : "to";
}

static struct minute_move move_of(const struct move_order *order)
{
    return (struct minute_move){
        .agency_id = order->agency,
        .from_id = order->from,
        .to_id = order->to,
        .tier = order->tier,
        .sent = order->sent,
    };
}

static bool require_two(struct tx *tx, const struct move_order *order)
{
    return order->from != order->to
        || fail_field_as(tx->problem, REASON_SAME_SUBACCOUNT, str_from_c(to_field(order)));
}

static bool quote(struct tx *tx, const struct credit *credit, struct minute_move *out)
{
    enum reason refused = move_quote(out, credit_available(credit));

    return refused == REASON_NONE || fail_as(tx->problem, refused, NULL);
}

static bool agree(struct tx *tx, const struct credit *credit, const struct minute_move *quoted,
                  seconds_t received)
{
    enum reason refused = may_move(quoted, received);

    if (refused != REASON_NONE) return fail_as(tx->problem, refused, NULL);
    return credit_require(tx, credit, quoted->adjustment);
}

/* Gives the move its ids and makes its posting. */
static bool make(struct tx *tx, struct minute_move *move, struct actor actor, struct posting *out)
{
    move->id = id_new(tx->now);
    move->posting_id = id_new(tx->now);
    move->created_by = actor.user;
    move->created_at = tx->now;
    enum reason refused = posting_for_move(move, tx->now, out);

    out->actor = actor;
    return refused == REASON_NONE || fail_as(tx->problem, refused, NULL);
}

/* --- one --- */

/* One end of a move: there, and not removed. */
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
    return minutes_require_account(tx, &account);
}

static bool quote_one(struct tx *tx, const struct move_order *order, const struct credit *credit,
                      struct minute_move *out)
{
    *out = move_of(order);
    return require_two(tx, order)
        && load_end(tx, order, order->from, "from", &out->base_price, &out->price_from)
        && load_end(tx, order, order->to, to_field(order), &out->base_price, &out->price_to)
        && minutes_require(tx, order->agency, order->from, order->tier,
                           order->sent - order->returning)
        && quote(tx, credit, out);
}

bool move_quoted(struct tx *tx, const struct move_order *order, struct minute_move *out)
{
    struct credit credit;

    return credit_load(tx, order->agency, &credit) && quote_one(tx, order, &credit, out);
}

/* The lock on credit also keeps prices as they are: whoever changes them takes the agency's row. */
bool move_made(struct tx *tx, const struct move_order *order, seconds_t received,
               struct actor actor, struct minute_move *out)
{
    const struct minute_move *const made = out;
    struct credit credit;
    struct posting posting;

    return credit_lock(tx, order->agency, &credit) && quote_one(tx, order, &credit, out)
        && agree(tx, &credit, out, received) && make(tx, out, actor, &posting)
        && ledger_post_one(tx, &posting) && minute_moves_insert(tx, &made, 1);
}

/* --- many --- */

/* A move at the desk, and where its two accounts sit. */
struct seated_move {
    struct ordered_move *order;
    struct actor actor;
    size_t from, to;
};

static bool seat_end(struct minute_desk *desk, const struct move_order *order, size_t seat,
                     const char *field, micros_t *base, micros_t *price)
{
    struct tier_prices prices;

    if (seat == MINUTE_DESK_NO_SEAT)
        return fail_field_as(desk->tx->problem, REASON_UNKNOWN_SUBACCOUNT, str_from_c(field));
    minute_desk_prices(desk, seat, &prices);
    *base = prices.base[order->tier];
    *price = prices.effective[order->tier];
    return minute_desk_require_account(desk, seat);
}

static void tell_end(const struct minute_desk *desk, size_t seat, struct move_end *out)
{
    out->wallet = desk->wallets[seat];
    accounts_prices(desk->agency, desk->accounts[seat], desk->tx->now, out->prices);
}

static bool serve(struct minute_desk *desk, void *context)
{
    const struct seated_move *seated = context;
    struct ordered_move *ordered = seated->order;
    const struct move_order *order = &ordered->order;
    struct minute_move *move = &ordered->made;
    struct tx *tx = desk->tx;
    struct posting posting;

    *move = move_of(order);
    if (!require_two(tx, order)
        || !seat_end(desk, order, seated->from, "from", &move->base_price, &move->price_from)
        || !seat_end(desk, order, seated->to, to_field(order), &move->base_price, &move->price_to)
        || !minutes_require_in(tx, &desk->wallets[seated->from], order->tier,
                               order->sent - order->returning)
        || !quote(tx, &desk->credit, move) || !agree(tx, &desk->credit, move, ordered->received)
        || !make(tx, move, seated->actor, &posting))
        return false;
    minute_desk_take(desk, &posting);
    tell_end(desk, seated->from, &ordered->from);
    tell_end(desk, seated->to, &ordered->to);
    return true;
}

bool moves_make(struct tx *tx, id64_t agency, struct ordered_move *orders, size_t n,
                struct actor actor)
{
    struct seated_move *seated = ARENA_ARRAY(tx->arena, struct seated_move, n);
    const struct minute_move **made = ARENA_ARRAY(tx->arena, const struct minute_move *, n);
    size_t n_made = 0;
    struct minute_desk desk;

    if (!minute_desk_open(&desk, tx, agency, 2 * n, n)) return false;
    for (size_t i = 0; i < n; i++)
        seated[i] =
            (struct seated_move){ &orders[i], actor, minute_desk_seat(&desk, orders[i].order.from),
                                  minute_desk_seat(&desk, orders[i].order.to) };
    if (!minute_desk_lock_wallets(&desk)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!minute_desk_serve_one(&desk, orders[i].problem, serve, &seated[i], &orders[i].is_made))
            return false;
        if (orders[i].is_made) made[n_made++] = &orders[i].made;
    }
    return minute_desk_post(&desk) && minute_moves_insert(tx, made, n_made);
}
