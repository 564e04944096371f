#include "domain/reservations.h"

#include "base/time.h"

const char *const reservation_state_names[] = { "open", "ended", "canceled", "expired", NULL };

static enum reason account_allows(enum subaccount_status account)
{
    switch (account) {
    case SUBACCOUNT_ACTIVE: return REASON_NONE;
    case SUBACCOUNT_SUSPENDED: return REASON_SUBACCOUNT_SUSPENDED;
    case SUBACCOUNT_REMOVED: break;
    }
    return REASON_SUBACCOUNT_REMOVED;
}

static enum reason take(seconds_t wallet, seconds_t wanted, seconds_t *granted)
{
    if (wallet <= 0) return REASON_INSUFFICIENT_MINUTES;
    *granted = wanted < wallet ? wanted : wallet;
    return REASON_NONE;
}

enum reason may_hold(const struct hold_facts *facts, seconds_t wanted, seconds_t *granted)
{
    *granted = 0;
    if (!facts->account_is_known) return REASON_UNKNOWN_SUBACCOUNT;
    enum reason refused = account_allows(facts->account);

    if (refused != REASON_NONE) return refused;
    if (facts->agent == AGENT_INACTIVE) return REASON_AGENT_INACTIVE;
    if (facts->campaign == CAMPAIGN_PAUSED) return REASON_CAMPAIGN_PAUSED;
    if (facts->concurrency_limit != CONCURRENCY_UNLIMITED
        && facts->calls_in_progress >= facts->concurrency_limit)
        return REASON_CONCURRENCY_LIMIT;
    return take(facts->wallet, wanted, granted);
}

static enum reason state_allows(const struct reservation *reservation, instant_t now)
{
    switch ((enum reservation_state)reservation->state) {
    case RESERVATION_OPEN:
        /* One that has run out and was not yet swept up is no different from one that was. */
        return reservation->expires_at > now ? REASON_NONE : REASON_RESERVATION_EXPIRED;
    case RESERVATION_CANCELED: return REASON_RESERVATION_CANCELED;
    case RESERVATION_EXPIRED: return REASON_RESERVATION_EXPIRED;
    case RESERVATION_ENDED: break;
    }
    return REASON_RESERVATION_ENDED;
}

enum reason may_extend(const struct reservation *reservation, enum subaccount_status account,
                       seconds_t wallet, seconds_t wanted, instant_t now, seconds_t *granted)
{
    seconds_t room = RESERVATION_SECONDS_MAX - reservation->granted;
    enum reason refused = state_allows(reservation, now);

    *granted = 0;
    if (refused == REASON_NONE) refused = account_allows(account);
    if (refused != REASON_NONE) return refused;
    if (room <= 0) return REASON_CALL_TOO_LONG;
    return take(wallet, wanted < room ? wanted : room, granted);
}

enum reason may_cancel(const struct reservation *reservation)
{
    return reservation->state == RESERVATION_ENDED ? REASON_RESERVATION_ENDED : REASON_NONE;
}

instant_t hold_expiry(instant_t now, seconds_t granted, seconds_t grace)
{
    return now + (granted + grace) * MICROS_PER_SECOND;
}

instant_t hold_expiry_extended(instant_t expires_at, seconds_t granted)
{
    return expires_at + granted * MICROS_PER_SECOND;
}

int64_t concurrency_limit_of(int64_t own, int64_t agency)
{
    return own != CONCURRENCY_UNLIMITED ? own : agency;
}
