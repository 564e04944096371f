/* Every route of the API: one table per resource, each in the file of its handlers. */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "http/route.h"

extern const struct route health_routes[];
extern const struct route setup_routes[];
extern const struct route auth_routes[];
extern const struct route me_routes[];
extern const struct route password_routes[];
extern const struct route second_factor_routes[];
extern const struct route email_change_routes[];
extern const struct route agency_routes[];
extern const struct route deletion_routes[];
extern const struct route overview_routes[];
extern const struct route subaccount_routes[];
extern const struct route removal_routes[];
extern const struct route statement_routes[];
extern const struct route purchase_routes[];
extern const struct route payment_method_routes[];
extern const struct route refund_routes[];
extern const struct route adjustment_routes[];
extern const struct route credit_routes[];
extern const struct route minute_move_routes[];
extern const struct route knowledge_routes[];
extern const struct route auto_recharge_routes[];
extern const struct route auto_allocation_routes[];
extern const struct route profit_routes[];
extern const struct route call_routes[];
extern const struct route reservation_routes[];
extern const struct route event_routes[];
extern const struct route api_key_routes[];
extern const struct route engine_connection_routes[];
extern const struct route engine_webhook_routes[];
extern const struct route unmatched_call_routes[];
extern const struct route audit_routes[];
extern const struct route user_routes[];
extern const struct route invitation_routes[];
extern const struct route platform_routes[];
extern const struct route distribution_routes[];
extern const struct route renewal_routes[];
extern const struct route payout_routes[];
extern const struct route platform_payout_routes[];
extern const struct route platform_job_routes[];
extern const struct route platform_session_routes[];
extern const struct route platform_settlement_routes[];
extern const struct route platform_plan_routes[];
extern const struct route plan_routes[];
extern const struct route platform_price_routes[];
extern const struct route price_history_routes[];
extern const struct route test_clock_routes[];

/* All of them, NULL-terminated: for the server, `minutebank routes` and tests. */
extern const struct route *const api_routes[];

#endif
