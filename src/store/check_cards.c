/* Cards, and the purchases that they pay (domain.md §5). */
#include "store/check_private.h"

#include "domain/cards.h"

static const struct check_column card_columns[] = {
    AGENCY,
    COLUMN_ID("card", ID_PAYMENT_METHOD),
    SUBACCOUNT,
    TEXT("provider"),
    TEXT("brand"),
    TEXT("last digits"),
    TEXT("what is wrong"),
    COLUMNS_END,
};

/* Of the number nothing but its end is kept: a token has no run of digits that could be one. */
static const char wrong_cards[] =
    "SELECT agency_id, id, subaccount_id, provider, brand, last4, fault FROM ("
    "SELECT c.*, CASE WHEN LENGTH(last4) <> 4 THEN 'its last digits are not four'"
    " WHEN provider = 'test' AND token NOT LIKE 'test_%' THEN 'its token is no test card''s'"
    " WHEN LENGTH(token) >= 12 AND TRIM(token, '0123456789 -') = '' THEN 'its token is a number'"
    " WHEN removed_at IS NOT NULL AND is_default = 1 THEN 'it is removed and still the default'"
    " WHEN removed_at IS NULL AND (SELECT SUM(o.is_default) FROM payment_methods o"
    " WHERE o.agency_id = c.agency_id AND o.subaccount_id = c.subaccount_id AND o.removed_at IS NULL) <> 1"
    " THEN 'its account has not one default'"
    " WHEN removed_at IS NULL AND (SELECT COUNT(*) FROM payment_methods o"
    " WHERE o.agency_id = c.agency_id AND o.subaccount_id = c.subaccount_id AND o.removed_at IS NULL) > 10"
    " THEN 'its account has too many' END AS fault FROM payment_methods c) AS judged"
    " WHERE fault IS NOT NULL ORDER BY agency_id, id LIMIT $1";

static_assert(PAYMENT_METHODS_MAX == 10, "number above");

static const struct check_column paid_columns[] = {
    AGENCY,
    COLUMN_ID("purchase", ID_PURCHASE),
    TEXT("provider"),
    TEXT("state"),
    COLUMN_ID("payer", ID_SUBACCOUNT),
    COLUMN_ID("card", ID_PAYMENT_METHOD),
    TEXT("charge"),
    TEXT("failure"),
    COLUMNS_END,
};

/* A purchase that succeeded by card knows its charge; one that comes to rest otherwise says why. What an agency's data
   was erased of keeps its purchases without the cards. */
static const char wrong_payments[] =
    "SELECT p.agency_id, p.id, p.provider, p.state, p.payer_id, p.payment_method_id, p.charge_reference, p.failure"
    " FROM purchases p JOIN agencies g ON g.id = p.agency_id LEFT JOIN payment_methods c"
    " ON c.agency_id = p.agency_id AND c.id = p.payment_method_id"
    " WHERE CASE p.provider WHEN 'manual' THEN p.payer_id IS NOT NULL OR p.payment_method_id IS NOT NULL"
    " OR p.charge_reference IS NOT NULL OR p.failure IS NOT NULL OR p.disputed_at IS NOT NULL"
    " OR p.state IN ('processing', 'requires_action', 'failed')"
    " ELSE p.payer_id IS NULL OR p.payment_method_id IS NULL OR p.state = 'canceled'"
    " OR (c.id IS NULL AND g.status = 'active') OR (c.id IS NOT NULL AND (c.provider <> p.provider"
    " OR c.subaccount_id <> p.payer_id))"
    " OR (p.state IN ('succeeded', 'refunded', 'requires_action') AND p.charge_reference IS NULL)"
    " OR (p.state IN ('failed', 'requires_action')) <> (p.failure IS NOT NULL) END"
    " ORDER BY p.agency_id, p.id LIMIT $1";

const struct invariant check_cards[] = {
    {
        .name = "cards_whole",
        .sentence = "of every card its end alone is kept, and an account's cards have one default",
        .subjects = { &check_cards_counted },
        .sql = wrong_cards,
        .columns = card_columns,
    },
    {
        .name = "purchases_by_card",
        .sentence = "every purchase by card names its card and its charge, and no other does",
        .subjects = { &check_purchases_counted, &check_cards_counted },
        .sql = wrong_payments,
        .columns = paid_columns,
    },
    INVARIANTS_END,
};
