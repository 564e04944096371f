#include "jobs/kinds.h"

const struct job_work *const job_works[JOB_KIND_COUNT] = {
    [JOB_BASE_PRICES] = &base_prices_work,         [JOB_RENEWAL] = &renewal_work,
    [JOB_AUTO_RECHARGE] = &auto_recharge_work,     [JOB_AUTO_ALLOCATION] = &auto_allocation_work,
    [JOB_PURCHASE_CHARGE] = &purchase_charge_work, [JOB_PURCHASE_RETURN] = &purchase_return_work,
    [JOB_REFUND_SEND] = &refund_send_work,
};
