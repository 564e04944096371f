#include "domain/effective.h"

enum agent_state agent_effective(enum subaccount_status account, enum agent_state own)
{
    return account == SUBACCOUNT_ACTIVE ? own : AGENT_INACTIVE;
}

enum campaign_state campaign_effective(enum subaccount_status account, enum campaign_state own)
{
    return account == SUBACCOUNT_ACTIVE ? own : CAMPAIGN_PAUSED;
}
