#include "domain/price_changes.h"

const char *const price_change_state_names[] = { "ordered", "in_force", "past", "canceled", NULL };

enum price_change_state price_change_state(const struct price_change *change, instant_t newest_at,
                                           instant_t now)
{
    if (change->canceled_at != INSTANT_NONE) return PRICE_CHANGE_CANCELED;
    if (change->effective_at > now) return PRICE_CHANGE_ORDERED;
    return change->effective_at == newest_at ? PRICE_CHANGE_IN_FORCE : PRICE_CHANGE_PAST;
}

enum reason may_order_prices(instant_t at, instant_t now)
{
    if (at < now) return REASON_TOO_OLD;
    return at > now + PRICE_CHANGE_AHEAD_MAX ? REASON_IN_FUTURE : REASON_NONE;
}

enum reason may_cancel_prices(const struct price_change *change, instant_t now)
{
    if (change->canceled_at != INSTANT_NONE) return REASON_PRICES_CANCELED;
    return change->effective_at < now + PRICE_CHANGE_NOTICE ? REASON_PRICES_COUNT : REASON_NONE;
}
