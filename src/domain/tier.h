/* The two kinds of minutes, never mixed (domain.md §2). */
#ifndef DOMAIN_TIER_H
#define DOMAIN_TIER_H

#include "base/field.h"

enum tier { TIER_BASIC, TIER_PREMIUM, TIER_COUNT };
extern const char *const tier_names[];

#endif
