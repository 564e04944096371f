/* What several resources show and ask: who may see cost, and the pieces of sub-accounts, plans and prices. */
#ifndef API_VIEWS_H
#define API_VIEWS_H

#include "http/request.h"
#include "store/agencies.h"

/* Whether base prices, cost, margin and profit are shown to the caller: agency people with profits.view, and keys
   that are not bound to one sub-account. */
bool caller_sees_profits(const struct request *r);

/* may_reach for the caller. */
enum reason caller_may_reach(const struct request *r, enum permission permission,
                             id64_t subaccount);

/* A plan as the API shows it. */
struct plan_view {
    struct str code, name;
    int model;
    micros_t monthly_fee;
    struct str subaccount_cap; /* JSON: a number or null */
    seconds_t basic_seconds, premium_seconds;
    int every;
    int64_t knowledge_packs;
};
extern const struct field plan_fields[];
struct plan_view plan_view(struct arena *arena, const struct plan *plan);

/* A number as JSON text, null when it is negative: for caps. */
struct str json_cap(struct arena *arena, int64_t cap);

/* {basic, premium} of prices; MICROS_NONE shows as null. */
struct tier_amounts {
    micros_t basic, premium;
};
extern const struct field tier_amounts_fields[];
struct tier_amounts tier_amounts(const micros_t amounts[TIER_COUNT]);

/* Prices as they are sent: both tiers, or base. */
struct prices_input {
    micros_t basic, premium;
    bool apply_base_price;
};
extern const struct field prices_input_fields[];

/* MICROS_NONE for base. Both or neither: REASON_REQUIRED or REASON_EXCLUSIVE_FIELDS at `path` ("" or "prices"). */
bool prices_read(struct request *r, const struct prices_input *input, const char *path,
                 micros_t out[TIER_COUNT]);

#endif
