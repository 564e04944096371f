/* The names of the two kinds of minutes. */
#include "domain/tier.h"

const char *const tier_names[] = { "basic", "premium", NULL };
