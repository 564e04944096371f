#include "engine/purchase_hooks.h"

#include "engine/allocation_runs.h"
#include "engine/recharge_runs.h"

#include <assert.h>

/* By origin; NULL: nobody. */
static bool (*const settled[])(struct tx *tx, const struct purchase *purchase) = {
    [ORIGIN_DIRECT] = NULL,
    [ORIGIN_AUTO_RECHARGE] = recharge_settled,
    [ORIGIN_AUTO_ALLOCATION] = allocation_settled,
};

bool purchase_tell(struct tx *tx, const struct purchase *purchase)
{
    assert(purchase->origin >= 0 && (size_t)purchase->origin < COUNT_OF(settled));
    return settled[purchase->origin] == NULL || settled[purchase->origin](tx, purchase);
}
