/* How an agency's accounts stand now: how many there are, what their minutes are worth, which need a look. */
#ifndef ENGINE_STANDING_H
#define ENGINE_STANDING_H

#include "domain/risks.h"
#include "domain/roles.h"
#include "store/db.h"
#include "store/ledger.h"
#include "store/subaccount_rows.h"

struct zone;

struct account_risk {
    id64_t subaccount;
    struct str name;
    enum risk risk;
    struct risk_facts facts;
};

struct standing {
    int64_t active, suspended;  /* secondary accounts */
    micros_t worth;             /* of all minutes left, at the client prices */
    struct account_risk *risks; /* worst kind first, within it the fewest minutes first */
    size_t n_risks;
};

/* How one account stands. */
struct account_standing {
    int status;
    struct wallet wallet;
    struct tier_prices prices;
    unsigned risks; /* bit set of enum risk */
};

/* In the order of `ids`, which must all exist: a fixed number of statements, however many. */
bool accounts_standing(struct tx *tx, id64_t agency, const struct zone *zone, const id64_t *ids,
                       size_t n, struct account_standing *out);

/* At most `risks_max` risks are told. REASON_OVERFLOW when the worth does not fit. */
bool agency_standing(struct tx *tx, id64_t agency, const struct zone *zone, size_t risks_max,
                     struct standing *out);

#endif
