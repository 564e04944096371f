/* Moving minutes (domain.md §6): their value is kept at client prices, and base stays covered. */
#include "domain/moves.h"

#include "base/decimal.h"

#include <assert.h>

enum { SECONDS_PER_MINUTE = 60 };

/* Equal prices keep the seconds; a price of zero gives minutes no value to keep, so they stay what they are. */
static bool received_at_prices(const struct minute_move *move, seconds_t *out)
{
    *out = move->sent;
    if (move->price_from == move->price_to || move->price_to == 0) return true;
    return int64_multiply_divide(move->sent, move->price_from, 0, move->price_to, out);
}

static bool adjust(struct minute_move *move)
{
    micros_t base_sent, base_received;

    return money_value(move->sent, move->base_price, &base_sent)
        && money_value(move->received, move->base_price, &base_received)
        && int64_subtract(base_sent, base_received, &move->adjustment);
}

/* The most seconds whose base value is that of what is sent and `available` more: the largest r with
   (r * base + 30) / 60 <= value, which is (60 * value + 29) / base. */
static bool received_for_credit(const struct minute_move *move, micros_t available, seconds_t *out)
{
    micros_t base_sent, covered;

    if (!money_value(move->sent, move->base_price, &base_sent)) return false;
    /* More than a number holds covers anything that could be asked for. */
    if (!int64_add(base_sent, available, &covered)) covered = INT64_MAX;
    if (!int64_multiply_divide(covered, SECONDS_PER_MINUTE, SECONDS_PER_MINUTE / 2 - 1,
                               move->base_price, out))
        *out = INT64_MAX;
    return true;
}

enum reason move_quote(struct minute_move *move, micros_t available)
{
    assert(move->sent > 0 && move->base_price >= 0);
    assert(available == MICROS_NONE || available >= 0);
    seconds_t covered;

    move->capped = false;
    if (!received_at_prices(move, &move->received) || !adjust(move)) return REASON_OVERFLOW;
    if (available != MICROS_NONE && move->adjustment < -available) {
        if (!received_for_credit(move, available, &covered)) return REASON_OVERFLOW;
        move->received = covered > move->sent ? covered : move->sent;
        move->capped = true;
        if (!adjust(move)) return REASON_OVERFLOW;
    }
    return move_values(move) ? REASON_NONE : REASON_OVERFLOW;
}

bool move_values(struct minute_move *move)
{
    return money_value(move->sent, move->price_from, &move->value_from)
        && money_value(move->received, move->price_to, &move->value_to);
}

enum reason may_move(const struct minute_move *quoted, seconds_t received)
{
    if (received == quoted->received) return REASON_NONE;
    return quoted->capped && received > quoted->received ? REASON_INSUFFICIENT_CREDIT
                                                         : REASON_QUOTE_CHANGED;
}

static enum ledger_account conversion_of(enum tier tier)
{
    return tier == TIER_BASIC ? LEDGER_CONVERSION_BASIC : LEDGER_CONVERSION_PREMIUM;
}

enum reason posting_for_move(const struct minute_move *move, instant_t at, struct posting *out)
{
    enum tier tier = (enum tier)move->tier;

    *out = posting_begin(POSTING_MOVE, move->posting_id, move->agency_id, move->from_id, at);
    out->reference = move->id;
    out->key = move->id;
    posting_transfer(out, ledger_wallet(tier), move->from_id, conversion_of(tier), ID_NONE,
                     move->sent);
    posting_transfer(out, conversion_of(tier), ID_NONE, ledger_wallet(tier), move->to_id,
                     move->received);
    posting_transfer(out, LEDGER_BASE_REVENUE, ID_NONE, LEDGER_CREDIT, move->agency_id,
                     move->adjustment);
    return posting_check(out);
}
