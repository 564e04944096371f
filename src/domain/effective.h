/* Effective states (domain.md §7): what counts of a thing in a sub-account follows from its own state and the account's.
   Nothing is rewritten while an account is suspended, so restoring it brings back exactly what was there. Pure. */
#ifndef DOMAIN_EFFECTIVE_H
#define DOMAIN_EFFECTIVE_H

#include "domain/accounts.h"

enum agent_state { AGENT_ACTIVE, AGENT_INACTIVE };
enum campaign_state { CAMPAIGN_RUNNING, CAMPAIGN_PAUSED };

enum agent_state agent_effective(enum subaccount_status account, enum agent_state own);
enum campaign_state campaign_effective(enum subaccount_status account, enum campaign_state own);

#endif
