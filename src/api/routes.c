#include "api/routes.h"

/* clang-format off */
const struct route *const api_routes[] = {
    health_routes,       setup_routes,
    auth_routes,         me_routes,
    password_routes,     second_factor_routes,
    email_change_routes, agency_routes,
    deletion_routes,     overview_routes,
    subaccount_routes,   removal_routes,
    statement_routes,
    purchase_routes,     minute_move_routes,
    call_routes,
    api_key_routes,      audit_routes,
    user_routes,         invitation_routes,
    platform_routes,     platform_session_routes,
    platform_settlement_routes,
    test_clock_routes,   NULL,
};
/* clang-format on */
